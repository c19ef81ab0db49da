"use strict";
// every text goes into the page as text, never as markup
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const element = (name, text, attributes) => Object.assign(document.createElement(name), { textContent: text }, attributes);
const [select, query, status, result] = ["examples", "query", "status", "result"].map(byId);

for (const example of data.examples) select.append(element("option", example.title, { value: example.name }));
const table = byId("prefixes");
for (const [prefix, iri] of Object.entries(data.prefixes)) {
  const row = table.insertRow();
  row.append(element("td", prefix + ":"), element("td", iri));
}

function choose() {
  const example = data.examples.find((e) => e.name === select.value);
  query.value = example.query.split("\n").filter((line) => !line.startsWith("#")).join("\n").trim();
  byId("description").textContent = example.description;
}

function shown(term) {
  if (!term) return document.createTextNode("");
  if (term.type !== "uri") return document.createTextNode(term.value);
  let short = term.value;
  for (const [prefix, iri] of Object.entries(data.prefixes))
    if (term.value.startsWith(iri) && term.value.length > iri.length) short = prefix + ":" + term.value.slice(iri.length);
  if (term.value.startsWith(data.base)) return element("a", short, { href: new URL(term.value).pathname });
  if (/^https?:/.test(term.value)) return element("a", short, { href: term.value, rel: "noopener noreferrer nofollow" });
  return document.createTextNode(short);
}

function showRows(answer) {
  if ("boolean" in answer) return result.append(element("p", answer.boolean ? "yes" : "no"));
  const rows = document.createElement("table");
  const head = rows.insertRow();
  for (const name of answer.head.vars) head.append(element("th", name));
  for (const binding of answer.results.bindings) {
    const row = rows.insertRow();
    for (const name of answer.head.vars) row.insertCell().append(shown(binding[name]));
  }
  result.append(rows);
}

async function ask() {
  result.replaceChildren();
  status.className = "";
  status.textContent = "asking …";
  const start = performance.now();
  try {
    const response = await fetch("/sparql", {
      method: "POST", body: query.value,
      headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, text/turtle;q=0.9" },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    const took = ((performance.now() - start) / 1000).toFixed(2);
    if (response.headers.get("Content-Type").startsWith("application/sparql-results+json")) {
      const answer = JSON.parse(text);
      showRows(answer);
      status.textContent = ("results" in answer ? answer.results.bindings.length + " rows, " : "") + took + " s";
    } else {
      result.append(element("pre", text));
      status.textContent = took + " s";
    }
  } catch (error) {
    status.className = "error";
    status.textContent = error.message;
  }
}

select.addEventListener("change", choose);
byId("run").addEventListener("click", ask);
query.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask(); });
for (const link of byId("formats").querySelectorAll("a"))
  link.addEventListener("click", () => { location.href = "/sparql?" + new URLSearchParams({ query: query.value, format: link.dataset.format }); });
choose();
