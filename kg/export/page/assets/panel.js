// The panel: what is chosen, in words. Its parts are built anew for each choice.
const FIRST = 12;
let comparing = null;

function showPanel(...parts) {
  const panel = byId("panel");
  panel.replaceChildren(...parts.flat(4).filter(Boolean));
  panel.scrollTop = 0;
}
const closing = () => make("button", { class: "close", title: "Close (Esc)", "aria-label": "Close", onclick: () => choose([]) }, "×");
const nodeButton = (node, most = 90) => make("button", { class: "to", title: labelOf(node), onclick: () => choose([node]) }, shortLabel(node, most));
const nodeRow = (node, ...more) => make("li", {}, make("div", { class: "row" }, kindIcon(nodes.kind[node]), nodeButton(node), ...more));

function refreshPanel() {
  comparing = state.chosen.length === 1 ? comparing : null;
  if (state.line) showLine(...state.line);
  else if (state.chosen.length === 2) showPairPanel(...state.chosen);
  else if (state.chosen.length === 1) showNode(state.chosen[0]);
  else showAbout();
}

// what the graph holds, for whoever has chosen nothing yet
function showAbout() {
  const shared = [...nodes.id.keys()].filter(n => NAMED.has(nodes.kind[n]) && nodes.papers[n] > 1 && isNodeIn(n)).sort((a, b) => nodes.papers[b] - nodes.papers[a] || a - b);
  const papers = [...nodes.id.keys()].filter(n => nodes.kind[n] === PAPER && isNodeIn(n));
  const joins = new Map(papers.map(n => [n, new Set(linksOf[n].map(edge => otherEnd(edge, n)).filter(m => NAMED.has(nodes.kind[m]) && nodes.papers[m] > 1)).size]));
  const built = new Map(papers.map(n => [n, linksOf[n].filter(edge => edges.target[edge] === n && relations[edges.relation[edge]].name === "builds_on").length]));
  const most = (list, by) => [...list].filter(n => by.get(n) > 0).sort((a, b) => by.get(b) - by.get(a) || a - b);
  const alone = papers.filter(n => joins.get(n) === 0);
  const figure = (value, name) => make("span", {}, make("b", {}, number(value)), name);
  showPanel(
    make("h2", {}, graph.title),
    make("div", { class: "figures" }, figure(papers.length, papers.length === 1 ? "paper" : "papers"), figure(shared.length, "shared things"), figure(alone.length, "alone"), figure(edges.source.length, "links")),
    leftOut(),
    aboutList("Most shared", shared, n => many(nodes.papers[n], "paper")),
    aboutList("Papers that join most", most(papers, joins), n => `${number(joins.get(n))} shared`),
    aboutList("Most built upon", most(papers, built), n => many(built.get(n), "paper")),
    aboutList("Stand alone", alone, () => ""),
  );
}

function aboutList(title, list, note) {
  if (!list.length) return null;
  const items = make("ul", {}, ...list.slice(0, 6).map(n => nodeRow(n, make("span", { class: "count" }, note(n)))));
  const more = make("button", { class: "more", onclick: () => { items.append(...list.slice(items.children.length, items.children.length + 40).map(n => nodeRow(n, make("span", { class: "count" }, note(n))))); more.hidden = items.children.length >= list.length; } }, `more of ${number(list.length)}`);
  return [make("h3", {}, title), items, list.length > 6 ? more : null];
}

function leftOut() {
  const { left } = graph, out = left.nodes - count;
  if (out <= 0 && !left.wishes.length) return null;
  return make("p", { class: "soft", id: "left-out" },
    `This page holds ${number(count)} of the graph’s ${number(left.nodes)} things and papers (${number(left.shown_papers)} of ${many(left.papers, "paper")})`,
    left.wishes.length ? `: ${left.wishes.join("; ")}.` : ".", " kg export html writes another choice.");
}

function showNode(node) {
  const seen = new Set([plain(labelOf(node))]), others = (graph.names[node] || []).filter(([name]) => !seen.has(plain(name)) && seen.add(plain(name)));
  showPanel(
    closing(),
    make("div", { class: "soft" }, kindIcon(nodes.kind[node]), " ", kindOf(node), NAMED.has(nodes.kind[node]) ? ` · named by ${many(nodes.papers[node], "paper")}` : ""),
    make("h2", {}, labelOf(node)),
    nodes.kind[node] === PAPER ? paperFacts(node) : null,
    others.length ? make("p", { class: "soft" }, `also written ${others.slice(0, 6).map(([name, papers]) => `${name} (${papers})`).join(", ")}${others.length > 6 ? " …" : ""}`) : null,
    texts().notes[node] ? make("p", {}, texts().notes[node]) : null,
    nodeActions(node),
    addresses(node),
    nodes.kind[node] === PAPER && texts().papers[node][0] ? make("details", { class: "abstract" }, make("summary", {}, "Abstract, names marked"), make("p", {}, ...markedAbstract(node))) : null,
    linkGroups(node),
  );
}

const webAddress = text => (/^https?:\/\/[^\s]+$/i.test(text) ? text : null);
const outside = (address, text) => (webAddress(address) ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text) : make("span", {}, text));

function paperFacts(node) {
  const [, authors, venue, doi, arxiv] = texts().papers[node];
  const facts = [authors.slice(0, 6).join(", ") + (authors.length > 6 ? " and others" : ""), venue, graph.year[node] ? String(graph.year[node]) : ""].filter(Boolean);
  const links = [arxiv && outside(`https://arxiv.org/abs/${arxiv}`, `arXiv:${arxiv}`), doi && outside(`https://doi.org/${doi}`, `doi:${doi}`), graph.url[node] && outside(graph.url[node], "page of the paper")].filter(Boolean);
  return [
    facts.length ? make("p", { class: "soft" }, facts.join(" · ")) : null,
    links.length ? make("p", {}, ...links.flatMap((link, i) => (i ? [" · ", link] : [link]))) : null,
    graph.from[node] ? make("p", { class: "soft" }, `read from ${graph.from[node].map(source => sources[source]).join(", ")}`) : null,
  ];
}

function nodeActions(node) {
  const inFocus = state.view === "focus" && state.focus.includes(node), pinned = state.pinned.has(node);
  const button = (text, title, act, pressed) => make("button", { title, onclick: act, "aria-pressed": pressed === undefined ? undefined : String(pressed) }, text);
  return make("div", { class: "actions" },
    inFocus ? button("Wider", "One step wider (w)", widenFocus) : button("Focus", "Show only its neighbourhood (f)", () => focusOn([node])),
    button(pinned ? "Unpin" : "Pin", "Keep it in every view (p)", () => togglePin(node), pinned),
    button("Hide", "Take it out of the picture (h)", () => hideNode(node)),
    button(comparing === node ? "Now choose the second" : "Compare with…", "Choose a second thing: what they share, and the way between them (c)", () => startComparing(node), comparing === node));
}

function addresses(node) {
  const found = linksOf[node].filter(edge => edges.source[edge] === node && !NAMED.has(nodes.kind[edges.target[edge]]) && nodes.kind[edges.target[edge]] !== PAPER);
  const own = graph.url[node] && nodes.kind[node] !== PAPER ? make("p", {}, outside(graph.url[node], graph.url[node])) : null;
  if (!found.length) return own;
  return [own, make("h3", {}, "Repositories and addresses"), make("ul", {}, ...found.map(edge => {
    const target = edges.target[edge], address = graph.url[target] || "";
    return make("li", {}, make("div", { class: "row" }, kindIcon(nodes.kind[target]), make("span", { class: "to" }, outside(address, shortLabel(target, 60))), make("span", { class: "count" }, relations[edges.relation[edge]].name.replace("has_", "").replace("_", " "))), );
  }))];
}

function linkGroups(node) {
  const groups = new Map();
  for (const edge of linksOf[node]) {
    if (!isEdgeIn(edge)) continue;
    const phrase = phraseFrom(edge, node);
    groups.set(phrase, [...(groups.get(phrase) || []), edge]);
  }
  const hidden = linksOf[node].filter(edge => !isEdgeIn(edge)).length;
  const parts = [...groups].map(([phrase, list], rank) => {
    const items = make("ul", {}), more = make("button", { class: "more" }), grow = () => {
      items.append(...list.slice(items.children.length, items.children.length + FIRST * (items.children.length ? 5 : 1)).map(edge => linkRow(edge, node)));
      more.hidden = items.children.length >= list.length;
      more.textContent = `more of ${number(list.length)}`;
    };
    more.addEventListener("click", grow);
    grow();
    return make("details", { class: "group", open: rank < 6 }, make("summary", {}, relationIcon(edges.relation[list[0]]), make("span", { class: "name" }, phrase), make("span", { class: "count" }, number(list.length))), items, more);
  });
  return [...parts, hidden ? make("p", { class: "soft" }, `${many(hidden, "link")} left out by the filters`) : null];
}

function linkRow(edge, node) {
  const other = otherEnd(edge, node), slot = make("div"), why = make("button", { class: "why", "aria-expanded": "false", title: "The sentence behind it" }, "why");
  why.addEventListener("click", () => {
    const open = why.getAttribute("aria-expanded") === "true";
    why.setAttribute("aria-expanded", String(!open));
    slot.replaceChildren(...(open ? [] : [quotesOf(edge, { most: 2, told: false }), make("button", { class: "more", onclick: () => chooseLine([edges.source[edge], edges.target[edge]]) }, texts().count[edge] > 2 ? `all ${number(texts().count[edge])} places` : "the whole link")]));
  });
  return make("li", {}, make("div", { class: "row" }, kindIcon(nodes.kind[other]), nodeButton(other, 70), sureBar(edges.confidence[edge]), why), slot);
}

function showLine(a, b) {
  const between = edgesBetween(a, b);
  showPanel(
    closing(),
    make("div", { class: "soft" }, many(between.length, "link"), " between"),
    make("ul", {}, nodeRow(a), nodeRow(b)),
    ...between.flatMap(edge => [
      make("div", { class: "relation-head" }, relationIcon(edges.relation[edge]), make("span", {}, relations[edges.relation[edge]].phrase), sureBar(edges.confidence[edge]), make("span", { class: "count" }, sureText(edges.confidence[edge]))),
      make("p", { class: "soft" }, `${shortLabel(edges.source[edge], 60)} ${relations[edges.relation[edge]].phrase} ${shortLabel(edges.target[edge], 60)}`),
      quotesOf(edge),
    ]),
  );
}

function showPairPanel(a, b) {
  const common = sharedBy(a, b), path = pathBetween(a, b), between = edgesBetween(a, b);
  const steps = path.slice(1).map((node, i) => ({ node, edge: edgesBetween(path[i], node).find(isEdgeIn), from: path[i] }));
  showPanel(
    closing(),
    make("div", { class: "soft" }, "Two things"),
    make("ul", {}, nodeRow(a), nodeRow(b)),
    make("div", { class: "actions" }, make("button", { onclick: () => comparePair(a, b), "aria-pressed": String(state.view === "pair") }, "Draw the two"), between.length ? make("button", { onclick: () => chooseLine([a, b]) }, `${many(between.length, "link")} between them`) : null),
    make("h3", {}, `Shared by both: ${number(common.length)}`),
    common.length ? make("ul", { id: "shared" }, ...common.slice(0, 60).map(n => nodeRow(n, make("span", { class: "count" }, [...new Set(linksOf[n].filter(edge => [a, b].includes(otherEnd(edge, n))).map(edge => relations[edges.relation[edge]].name.replaceAll("_", " ")))].join(", "))))) : make("p", { class: "soft" }, "Nothing that is in view of the filters."),
    make("h3", {}, path.length ? `The way between them: ${many(path.length - 1, "step")}` : "The way between them"),
    path.length ? make("ul", { id: "path" }, nodeRow(a), ...steps.flatMap(({ node, edge, from }) => [make("li", { class: "soft" }, relationIcon(edges.relation[edge]), ` ${phraseFrom(edge, from)} `, make("button", { class: "why", onclick: () => chooseLine([from, node]) }, "why")), nodeRow(node)])) : make("p", { class: "soft" }, "None: no chain of links joins them."),
  );
}
