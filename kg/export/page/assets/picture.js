// The picture: vis-network with given places and no physics, and our own marks, regions and labels.
let network = null;
let picture = { spots: [], lines: [], regions: [], labels: [], places: new Map(), left: 0, path: new Set() };
let hovered = null, walked = null;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const visOptions = {
  physics: false, layout: { improvedLayout: false },
  interaction: { hover: true, multiselect: true, selectConnectedEdges: false, hoverConnectedEdges: false, keyboard: false, tooltipDelay: 1e9, zoomSpeed: 0.7 },
  nodes: { shape: "custom", label: undefined, chosen: false, ctxRenderer: renderNode },
  edges: { smooth: false, chosen: false, hoverWidth: 0, selectionWidth: 0, arrows: { to: { enabled: true, scaleFactor: 0.32 } } },
};

function renderNode({ ctx, id, x, y }) {
  const radius = nodes.size[id], ring = state.pinned.has(id) ? paint.accent : "";
  return { drawNode: () => drawMark(ctx, nodes.kind[id], x, y, radius, { ring }), nodeDimensions: { width: radius * 2, height: radius * 2 } };
}

function visLine(line) {
  const relation = edges.relation[line.edges[0]], onPath = picture.path?.has(line.id), dash = DASHES[relations[relation].name];
  const opacity = onPath ? 1 : line.far ? 0.13 : state.view === "overview" ? 0.5 : 0.55;
  return {
    id: line.id, from: line.a, to: line.b, width: onPath ? 4 : line.far ? 0.8 : 1.3, dashes: dash && !line.far ? dash : false,
    color: { color: paint.relation[relation], highlight: paint.relation[relation], hover: paint.relation[relation], opacity },
    arrows: line.far ? { to: { enabled: false } } : undefined,
  };
}

const ARRANGE = { overview: arrangeOverview, focus: arrangeFocus, pair: arrangePair };
function drawPicture({ keepCamera = false } = {}) {
  const camera = keepCamera && network ? { position: network.getViewPosition(), scale: network.getScale() } : null;
  picture = { path: new Set(), ...ARRANGE[state.view]() };
  for (const spot of picture.spots) if (moved.has(spot.n)) Object.assign(spot, moved.get(spot.n));
  picture.places = new Map(picture.spots.map(spot => [spot.n, spot]));
  walked = picture.places.has(walked) ? walked : null;
  hovered = null;
  placeNames();
  const data = { nodes: picture.spots.map(({ n, x, y }) => ({ id: n, x, y })), edges: picture.lines.map(visLine) };
  if (network) network.setData(data);
  else openNetwork(data);
  if (camera) network.moveTo({ ...camera, animation: false });
  else if (state.camera) network.moveTo({ position: { x: state.camera[0], y: state.camera[1] }, scale: state.camera[2], animation: false });
  else fitAll();
  showEmpty();
}

const moved = new Map();
function placeNames() {
  picture.labels = placeLabels(picture.spots, measureLabel);
  const names = [];
  for (const region of [...picture.regions].sort((a, b) => b.spots.length - a.spots.length)) {
    region.name = region.label ? regionName(region, names) : null;
    if (region.name) names.push(region.name);
  }
  // a node's name gives way to the name of a region, which says more from afar
  for (const label of picture.labels) for (const name of names) {
    const box = { x: name.x, left: -name.w / 2, w: name.w, y: name.y, top: -22, h: 22 };
    const apart = Math.min(apartFrom(label.x, label.left, label.w, box.x, box.left, box.w), apartFrom(label.y, label.top, label.h, box.y, box.top, box.h));
    if (apart > name.from && apart > label.from) label.from = apart;
  }
}

function regionName(region, names) {
  measuring.font = `650 13px ${FONT}`;
  const w = measuring.measureText(region.label).width * 1.03 + 10;
  let x, y;
  if (region.plain) {
    const far = region.spots.reduce((most, spot) => (Math.hypot(spot.x, spot.y) > Math.hypot(most.x, most.y) ? spot : most));
    x = region.spots.reduce((sum, spot) => sum + spot.x, 0) / region.spots.length;
    y = region.spots.reduce((sum, spot) => sum + spot.y, 0) / region.spots.length;
    const grow = (Math.hypot(far.x, far.y) + 46) / (Math.hypot(x, y) || 1);
    x *= grow;
    y = y * grow + (y < 0 ? 0 : 20);
  } else {
    region.shape ??= regionShape(region);
    x = region.shape.middle;
    y = region.shape.top - region.shape.reach - 8;
  }
  let from = 0;
  for (const other of names) {
    const apart = Math.min(apartFrom(x, -w / 2, w, other.x, -other.w / 2, other.w), apartFrom(y, -22, 22, other.y, -22, 22));
    if (apart > other.from) from = Math.max(from, apart);
  }
  return { x, y, w, from };
}

function openNetwork(data) {
  network = new vis.Network(byId("picture"), data, visOptions);
  network.on("beforeDrawing", ctx => drawRegions(ctx, picture.regions));
  network.on("afterDrawing", ctx => drawAbove(ctx, picture, markedNow()));
  network.on("hoverNode", ({ node }) => { hovered = node; network.redraw(); byId("picture").style.cursor = "pointer"; });
  network.on("blurNode", () => { hovered = null; network.redraw(); byId("picture").style.cursor = ""; });
  network.on("hoverEdge", () => { byId("picture").style.cursor = "pointer"; });
  network.on("blurEdge", () => { byId("picture").style.cursor = ""; });
  network.on("click", clickPicture);
  network.on("doubleClick", ({ pointer }) => {
    const node = network.getNodeAt(pointer.DOM);
    if (node !== undefined) focusOn([node]);
  });
  byId("picture").querySelector(".vis-network").tabIndex = -1;  // the picture itself takes the focus
  network.on("dragEnd", ({ nodes: hit }) => (hit.length ? keepPlaces(hit) : keepCamera()));
  let later = 0;
  network.on("zoom", () => { clearTimeout(later); later = setTimeout(keepCamera, 200); });
}

function markedNow() {
  const list = hovered !== null && !state.line ? [hovered] : state.line || state.chosen;
  const seen = walked !== null && document.activeElement === byId("picture") ? [walked] : [];
  return (seen.length ? seen : list).filter(node => picture.places.has(node) && (state.view === "overview" || hovered !== null || seen.length || state.line || !picture.places.get(node).main));
}

function clickPicture({ nodes: hit, pointer, event }) {
  const node = network.getNodeAt(pointer.DOM), edge = network.getEdgeAt(pointer.DOM), added = event.srcEvent?.shiftKey || event.srcEvent?.ctrlKey || event.srcEvent?.metaKey;
  network.unselectAll();
  if (node !== undefined) (added || comparing !== null) ? chooseSecond(node) : choose([node]);
  else if (edge !== undefined) chooseLine(edge.split("-").map(Number));
  else choose([]);
}

function keepPlaces(list) {
  for (const [id, place] of Object.entries(network.getPositions(list))) {
    moved.set(Number(id), place);
    Object.assign(picture.places.get(Number(id)), place);
  }
  for (const region of picture.regions) delete region.shape;
  placeNames();
  network.redraw();
}

function keepCamera() {
  const { x, y } = network.getViewPosition();
  state.camera = [x, y, network.getScale()];
  keepState();
}

// all of the picture in view, with the names that are shown at that scale
function fitAll({ animated = false } = {}) {
  if (!picture.spots.length) return;
  const { clientWidth: width, clientHeight: height } = byId("picture"), rim = width < 600 ? 34 : 22, head = 52;
  let scale = 1.5, box = extent(scale);
  // names come and go with the scale, so the widest that fits is looked for step by step
  while (scale > 0.02 && (box.right - box.left > width - 2 * rim || box.bottom - box.top > height - head - 34)) box = extent((scale *= 0.97));
  const position = { x: (box.left + box.right) / 2 / scale, y: ((box.top + box.bottom) / 2 - (head - 34) / 2) / scale };
  network.moveTo({ position, scale, animation: animated && !calm.matches ? { duration: 250 } : false });
}

// what the picture takes at a scale, in pixels of the screen
function extent(scale) {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  const take = (left, top, right, bottom) => Object.assign(box, { left: Math.min(box.left, left), top: Math.min(box.top, top), right: Math.max(box.right, right), bottom: Math.max(box.bottom, bottom) });
  for (const { n, x, y } of picture.spots) take((x - nodes.size[n]) * scale, (y - nodes.size[n]) * scale, (x + nodes.size[n]) * scale, (y + nodes.size[n]) * scale);
  if (byId("picture").clientWidth < 600) return box;  // names may stand out of a narrow picture: else there were no room for the rest
  for (const label of picture.labels) if (label.from <= scale) take(label.x * scale + label.left, label.y * scale + label.top, label.x * scale + label.left + label.w, label.y * scale + label.top + label.h);
  for (const { name } of picture.regions) if (name && name.from <= scale) take(name.x * scale - name.w / 2, name.y * scale - 22, name.x * scale + name.w / 2, name.y * scale);
  return box;
}

function zoomBy(factor) {
  network.moveTo({ scale: Math.min(6, Math.max(0.02, network.getScale() * factor)), animation: calm.matches ? false : { duration: 120 } });
  setTimeout(keepCamera, calm.matches ? 0 : 150);
}

function showEmpty() {
  const box = byId("empty");
  box.hidden = picture.spots.length > 0;
  if (box.hidden) return;
  box.replaceChildren(
    make("p", {}, count ? "The filters leave nothing to draw." : "This graph is empty: no paper and no name went into the page."),
    isFiltered() ? make("button", { onclick: resetFilters }, "Reset the filters") : "",
  );
}
