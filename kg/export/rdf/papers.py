"""A paper's own facts as triples."""

from __future__ import annotations

from collections.abc import Iterator

from kg.export.rdf.terms import A, Triple, address, date, digest, literal, node, sequence, term, typed
from kg.ontology import CLASSES
from kg.records import Paper

_TYPES = tuple(term(name) for name in CLASSES["paper"])


def describe_paper(subject: str, paper: Paper) -> Iterator[Triple]:
    """What a paper is: title, abstract, people, dates, identifiers."""
    for name in _TYPES:
        yield subject, A, name
    yield subject, term("dcterms:identifier"), literal(paper.id)
    yield subject, term("dcterms:title"), literal(paper.title)
    if paper.abstract:
        yield subject, term("dcterms:abstract"), literal(paper.abstract)
    for author in dict.fromkeys(paper.authors):
        yield subject, term("dc:creator"), literal(author)
    for category in dict.fromkeys(paper.categories):
        yield subject, term("dc:subject"), literal(category)
    if paper.year is not None:
        yield subject, term("fabio:hasPublicationYear"), typed(str(paper.year), "xsd:gYear")
    if paper.date:
        yield subject, term("dcterms:date"), date(paper.date)
    if paper.venue:
        yield subject, term("prism:publicationName"), literal(paper.venue)
    if paper.url:
        yield subject, term("fabio:hasURL"), typed(paper.url, "xsd:anyURI")
    yield from _identify(subject, paper)


def _identify(subject: str, paper: Paper) -> Iterator[Triple]:
    found = []
    if paper.doi:
        yield subject, term("prism:doi"), literal(paper.doi)
        found.append(address(f"https://doi.org/{paper.doi}"))
    if paper.arxiv_id:
        yield subject, term("fabio:hasArXivId"), literal(paper.arxiv_id)
        found.append(address(f"https://arxiv.org/abs/{paper.arxiv_id}"))
    for same in found:
        if same:
            yield subject, term("schema:sameAs"), same


def list_parts(subject: str, paper: Paper) -> Iterator[Triple]:
    """What stands in an order (authors, categories, references), and the fields that we have no term for."""
    if len(paper.authors) > 1:
        yield from sequence(subject, term("bibo:authorList"), "authors", paper.authors)
    if len(paper.categories) > 1:
        yield from sequence(subject, term("v:categoryList"), "categories", paper.categories)
    yield from sequence(subject, term("v:referenceList"), "references", paper.references)
    for name, value in paper.extra:
        own = f"{subject[:-1]}/extra/{digest(name)}>"
        yield subject, term("v:extraField"), own
        yield own, A, term("v:ExtraField")
        yield own, term("rdfs:label"), literal(name)
        yield own, term("rdf:value"), literal(value)


def place_paper(base: str, subject: str, rows: list[tuple[str, int]]) -> Iterator[Triple]:
    """Where a paper was read: rows of a source's digest and a line."""
    for source, line in rows:
        entry = node(base, f"source/{source}")[:-1] + f"/line/{line}>"
        yield subject, term("prov:wasDerivedFrom"), entry
        yield entry, A, term("prov:Entity")
        yield entry, term("dcterms:isPartOf"), node(base, f"source/{source}")
        yield entry, term("v:line"), typed(str(line), "xsd:integer")
