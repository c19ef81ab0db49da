// Downloads, made here in the page: CSV, BibTeX and PNG.
function save(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  say(`${name} is saved`);
}
const fileStem = () => plain(graph.title).replaceAll(" ", "-").slice(0, 60) || "graph";

// a cell that a spreadsheet would take for a formula gets an apostrophe before it
const csvCell = value => {
  const text = String(value ?? "").replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
function saveCsv() {
  const lines = [["id", ...COLUMNS.map(([name]) => name)], ...tableRows().map(row => [nodes.id[row.node], row.kind, row.name, row.papers, row.links, row.year, row.from, row.code])];
  save(`${fileStem()}.csv`, new Blob(["\ufeff", lines.map(line => line.map(csvCell).join(",")).join("\r\n"), "\r\n"], { type: "text/csv" }));
}

const bibText = text => text.replace(/\s+/g, " ").replace(/[\\{}%&$#_~^]/g, sign => ({ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" }[sign] || `\\${sign}`));
function bibEntry(node, key) {
  const [, authors, venue, doi, arxiv] = texts().papers[node];
  const code = linksOf[node].filter(edge => edges.relation[edge] === CODE && edges.source[edge] === node).map(edge => graph.url[edges.target[edge]]).filter(Boolean)[0];
  const fields = [["title", `{${bibText(labelOf(node))}}`], ["author", authors.map(bibText).join(" and ")], ["year", graph.year[node]], ["journal", bibText(venue)], ["doi", doi], ["eprint", arxiv], ["archiveprefix", arxiv && "arXiv"], ["url", graph.url[node]], ["note", code && `Code: \\url{${code.replace(/[{}\\]/g, "")}}`]];
  const listed = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@${venue ? "article" : "misc"}{${key},\n${listed.join(",\n")}\n}\n`;
}
function saveBibtex() {
  const papers = tableRows().filter(row => row.kind === "paper").map(row => row.node).sort((a, b) => a - b), used = new Map();
  const entries = papers.map(node => {
    const [, authors] = texts().papers[node], name = authors.length ? plain(authors[0]).split(" ").pop() : "";
    const stem = [name, graph.year[node], plain(labelOf(node)).split(" ").slice(0, name ? 1 : 3).join("")].filter(Boolean).join("").replace(/[^a-z0-9]/g, "") || "paper";
    used.set(stem, (used.get(stem) || 0) + 1);
    return bibEntry(node, used.get(stem) > 1 ? `${stem}-${used.get(stem)}` : stem);
  });
  save(`${fileStem()}.bib`, new Blob([entries.join("\n")], { type: "application/x-bibtex" }));
}

// the picture as it stands, on its ground, with its title
function savePng() {
  const from = byId("picture").querySelector("canvas"), to = document.createElement("canvas"), ratio = from.width / from.clientWidth, head = 34 * ratio;
  to.width = from.width;
  to.height = from.height + head;
  const ctx = to.getContext("2d");
  ctx.fillStyle = paint.ground;
  ctx.fillRect(0, 0, to.width, to.height);
  ctx.drawImage(from, 0, head);
  ctx.fillStyle = paint.ink;
  ctx.font = `600 ${15 * ratio}px ${FONT}`;
  ctx.textBaseline = "middle";
  ctx.fillText(graph.title, 14 * ratio, head / 2 + 2 * ratio);
  to.toBlob(blob => blob && save(`${fileStem()}.png`, blob), "image/png");
}
