// The keyboard alone is enough: a key for each act, arrows from node to node.
const KEYS = [
  ["/", "search"], ["Arrow keys", "in the picture: to the next thing that way"], ["Enter", "its links; once more: focus on it"], ["f", "focus on what is chosen"], ["w", "one step wider"], ["n", "one step narrower"],
  ["c", "compare with a second"], ["h", "hide"], ["p", "pin, unpin"], ["t", "table"], ["+ −", "nearer, farther"], ["0", "all into view"], ["Backspace", "the way back"], ["Esc", "close, then the overview"], ["?", "this list"],
];

function showKeys() {
  const box = byId("keys");
  box.replaceChildren(make("h2", {}, "Looking and asking"),
    make("p", {}, "The overview shows what several papers share, and the papers that join most of it. Click a thing for its links and the sentences behind them; click a line for what it says. Double-click to focus. Shift-click a second thing to see what the two share and the way between them. The address after # always opens what you see."),
    make("dl", {}, ...KEYS.flatMap(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)])),
    make("button", { onclick: () => box.close() }, "Close"));
  box.showModal();
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function walk([dx, dy]) {
  const from = picture.places.get(walked ?? state.chosen[0]) || picture.spots.find(spot => spot.main) || middleSpot();
  if (!from) return;
  let best = null, least = Infinity;
  for (const spot of picture.spots) {
    const x = spot.x - from.x, y = spot.y - from.y, along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx), cost = along + 2.2 * aside;
    if (along > 0.5 && cost < least) [best, least] = [spot, cost];
  }
  walked = (walked === null && !state.chosen.length ? from : best ?? from).n;
  const spot = picture.places.get(walked), view = network.canvasToDOM({ x: spot.x, y: spot.y }), box = byId("picture");
  if (view.x < 40 || view.y < 40 || view.x > box.clientWidth - 40 || view.y > box.clientHeight - 40) network.moveTo({ position: { x: spot.x, y: spot.y }, animation: false });
  network.redraw();
  say(`${labelOf(walked)}, ${kindOf(walked)}${NAMED.has(nodes.kind[walked]) ? `, named by ${many(nodes.papers[walked], "paper")}` : ""}, ${many(neighbours(walked).size, "neighbour")}`);
}
const middleSpot = () => picture.spots.reduce((least, spot) => (!least || Math.hypot(spot.x, spot.y) < Math.hypot(least.x, least.y) ? spot : least), null);

function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (typing) return;
  const inPicture = event.target === byId("picture"), node = inPicture && walked !== null ? walked : state.chosen[0];
  const acts = {
    "/": () => byId("query").focus(), "?": showKeys, t: toggleTable, 0: () => { fitAll({ animated: true }); keepCamera(); }, "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(0.8),
    w: widenFocus, n: narrowFocus, Backspace: goBack, Escape: escape,
    ...(node !== undefined && { f: () => focusOn([node]), h: () => hideNode(node), p: () => togglePin(node), c: () => (comparing !== null && comparing !== node ? chooseSecond(node) : startComparing(node)) }),
  };
  const act = acts[event.key] || (inPicture && event.key in ARROWS && (() => walk(ARROWS[event.key]))) || (inPicture && event.key === "Enter" && walked !== null && enterNode);
  if (!act) return;
  event.preventDefault();
  act();
}

function enterNode() {
  if (comparing !== null && comparing !== walked) chooseSecond(walked);
  else if (state.chosen.length === 1 && state.chosen[0] === walked && !state.line) focusOn([walked]);
  else choose([walked]);
}

function escape() {
  const menu = byId("save");
  if (menu.open) { menu.open = false; menu.firstElementChild.focus(); }
  else if (byId("filters").classList.contains("open")) toggleFilters(false);
  else if (state.table) toggleTable();
  else if (comparing !== null || state.chosen.length || state.line) choose([]);
  else if (state.view !== "overview") showOverview();
}
