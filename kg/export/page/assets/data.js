// The graph as the page holds it. Texts are parsed when somebody first asks for a quote.
const byId = id => document.getElementById(id);
const graph = JSON.parse(byId("graph").textContent);
const { kinds, relations, nodes, edges, overview } = graph;
const KIND = Object.fromEntries(kinds.map((name, number) => [name, number]));
const PAPER = KIND.paper;
const NAMED = new Set(["dataset", "benchmark", "technique", "model", "task"].map(name => KIND[name]));
const CODE = relations.findIndex(relation => relation.name === "has_code");
const count = nodes.id.length;
const numberOf = new Map(nodes.id.map((id, number) => [id, number]));

let parsedTexts = null;
const texts = () => (parsedTexts ??= JSON.parse(byId("texts").textContent));

// the edges of each node, strongest relation first
const linksOf = nodes.id.map(() => []);
edges.source.forEach((source, edge) => {
  linksOf[source].push(edge);
  linksOf[edges.target[edge]].push(edge);
});
for (const links of linksOf) links.sort((a, b) => edges.relation[a] - edges.relation[b] || edges.confidence[b] - edges.confidence[a] || a - b);
const otherEnd = (edge, node) => (edges.source[edge] === node ? edges.target[edge] : edges.source[edge]);
const hasCode = node => linksOf[node].some(edge => edges.relation[edge] === CODE);
const edgesBetween = (a, b) => (linksOf[a].length < linksOf[b].length ? linksOf[a] : linksOf[b]).filter(edge => otherEnd(edge, a) === b && otherEnd(edge, b) === a);

const kindOf = node => kinds[nodes.kind[node]];
const labelOf = node => nodes.label[node] || nodes.id[node];
const number = value => value.toLocaleString("en");
const many = (value, one, more = one + "s") => `${number(value)} ${value === 1 ? one : more}`;

// a name short enough to stand beside a node; titles are cut before their colon, or at a word
function shortLabel(node, most = 30) {
  let text = labelOf(node).replace(/\s+/g, " ").trim();
  const head = text.split(/: | [–—] /)[0];
  if (nodes.kind[node] === PAPER && head.length > 2 && head.length <= most) text = head;
  if (/^https?:/.test(text)) text = text.replace(/^https?:\/\/(www\.)?(github\.com\/)?/, "");
  const letters = [...text];
  if (letters.length <= most) return text;
  const cut = letters.slice(0, most - 1).join("");
  return (cut.lastIndexOf(" ") > most * 0.6 ? cut.slice(0, cut.lastIndexOf(" ")) : cut) + "…";
}

// elements are built, never parsed: no text of a paper becomes markup
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return element;
}
const say = text => { byId("said").textContent = text; };
