// Acts that change what is looked at, and the start.
function refreshAll() {
  showTrail();
  showFilters();
  refreshPanel();
  showTable();
}

function choose(list) {
  comparing = null;
  Object.assign(state, { chosen: list, line: null });
  keepState();
  refreshPanel();
  network.redraw();
  if (list.length) say(`${labelOf(list[0])}, ${kindOf(list[0])}`);
}

function chooseSecond(node) {
  const first = comparing ?? state.chosen[0];
  comparing = null;
  if (first === undefined || first === node) return choose([node]);
  Object.assign(state, { chosen: [first, node], line: null });
  keepState();
  refreshPanel();
  network.redraw();
  return say(`${labelOf(first)} and ${labelOf(node)}`);
}

function chooseLine([a, b]) {
  Object.assign(state, { line: [a, b], chosen: [] });
  keepState();
  refreshPanel();
  network.redraw();
  say(`${many(edgesBetween(a, b).length, "link")} between ${labelOf(a)} and ${labelOf(b)}`);
}

function startComparing(node) {
  comparing = comparing === node ? null : node;
  state.chosen = [node];
  refreshPanel();
  if (comparing !== null) say("Now choose the second: click it, or search for it");
}

function goView(changes) {
  Object.assign(state, { line: null, camera: null, table: false }, changes);
  moved.clear();
  stepState();
  drawPicture();
  refreshAll();
}
const focusOn = (list, depth = 1) => goView({ view: "focus", focus: list, depth, chosen: list.slice(0, 1) });
const comparePair = (a, b) => goView({ view: "pair", focus: [a, b], chosen: [a, b] });
const showOverview = () => goView({ view: "overview", focus: [], depth: 1, chosen: [] });
const goTo = node => focusOn([node]);
function widenFocus() { if (state.view === "focus" && state.depth < 6) goView({ depth: state.depth + 1 }); }
function narrowFocus() { if (state.view === "focus" && state.depth > 1) goView({ depth: state.depth - 1 }); }
function goBack() { if (steps > 0) history.back(); }

function hideNode(node) {
  state.hidden.add(node);
  state.pinned.delete(node);
  state.chosen = state.chosen.filter(other => other !== node);
  if (state.focus.includes(node)) return showOverview();
  keepState();
  drawPicture({ keepCamera: true });
  return refreshAll();
}

function togglePin(node) {
  state.pinned.has(node) ? state.pinned.delete(node) : state.pinned.add(node);
  keepState();
  network.redraw();
  refreshPanel();
}

function showTrail() {
  const home = make("button", { onclick: showOverview }, "Overview"), [a, b] = state.focus;
  const parts = state.view === "overview" ? [make("span", { class: "count" }, inViewText())] : [home, " › ", state.view === "pair" ? `${shortLabel(a)} and ${shortLabel(b)}` : state.focus.map(node => shortLabel(node)).join(", "), make("span", { class: "count" }, ` ${number(picture.spots.length)} in view${picture.left ? `, ${number(picture.left)} more` : ""}`)];
  byId("trail").replaceChildren(...parts);
  byId("tools").replaceChildren(...(state.view === "focus" ? [make("button", { onclick: widenFocus, title: "One step wider (w)", disabled: state.depth > 5 }, "Wider"), make("button", { onclick: narrowFocus, title: "One step narrower (n)", disabled: state.depth < 2 }, "Narrower")] : []),
    ...(state.hidden.size ? [make("button", { onclick: () => { state.hidden.clear(); filtersChanged(); } }, `Show ${number(state.hidden.size)} hidden`)] : []));
}

function openAddress() {
  state = readState(location.hash);
  if (!location.hash.replace("#", "") && graph.start.length) Object.assign(state, { view: "focus", focus: graph.start, chosen: graph.start.slice(0, 1) });
  drawPicture();
}

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  readPaint();
  if (network) drawPicture({ keepCamera: true });
}

function listen() {
  const night = matchMedia("(prefers-color-scheme: dark)");
  night.addEventListener("change", () => setTheme(night.matches));
  byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme !== "dark"));
  byId("query").addEventListener("input", suggest);
  byId("query").addEventListener("keydown", searchKey);
  byId("query").addEventListener("blur", () => openSuggestions(false));
  byId("skip").addEventListener("click", event => { event.preventDefault(); byId("query").focus(); });
  const acts = { back: goBack, "open-table": toggleTable, help: showKeys, nearer: () => zoomBy(1.25), farther: () => zoomBy(0.8), fit: () => { fitAll({ animated: true }); setTimeout(keepCamera, 300); }, "save-png": savePng, "save-csv": saveCsv, "save-bib": saveBibtex, "open-filters": () => toggleFilters(!byId("filters").classList.contains("open")) };
  for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", act);
  for (const button of byId("save").querySelectorAll("button")) button.addEventListener("click", () => { byId("save").open = false; });
  document.addEventListener("keydown", pressKey);
  for (const name of ["blur", "focus"]) byId("picture").addEventListener(name, () => network.redraw());
  byId("picture").addEventListener("pointerdown", () => { walked = null; byId("picture").focus({ preventScroll: true }); });
  addEventListener("popstate", event => {
    steps = event.state?.step ?? 0;
    byId("back").disabled = steps === 0;
    openAddress();
    refreshAll();
  });
  addEventListener("resize", () => { if (!state.camera) fitAll(); });
}

document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
byId("title").textContent = graph.title;
readPaint();
openAddress();
listen();
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("first-picture")));
// the words of the panel come from the texts at the end of the file
const whenWhole = () => { refreshAll(); document.documentElement.dataset.ready = "yes"; };
if (document.readyState === "loading") addEventListener("DOMContentLoaded", whenWhole);
else whenWhole();

// for tests and for whoever opens the console: what is drawn, as data
window.kgPage = {
  graph, get state() { return state; }, get picture() { return picture; }, get network() { return network; },
  onScreen: node => network.canvasToDOM(picture.places.get(node)), shownLabels: () => picture.labels.filter(label => label.from <= network.getScale()), find: findNodes,
};
