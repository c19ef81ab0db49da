// Everything in view as a table, sorted by any column.
const ROWS = 1000;
const COLUMNS = [
  ["kind", row => row.kind], ["name", row => row.name.toLowerCase()], ["papers", row => -row.papers], ["links", row => -row.links], ["year", row => -(row.year || 0)], ["read from", row => row.from], ["code", row => (row.code ? "" : "~") + row.code],
];
let sorting = { column: 3, back: false }, wholePage = false;

function tableRows() {
  const list = wholePage ? [...nodes.id.keys()].filter(node => isNodeIn(node)) : picture.spots.map(spot => spot.n);
  const rows = list.map(node => ({
    node, kind: kindOf(node), name: labelOf(node), papers: nodes.papers[node], links: linksOf[node].filter(isEdgeIn).length, year: graph.year[node] || "",
    from: (graph.from[node] || []).map(source => sources[source]).join(", "), code: linksOf[node].filter(edge => edges.relation[edge] === CODE && edges.source[edge] === node).map(edge => graph.url[edges.target[edge]] || labelOf(edges.target[edge])).join(" "),
  }));
  const by = COLUMNS[sorting.column][1], turn = sorting.back ? -1 : 1;
  return rows.sort((a, b) => { const x = by(a), y = by(b); return turn * (x < y ? -1 : x > y ? 1 : 0) || a.node - b.node; });
}

function showTable() {
  const box = byId("table");
  box.hidden = !state.table;
  byId("open-table").setAttribute("aria-pressed", String(state.table));
  if (!state.table) return;
  const rows = tableRows();
  const heads = COLUMNS.map(([name], i) => make("th", { scope: "col", "aria-sort": sorting.column === i ? (sorting.back ? "descending" : "ascending") : "none" },
    make("button", { onclick: () => { sorting = { column: i, back: sorting.column === i && !sorting.back }; showTable(); box.querySelectorAll("th button")[i].focus(); } }, name, sorting.column === i ? (sorting.back ? " ↑" : " ↓") : "")));
  box.replaceChildren(
    make("div", { class: "bar" }, make("b", {}, many(rows.length, "row")), rows.length > ROWS ? `the first ${number(ROWS)} are shown; the CSV has all` : "",
      make("label", {}, make("input", { type: "checkbox", checked: wholePage, onchange: event => { wholePage = event.target.checked; showTable(); } }), " all that passes the filters, not only what is drawn"),
      make("button", { onclick: saveCsv }, "CSV"), make("button", { onclick: saveBibtex }, "BibTeX")),
    make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows.slice(0, ROWS).map(tableRow))),
  );
}

function tableRow(row) {
  return make("tr", {}, make("td", {}, kindIcon(KIND[row.kind]), " ", row.kind), make("td", {}, make("button", { onclick: () => choose([row.node]) }, row.name)),
    make("td", { class: "number" }, NAMED.has(KIND[row.kind]) ? number(row.papers) : ""), make("td", { class: "number" }, number(row.links)), make("td", { class: "number" }, String(row.year)), make("td", {}, row.from),
    make("td", {}, ...(row.code ? row.code.split(" ").map(address => outside(address, address.replace(/^https?:\/\//, ""))) : [])));
}

function toggleTable() {
  state.table = !state.table;
  keepState();
  showTable();
  if (state.table) byId("table").querySelector("th button").focus();
}
