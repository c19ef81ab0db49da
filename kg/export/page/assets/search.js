// Search over names, aliases and titles. Names that begin with what is typed go first, then words that do, then what holds it anywhere.
const plain = text => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const SHOWN = 12;
let index = null, suggestions = [], pointed = -1;

function makeIndex() {
  index = [];
  for (let node = 0; node < count; node++) {
    index.push([plain(labelOf(node)), node, ""]);
    for (const [name] of graph.names[node] || []) if (plain(name) !== plain(labelOf(node))) index.push([plain(name), node, name]);
  }
}

function findNodes(query) {
  if (!index) makeIndex();
  const wanted = plain(query), tight = wanted.replaceAll(" ", ""), best = new Map();
  if (!wanted) return [];
  for (const [text, node, alias] of index) {
    const at = text.indexOf(wanted);
    const rank = text === wanted ? 5 : at === 0 ? 4 : at > 0 && text[at - 1] === " " ? 3 : at > 0 ? 1 : text.replaceAll(" ", "").startsWith(tight) ? 2 : wanted.split(" ").every(part => text.includes(part)) ? 0.5 : 0;
    if (!rank) continue;
    const score = rank * 100 + (nodes.kind[node] === PAPER ? 0 : 20 + Math.min(60, nodes.papers[node])) - (alias ? 5 : 0) - Math.min(20, text.length / 10);
    if (score > (best.get(node)?.score ?? 0)) best.set(node, { node, alias, score });
  }
  return [...best.values()].sort((a, b) => b.score - a.score || a.node - b.node).slice(0, SHOWN);
}

function suggest() {
  const query = byId("query").value;
  suggestions = findNodes(query);
  pointed = suggestions.length ? 0 : -1;
  const list = byId("found");
  list.replaceChildren(...suggestions.map(({ node, alias }, i) => make("li", { role: "option", id: `found-${i}`, "aria-selected": "false", onmousedown: event => { event.preventDefault(); takeSuggestion(i); } },
    kindIcon(nodes.kind[node]), make("span", { class: "what" }, labelOf(node), alias ? make("span", { class: "count" }, ` (${alias})`) : null), make("span", { class: "count" }, NAMED.has(nodes.kind[node]) ? `${kindOf(node)} · ${nodes.papers[node]}` : kindOf(node)))));
  if (query.trim() && !suggestions.length) list.append(make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, make("span", { class: "what count" }, "Nothing in this page is called so.")));
  openSuggestions(Boolean(query.trim()));
  pointSuggestion();
}

function openSuggestions(open) {
  byId("found").hidden = !open;
  byId("query").setAttribute("aria-expanded", String(open));
  if (!open) byId("query").removeAttribute("aria-activedescendant");
}

function pointSuggestion() {
  [...byId("found").children].forEach((item, i) => item.setAttribute("aria-selected", String(i === pointed)));
  if (pointed < 0) return;
  byId("query").setAttribute("aria-activedescendant", `found-${pointed}`);
  byId(`found-${pointed}`).scrollIntoView({ block: "nearest" });
}

function takeSuggestion(i) {
  const taken = suggestions[i];
  if (!taken) return;
  openSuggestions(false);
  byId("query").value = "";
  if (comparing !== null && comparing !== taken.node) chooseSecond(taken.node);
  else focusOn([taken.node]);
  byId("picture").focus({ preventScroll: true });
}

function searchKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && suggestions.length) {
    event.preventDefault();
    pointed = (pointed + step + suggestions.length) % suggestions.length;
    pointSuggestion();
  } else if (event.key === "Enter") takeSuggestion(pointed);
  else if (event.key === "Escape") {
    event.stopPropagation();
    openSuggestions(false);
    if (byId("query").value) byId("query").value = "";
    else byId("picture").focus();
  }
}
