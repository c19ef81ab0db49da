"""Edges as triples: the plain one for easy queries, and beside it a node for the statement with all its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.export.rdf.terms import A, Triple, digest, integer, literal, node, per_mille, term
from kg.ontology import RESOURCE_RELATIONS, UMBRELLA, property_of
from kg.records import Evidence
from kg.vocabulary import RELATIONS

PREDICATES = {name: term(property_of(name)) for name in RELATIONS}
_STATEMENT, _SUBJECT, _PREDICATE, _OBJECT = (term(f"rdf:{name}") for name in ("Statement", "subject", "predicate", "object"))
_CONFIDENCE, _SUPPORT, _EVIDENCE, _FIELD, _RULE, _SURFACE = (term(f"v:{name}") for name in ("confidence", "support", "evidence", "field", "rule", "surface"))
_NAME_START, _NAME_END = term("v:nameStart"), term("v:nameEnd")
_RESOURCE, _ENTITY, _SOURCE, _SELECTOR = term("oa:SpecificResource"), term("prov:Entity"), term("oa:hasSource"), term("oa:hasSelector")
_QUOTE, _EXACT, _POSITION, _START, _END = (term(f"oa:{name}") for name in ("TextQuoteSelector", "exact", "TextPositionSelector", "start", "end"))
_MADE_BY = term("prov:wasGeneratedBy")


@dataclass(frozen=True, slots=True)
class Link:
    """An edge on its way out: `confidence` per mille; `kinds` of its target, for the hierarchy of tasks."""

    number: int
    relation: str
    target: str
    confidence: int
    kinds: str


def state_links(base: str, subject: str, links: Sequence[Link]) -> Iterator[Triple]:
    """The plain triples, sorted by property."""
    for link in links:
        yield subject, PREDICATES[link.relation], node(base, link.target)
    used = sorted({link.target for link in links if link.relation in RESOURCE_RELATIONS})
    for target in used:
        yield subject, term(f"v:{UMBRELLA}"), node(base, target)


def explain_link(base: str, run: str, source: str, link: Link, evidence: Sequence[Evidence]) -> Iterator[Triple]:
    """The node of a statement, and below it the nodes of its evidence."""
    subject = node(base, source)
    name = digest(source, link.relation, link.target)
    statement = f"<{base}statement/{name}>"
    yield statement, A, _STATEMENT
    yield statement, _SUBJECT, subject
    yield statement, _PREDICATE, PREDICATES[link.relation]
    yield statement, _OBJECT, node(base, link.target)
    yield statement, _CONFIDENCE, per_mille(link.confidence)
    yield statement, _SUPPORT, integer(len(evidence))
    nodes = [f"<{base}evidence/{digest(name, e.field, e.start, e.end, e.name_start, e.name_end, e.rule)}>" for e in evidence]
    for own in nodes:
        yield statement, _EVIDENCE, own
    text = subject if RELATIONS[link.relation].source == "paper" else node(base, "lexicon")
    for own, e in zip(nodes, evidence, strict=True):
        yield from _place(own, text, run, e)


def _place(own: str, text: str, run: str, e: Evidence) -> Iterator[Triple]:
    quote, place = f"{own[:-1]}/quote>", f"{own[:-1]}/place>"
    yield own, A, _RESOURCE
    yield own, A, _ENTITY
    yield own, _SOURCE, text
    yield own, _FIELD, literal(e.field)
    yield own, _RULE, literal(e.rule)
    yield own, _CONFIDENCE, per_mille(round(1000 * e.confidence))
    yield own, _SURFACE, literal(e.quote[e.name_start - e.start : e.name_end - e.start])
    yield own, _NAME_START, integer(e.name_start)
    yield own, _NAME_END, integer(e.name_end)
    yield own, _SELECTOR, quote
    yield own, _SELECTOR, place
    yield own, _MADE_BY, run
    yield quote, A, _QUOTE
    yield quote, _EXACT, literal(e.quote)
    yield place, A, _POSITION
    yield place, _START, integer(e.start)
    yield place, _END, integer(e.end)
