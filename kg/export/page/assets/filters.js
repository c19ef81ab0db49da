// Legend and filters are one: each kind and relation with its mark, a box to leave it out, and a count that follows the other filters.
function countAll() {
  const byKind = kinds.map(() => 0), byRelation = relations.map(() => 0), bySource = sources.map(() => 0), linked = new Uint8Array(count), papers = new Uint8Array(count);
  for (let node = 0; node < count; node++) papers[node] = nodes.kind[node] === PAPER ? isPaperIn(node) && !state.hidden.has(node) : 2;
  for (let edge = 0; edge < edges.source.length; edge++) {
    const source = edges.source[edge], target = edges.target[edge];
    if (!papers[source] || !papers[target] || !isNodeIn(source, { kind: false }) || !isNodeIn(target, { kind: false })) continue;
    if (!state.offKinds.has(nodes.kind[source]) && !state.offKinds.has(nodes.kind[target])) byRelation[edges.relation[edge]] += 1;
    if (!state.offRelations.has(edges.relation[edge])) linked[source] = linked[target] = 1;
  }
  for (let node = 0; node < count; node++) {
    if (papers[node] === 1 || (papers[node] === 2 && linked[node] && isNodeIn(node, { kind: false }))) byKind[nodes.kind[node]] += 1;
    if (nodes.kind[node] === PAPER && !state.hidden.has(node) && (!state.code || hasCode(node))) for (const source of graph.from[node] || []) bySource[source] += 1;
  }
  return { byKind, byRelation, bySource };
}

function showFilters() {
  const { byKind, byRelation, bySource } = countAll(), box = byId("filters"), wasOpen = box.classList.contains("open"), active = document.activeElement?.dataset?.filter, scroll = box.scrollTop;
  const has = kinds.map((_, kind) => nodes.kind.includes(kind)), used = new Set(edges.relation);
  box.replaceChildren(
    make("button", { class: "narrow-only", onclick: () => toggleFilters(false) }, "Done"),
    make("h2", {}, "Kinds"),
    make("fieldset", { "aria-label": "Kinds" }, ...kinds.map((name, kind) => has[kind] && filterBox(`kind-${name}`, state.offKinds, kind, kindIcon(kind), name, byKind[kind])).filter(Boolean)),
    make("h2", {}, "Relations"),
    make("fieldset", { "aria-label": "Relations" }, ...relations.map((relation, i) => used.has(i) && filterBox(`relation-${relation.name}`, state.offRelations, i, relationIcon(i), relation.phrase, byRelation[i])).filter(Boolean)),
    make("h2", {}, "Named by at least"),
    leastFilter(),
    make("h2", {}, "Papers"),
    make("label", {}, make("input", { type: "checkbox", checked: state.code, "data-filter": "code", onchange: event => { state.code = event.target.checked; filtersChanged(); } }), make("span", { class: "name" }, "with code only")),
    ...(sources.length > 1 ? [make("h2", {}, "Read from"), make("fieldset", { "aria-label": "Sources" }, ...sources.map((name, i) => filterBox(`source-${i}`, state.offSources, i, "", name, bySource[i])))] : []),
    make("p", { class: "left", id: "in-view" }, inViewText()),
    isFiltered() ? make("button", { onclick: resetFilters, "data-filter": "reset" }, "Reset the filters") : "",
  );
  box.classList.toggle("open", wasOpen);
  box.scrollTop = scroll;
  if (active) box.querySelector(`[data-filter="${active}"]`)?.focus();
}

function filterBox(id, set, value, icon, name, counted) {
  const off = set.has(value);
  return make("label", { class: off ? "off" : "", title: name }, make("input", {
    type: "checkbox", checked: !off, "data-filter": id,
    onchange: event => { event.target.checked ? set.delete(value) : set.add(value); filtersChanged(); },
  }), icon, make("span", { class: "name" }, name), make("span", { class: "count" }, number(counted)));
}

function leastFilter() {
  const most = Math.max(2, Math.min(50, ...[nodes.papers.reduce((a, b) => Math.max(a, b), 1)]));
  const told = make("span", { class: "count" }, many(state.least, "paper"));
  return make("label", {}, make("input", {
    type: "range", min: 1, max: most, value: state.least, "aria-label": "Named by at least so many papers", "data-filter": "least",
    oninput: event => { told.textContent = many(Number(event.target.value), "paper"); },
    onchange: event => { state.least = Number(event.target.value); filtersChanged(); },
  }), told);
}

function inViewText() {
  const more = picture.left ? `; ${number(picture.left)} more are not drawn` : "";
  return `In view: ${number(picture.spots.length)} of ${number(count)}, joined by ${many(picture.lines.length, "line")}${more}.`;
}

function filtersChanged() {
  state.camera = null;
  keepState();
  drawPicture({ keepCamera: false });
  refreshAll();
  say(inViewText());
}

function resetFilters() {
  for (const name of ["offKinds", "offRelations", "offSources", "hidden"]) state[name].clear();
  Object.assign(state, { least: 1, code: false });
  filtersChanged();
}

function toggleFilters(open) {
  byId("filters").classList.toggle("open", open);
  byId("open-filters").setAttribute("aria-expanded", String(open));
  (open ? byId("filters").querySelector("button, input") : byId("open-filters")).focus();
}
