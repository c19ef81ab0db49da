"""The terms of Linked Papers With Code beside our own, so that queries written for it run unchanged."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kg.export.rdf.links import Link
from kg.export.rdf.terms import A, Triple, digest, integer, literal, node, term, typed
from kg.names import key as name_key
from kg.names import slug
from kg.ontology import LPWC_CLASSES, RESOURCE_RELATIONS
from kg.records import Entity, Paper

_SITE = "https://linkedpaperswithcode.com/"
_METHODS = {"technique": "lpwc:hasMethod", "model": "lpwc:hasModel"}
# as its source, Papers with Code, writes them; "none" where no framework is known
_FRAMEWORKS = {"pytorch": "pytorch", "tensorflow": "tf", "jax": "jax", "mxnet": "mxnet", "paddlepaddle": "paddle", "mindspore": "mindspore", "caffe": "caffe2", "keras": "tf"}  # fmt: skip
_NO_FRAMEWORK = "none"


def find_frameworks(db: sqlite3.Connection) -> Mapping[int, Sequence[str]]:
    """For each repository the frameworks that the papers whose code it is name."""
    found: dict[int, set[str]] = defaultdict(set)
    frameworks = {number: _FRAMEWORKS[name_key(label)] for number, label in db.execute("SELECT number, label FROM node WHERE kind NOT IN ('paper', 'repository', 'page')")
                  if name_key(label) in _FRAMEWORKS}  # fmt: skip
    for entity, framework in frameworks.items():
        rows = db.execute("SELECT c.target FROM edge u JOIN edge c ON c.source = u.source AND c.relation = 'has_code' WHERE u.target = ?", (entity,))
        for (repository,) in rows:
            found[repository].add(framework)
    return {number: sorted(names) for number, names in found.items()}


def describe_paper(subject: str, paper: Paper) -> Iterator[Triple]:
    """A paper in its terms."""
    yield subject, A, term(LPWC_CLASSES["paper"])
    for author in dict.fromkeys(paper.authors):
        yield subject, term("lpwc:creatorName"), literal(author)
    if paper.arxiv_id:
        yield subject, term("fabio:hasArXivID"), literal(paper.arxiv_id)
    if paper.url:
        yield subject, term("lpwc:hasURLAbstract"), typed(paper.url, "xsd:anyURI")
    if paper.venue:
        yield subject, term("lpwc:hasConference"), _venue_node(paper.venue)


def describe_venues(db: sqlite3.Connection) -> Iterator[Triple]:
    """Every venue of a paper, once."""
    for (venue,) in db.execute("SELECT DISTINCT venue FROM paper WHERE venue != '' ORDER BY venue"):
        yield _venue_node(venue), A, term("lpwcc:conference")
        yield _venue_node(venue), term("foaf:name"), literal(venue)


def _venue_node(venue: str) -> str:
    return node(_SITE, f"conference/{slug(venue)}-{digest(venue)[:8]}")


def state_links(base: str, subject: str, links: Sequence[Link]) -> Iterator[Triple]:
    """A paper's links in its terms; a task is named by that graph's own IRI, as its queries do."""
    found = set()
    for link in links:
        kinds = link.kinds.split()
        if link.relation in RESOURCE_RELATIONS and {"dataset", "benchmark"} & set(kinds):
            found.add(("lpwc:usesDataset", node(base, link.target)))
        if link.relation == "uses" and kinds[0] in _METHODS:
            found.add((_METHODS[kinds[0]], node(base, link.target)))
        if link.relation == "addresses":
            found.add(("lpwc:hasTask", task_node(link.target)))
        if kinds[0] == "repository":
            found.add(("lpwc:hasRepository", node(base, link.target)))
            if link.relation == "has_code":
                found.add(("lpwc:hasOfficialRepository", node(base, link.target)))
    for name, target in sorted(found):
        yield subject, term(name), target


def task_node(identity: str) -> str:
    """The IRI of a task in that graph, which is made of its name as ours is."""
    return node(_SITE, f"task/{identity.partition('/')[2]}")


def describe_entity(base: str, subject: str, entity: Entity, introducers: Sequence[str], frameworks: Sequence[str]) -> Iterator[Triple]:
    """An entity in its terms."""
    kinds = [kind for kind in entity.kinds if kind in LPWC_CLASSES]
    for kind in kinds:
        yield subject, A, term(LPWC_CLASSES[kind])
    if "dataset" in kinds:
        yield subject, term("dcterms:title"), literal(entity.name)
    elif "repository" in kinds:
        for framework in frameworks or (_NO_FRAMEWORK,):
            yield subject, term("lpwc:hasFramework"), literal(framework)
        yield subject, term("fabio:hasURL"), typed(entity.url, "xsd:anyURI")
    elif kinds:
        yield subject, term("foaf:name"), literal(entity.name)
    if {"dataset", "technique"} & set(kinds):
        yield subject, term("lpwc:numberPapers"), integer(entity.papers)
        for paper in introducers:
            yield subject, term("lpwc:introducedBy"), node(base, paper)
    if "task" in kinds:
        yield from _describe_task(subject, entity)


def _describe_task(subject: str, entity: Entity) -> Iterator[Triple]:
    task = task_node(entity.id)
    yield subject, term("skos:exactMatch"), task
    yield task, A, term(LPWC_CLASSES["task"])
    yield task, term("foaf:name"), literal(entity.name)
