// Shapes and colours: a shape and a colour for each kind, a colour and a dash for each relation.
const SVG = "http://www.w3.org/2000/svg";
const polygon = (corners, turn = -90, inner = 1) => {
  const steps = inner === 1 ? corners : corners * 2;
  const points = Array.from({ length: steps }, (_, i) => {
    const angle = ((turn + (360 * i) / steps) * Math.PI) / 180, r = inner !== 1 && i % 2 ? inner : 1;
    return `${(r * Math.cos(angle)).toFixed(3)},${(r * Math.sin(angle)).toFixed(3)}`;
  });
  return `M${points.join("L")}Z`;
};
// each fills about the same area as the circle of radius 1
const SHAPES = {
  paper: "M-1,0A1,1 0 1 0 1,0A1,1 0 1 0 -1,0Z",
  dataset: "M-.88,-.88H.88V.88H-.88Z",
  benchmark: polygon(4),
  technique: polygon(3),
  model: polygon(6, 0),
  task: polygon(5, -90, 0.5),
  repository: polygon(3, 90),
  page: "M-.35,-1H.35V-.35H1V.35H.35V1H-.35V.35H-1V-.35H-.35Z",
};
const GROWN = { benchmark: 1.2, technique: 1.25, task: 1.3, repository: 1.25, model: 1.05 };
const PATHS = Object.fromEntries(Object.entries(SHAPES).map(([kind, shape]) => [kind, new Path2D(shape)]));
const colourName = relation => (relation.startsWith("has_") || relation === "links_to" ? "has" : /^(variant|part|successor)_of$/.test(relation) ? "between" : relation);
const DASHES = { compares_to: [7, 4], mentions: [2, 4], cites: [5, 3], variant_of: [3, 3], part_of: [3, 3], successor_of: [3, 3], links_to: [2, 4] };

let paint = {};
function readPaint() {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(`--${name}`).trim();
  paint = { kind: kinds.map(colour), relation: relations.map(relation => colour(colourName(relation.name))) };
  for (const name of ["ground", "ink", "soft", "rim", "accent", "region", "regionink", "sheet"]) paint[name] = colour(name);
}

function drawMark(ctx, kind, x, y, radius, { ring = "", fill = "" } = {}) {
  const grown = radius * (GROWN[kinds[kind]] || 1);
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(grown, grown);
  ctx.fillStyle = fill || paint.kind[kind];
  ctx.lineWidth = (ring ? Math.min(3, 1 + radius / 5) : 1.2) / grown;
  ctx.strokeStyle = ring || paint.ground;
  ctx.fill(PATHS[kinds[kind]]);
  ctx.stroke(PATHS[kinds[kind]]);
  ctx.restore();
}

function kindIcon(kind, size = 14) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  for (const [name, value] of Object.entries({ class: "kind", width: size, height: size, viewBox: "-1.35 -1.35 2.7 2.7", "aria-hidden": "true" })) svg.setAttribute(name, value);
  path.setAttribute("d", SHAPES[kinds[kind]]);
  path.setAttribute("fill", `var(--${kinds[kind]})`);
  svg.append(path);
  return svg;
}

function relationIcon(relation) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path"), tip = document.createElementNS(SVG, "path");
  for (const [name, value] of Object.entries({ class: "relation", width: 26, height: 10, viewBox: "0 0 26 10", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const colour = `var(--${colourName(relations[relation].name)})`;
  path.setAttribute("d", "M0,5H19");
  path.setAttribute("style", `stroke:${colour};stroke-width:2;stroke-dasharray:${(DASHES[relations[relation].name] || []).join(" ")}`);
  tip.setAttribute("d", "M18,1L26,5L18,9Z");
  tip.setAttribute("style", `fill:${colour}`);
  svg.append(path, tip);
  return svg;
}
