// Evidence: the sentence behind a link, with the name marked in it.
function evidenceOf(edge) {
  const { evidence, rules, papers } = texts();
  return evidence[edge].map(([paper, field, start, end, nameStart, nameEnd, rule, confidence, own]) => {
    const text = own ?? (field === 0 ? labelOf(paper) : papers[paper]?.[0]) ?? "";
    return { paper, field, start, end, nameStart, nameEnd, rule: rules[rule], confidence, text };
  });
}

const fieldName = field => (field === -1 ? "lexicon" : field === -2 ? "comment" : field === 0 ? "title" : field === 1 ? "abstract" : `reference ${field - 1}`);
const sureText = confidence => `${Math.round(confidence / 10)}% sure`;
const sureBar = confidence => {
  const bar = make("span", { class: "sure", role: "img", "aria-label": sureText(confidence), title: sureText(confidence) }, make("i"));
  bar.firstChild.style.width = `${confidence / 10}%`;
  return bar;
};

// a text with some of its parts marked; parts are [start, end] and do not overlap
function markText(text, parts, from = 0, to = text.length) {
  const pieces = [];
  let at = from;
  for (const [start, end] of parts) {
    if (start < at || end > to) continue;
    pieces.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...pieces, text.slice(at, to)];
}

function quoteOf(place, around = null) {
  const elsewhere = place.paper >= 0 && place.paper !== around;
  return make("blockquote", {},
    ...markText(place.text, place.field === -1 ? [] : [[place.nameStart, place.nameEnd]], place.start, place.end),
    make("footer", {}, place.field === -1 ? "from the lexicon that ships with kg" : `${fieldName(place.field)} · rule ${place.rule} · ${sureText(place.confidence)}`,
      elsewhere ? [" · ", make("button", { class: "more", onclick: () => goTo(place.paper) }, shortLabel(place.paper, 50))] : null));
}

function quotesOf(edge, { most = 6, told = true } = {}) {
  const places = evidenceOf(edge), left = texts().count[edge] - Math.min(most, places.length);
  const box = make("div", {}, ...places.slice(0, most).map(place => quoteOf(place, edges.source[edge])));
  if (left > 0 && told) box.append(make("p", { class: "soft" }, `and ${many(left, "more place")}: kg why prints them all`));
  return box;
}

// an abstract with every name marked that it gives evidence for
function markedAbstract(paper) {
  const text = texts().papers[paper]?.[0] || "", parts = [];
  for (const edge of linksOf[paper]) if (edges.source[edge] === paper && NAMED.has(nodes.kind[edges.target[edge]]))
    for (const place of evidenceOf(edge)) if (place.field === 1 && place.paper === paper) parts.push([place.nameStart, place.nameEnd]);
  parts.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  return markText(text, parts);
}
