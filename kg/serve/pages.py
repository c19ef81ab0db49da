"""Pages for people. All text of papers is escaped; nothing is loaded from another host."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from itertools import groupby
from urllib.parse import quote

from kg.ontology import NAMESPACES, data_prefixes
from kg.query.showing import Link, Shown
from kg.records import Evidence, Paper
from kg.sparql.examples import read_examples
from kg.vocabulary import LINKED, RELATIONS

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def asset(name: str) -> bytes:
    """A file of the pages: the style or the script."""
    return (files("kg.data") / "serve" / name).read_bytes()


def query_page(title: str, base: str) -> str:
    """The page on which to write a query, with the examples in it."""
    examples = [{"name": e.name, "title": e.title, "description": e.description, "query": e.query} for e in read_examples()]
    data = json.dumps({"examples": examples, "prefixes": NAMESPACES | data_prefixes(base), "base": base}, ensure_ascii=False)
    return _page(
        title,
        f"""<header><h1>{escape(title)}</h1><nav><form action="/find" role="search"><input name="name" placeholder="a paper, dataset, model, task …" aria-label="name">
<button>show</button></form> <a href="/view">picture</a> <a href="/vocabulary">vocabulary</a></nav></header>
<main><label>Question <select id="examples"></select></label><p id="description"></p>
<textarea id="query" spellcheck="false" aria-label="SPARQL query" rows="16"></textarea>
<p><button id="run">Ask</button> <span id="status" role="status"></span>
<span id="formats">as <a data-format="csv">CSV</a> <a data-format="tsv">TSV</a> <a data-format="json">JSON</a> <a data-format="xml">XML</a></span></p>
<div id="result"></div><details><summary>Prefixes that need not be written</summary><table id="prefixes"></table></details></main>
<script type="application/json" id="data">{data.replace("<", chr(92) + "u003c")}</script><script src="/query.js"></script>""",
    )


def node_page(shown: Shown, path: str) -> str:
    """A paper or an entity with its links and their quotes; `path` is what the paths of papers and entities begin with."""
    node = shown.node
    own = escape(path + quote(node.id, safe="/~:@+=,-._"), quote=True)
    parts = [f'<header><nav><a href="/">query</a></nav><p class="kind">{escape(node.kind)}</p><h1>{escape(node.label)}</h1>']
    parts.append(f'<p class="small"><code>{escape(node.id)}</code> · <a href="{own}?format=turtle">Turtle</a> · <a href="{own}?format=jsonld">JSON-LD</a></p></header><main>')
    if shown.paper:
        parts.append(_paper(shown.paper))
    if shown.entity:
        names = [f"{escape(n.surface)} <small>({n.papers})</small>" for n in shown.entity.names if n.surface != node.label]
        parts += [f"<p>{escape(shown.entity.note)}</p>"] if shown.entity.note else []
        parts += [f"<p>Also written: {', '.join(names[:30])}</p>"] if names else []
        if node.kind in LINKED and node.label.startswith(("https://", "http://")):
            parts.append(f'<p><a rel="noopener noreferrer nofollow" href="{escape(node.label, quote=True)}">{escape(node.label)}</a></p>')
        parts.append(f"<p>Named by {node.papers} papers.</p>")
    for phrase, links in groupby(shown.links, key=_phrase):
        listed = list(links)
        count = shown.counts.get(phrase, len(listed))
        parts.append(f"<section><h2>{escape(phrase)} <small>({count})</small></h2><ul>{''.join(_link(link, path) for link in listed)}</ul></section>")
    return _page(node.label, "".join(parts) + "</main>")


def choices_page(name: str, message: str, choices: Iterable[tuple[str, str]], path: str) -> str:
    """What a name may mean, or what comes near."""
    rows = "".join(f'<li><a href="{escape(path + quote(identity, safe="/~:@+=,-._"), quote=True)}">{escape(label)}</a> <code>{escape(identity)}</code></li>' for identity, label in choices)
    return _page(name, f'<header><nav><a href="/">query</a></nav><h1>{escape(name)}</h1></header><main><p>{escape(message)}</p><ul>{rows}</ul></main>')


def _phrase(link: Link) -> str:
    relation = RELATIONS[link.edge.relation]
    return relation.inverse if link.inverse else relation.phrase


def _paper(paper: Paper) -> str:
    facts = " · ".join(escape(fact) for fact in (", ".join(paper.authors), paper.venue, str(paper.year or "")) if fact)
    links = []
    if paper.arxiv_id:
        links.append(f'<a rel="noopener noreferrer" href="https://arxiv.org/abs/{escape(quote(paper.arxiv_id), quote=True)}">arXiv:{escape(paper.arxiv_id)}</a>')
    if paper.doi:
        links.append(f'<a rel="noopener noreferrer" href="https://doi.org/{escape(quote(paper.doi), quote=True)}">doi:{escape(paper.doi)}</a>')
    return f'<p>{facts} {" · ".join(links)}</p><p class="abstract">{escape(paper.abstract)}</p>'


def _link(link: Link, path: str) -> str:
    target = escape(path + quote(link.other.id, safe="/~:@+=,-._"), quote=True)
    quotes = "".join(f"<blockquote>{_marked(e)} <small>{escape(e.field)} · {escape(e.rule)} · {e.confidence:.2f}</small></blockquote>" for e in link.edge.evidence[:2])
    return f'<li><a href="{target}">{escape(link.other.label)}</a> <small>{escape(link.other.kind)} · {link.edge.confidence:.2f}</small>{quotes}</li>'


def _marked(e: Evidence) -> str:
    start, end = e.name_start - e.start, e.name_end - e.start
    return f"{escape(e.quote[:start])}<mark>{escape(e.quote[start:end])}</mark>{escape(e.quote[end:])}"


def _page(title: str, body: str) -> str:
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return f'{head}<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,"></head><body>{body}</body></html>'
