// What is looked at. It stands in the address after `#`, so that a link opens the same; changes of view are steps of the way back.
const fresh = () => ({
  view: "overview", focus: [], depth: 1, chosen: [], line: null, offKinds: new Set(), offRelations: new Set(), offSources: new Set(), least: 1, code: false,
  hidden: new Set(), pinned: new Set(), table: false, camera: null,
});
let state = fresh();
const SETS = { offKinds: "-kind", offRelations: "-relation", offSources: "-source", hidden: "hide", pinned: "pin" };
const sources = graph.sources;

const word = {
  offKinds: value => kinds[value], offRelations: value => relations[value].name, offSources: value => String(value),
  hidden: value => nodes.id[value], pinned: value => nodes.id[value],
};
const meaning = {
  offKinds: text => KIND[text], offRelations: text => relations.findIndex(relation => relation.name === text), offSources: text => Number(text),
  hidden: text => numberOf.get(text), pinned: text => numberOf.get(text),
};
const isKnown = value => value !== undefined && value >= 0;
const idsOf = list => list.map(node => encodeURIComponent(nodes.id[node]).replaceAll("%2F", "/")).join(",");
const nodesOf = text => text.split(",").map(part => numberOf.get(decodeURIComponent(part))).filter(isKnown);

function writeState() {
  const parts = [];
  if (state.view === "focus") parts.push(`focus=${idsOf(state.focus)}`, `depth=${state.depth}`);
  if (state.view === "pair") parts.push(`pair=${idsOf(state.focus)}`);
  if (state.chosen.length) parts.push(`at=${idsOf(state.chosen)}`);
  if (state.line) parts.push(`line=${idsOf(state.line)}`);
  for (const [name, label] of Object.entries(SETS)) if (state[name].size) parts.push(`${label}=${[...state[name]].map(value => encodeURIComponent(word[name](value)).replaceAll("%2F", "/")).join(",")}`);
  if (state.least > 1) parts.push(`papers=${state.least}`);
  if (state.code) parts.push("code=1");
  if (state.table) parts.push("table=1");
  if (state.camera) parts.push(`look=${state.camera.map(value => Math.round(value * 1000) / 1000).join(",")}`);
  return parts.length ? `#${parts.join("&")}` : "#";
}

function readState(hash) {
  const found = fresh();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const cut = part.indexOf("="), name = part.slice(0, cut), value = part.slice(cut + 1);
    try { readPart(found, name, value); } catch { /* an address that somebody cut or mistyped opens what is left of it */ }
  }
  return found;
}

function readPart(found, name, value) {
  if ((name === "focus" || name === "pair") && nodesOf(value).length >= (name === "pair" ? 2 : 1)) {
    found.view = name;
    found.focus = nodesOf(value).slice(0, name === "pair" ? 2 : 8);
  }
  if (name === "depth") found.depth = Math.min(6, Math.max(1, Number(value) || 1));
  if (name === "at") found.chosen = nodesOf(value).slice(0, 2);
  if (name === "line" && nodesOf(value).length === 2) found.line = nodesOf(value);
  if (name === "papers") found.least = Math.max(1, Number(value) || 1);
  if (name === "code") found.code = true;
  if (name === "table") found.table = true;
  if (name === "look" && value.split(",").length === 3 && value.split(",").every(text => Number.isFinite(Number(text)))) found.camera = value.split(",").map(Number);
  for (const [set, label] of Object.entries(SETS)) if (name === label) for (const text of value.split(",")) {
    const known = meaning[set](decodeURIComponent(text));
    if (isKnown(known)) found[set].add(known);
  }
}

const keepState = () => history.replaceState(history.state, "", writeState());
let steps = 0;
function stepState() {
  steps += 1;
  history.pushState({ step: steps }, "", writeState());
  byId("back").disabled = false;
}

// filters: which nodes and edges belong to what is looked at
const fromSources = node => !graph.from[node] || graph.from[node].some(source => !state.offSources.has(source));
const isPaperIn = node => fromSources(node) && (!state.code || hasCode(node));
const isNodeIn = (node, { kind = true } = {}) =>
  state.pinned.has(node) || (!state.hidden.has(node) && !(kind && state.offKinds.has(nodes.kind[node])) &&
    (nodes.kind[node] === PAPER ? isPaperIn(node) : !NAMED.has(nodes.kind[node]) || nodes.papers[node] >= state.least));
const isEdgeIn = edge => !state.offRelations.has(edges.relation[edge]) && isNodeIn(edges.source[edge]) && isNodeIn(edges.target[edge]);
const isFiltered = () => state.offKinds.size + state.offRelations.size + state.offSources.size + state.hidden.size > 0 || state.least > 1 || state.code;
