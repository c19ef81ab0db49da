"""All triples of a graph in a fixed order, read out of the file piece by piece: memory does not grow with the graph."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kg.export.rdf import lpwc
from kg.export.rdf.entities import describe_entity
from kg.export.rdf.links import PREDICATES, Link, explain_link, state_links
from kg.export.rdf.options import RdfOptions
from kg.export.rdf.papers import describe_paper, list_parts, place_paper
from kg.export.rdf.provenance import describe_run, run_node
from kg.export.rdf.terms import Triple, node, term
from kg.query.showing import read_entity
from kg.records import Evidence, Paper
from kg.store.reading import evidence_of, read_evidence, read_paper


def iter_triples(db: sqlite3.Connection, options: RdfOptions | None = None) -> Iterator[Triple]:
    """The triples as N-Triples terms: provenance, then papers, then entities, each sorted by id; none twice, no blank node."""
    chosen = options or RdfOptions()
    yield from describe_run(db, chosen.base)
    run = run_node(db, chosen.base)
    reading = db.cursor()
    for number, identity in reading.execute("SELECT number, id FROM node WHERE kind = 'paper' ORDER BY id"):
        yield from _paper(db, number, identity, run, chosen)
    frameworks = lpwc.find_frameworks(db) if chosen.lpwc else {}
    for number, identity in reading.execute("SELECT number, id FROM node WHERE kind != 'paper' ORDER BY id"):
        yield from _entity(db, number, identity, run, chosen, frameworks.get(number, ()))
    if chosen.lpwc:
        yield from lpwc.describe_venues(db)


def describe_node(db: sqlite3.Connection, number: int, options: RdfOptions | None = None) -> Iterator[Triple]:
    """The triples of one paper or entity with its evidence, and the plain triples that point to it."""
    chosen = options or RdfOptions()
    identity, kind = db.execute("SELECT id, kind FROM node WHERE number = ?", (number,)).fetchone()
    run = run_node(db, chosen.base)
    yield from _paper(db, number, identity, run, chosen) if kind == "paper" else _entity(db, number, identity, run, chosen, ())
    rows = db.execute("SELECT n.id, e.relation FROM edge e JOIN node n ON n.number = e.source WHERE e.target = ? ORDER BY n.id, e.relation", (number,))
    for source, relation in rows:
        yield node(chosen.base, source), PREDICATES[relation], node(chosen.base, identity)


def count_triples(db: sqlite3.Connection, options: RdfOptions | None = None) -> int:
    """How many triples an export has."""
    return sum(1 for _ in iter_triples(db, options))


def _paper(db: sqlite3.Connection, number: int, identity: str, run: str, options: RdfOptions) -> Iterator[Triple]:
    subject = node(options.base, identity)
    paper = read_paper(db, number)
    links = _links(db, number)
    yield from describe_paper(subject, paper)
    yield from state_links(options.base, subject, links)
    if options.lpwc:
        yield from lpwc.state_links(options.base, subject, links)
        yield from lpwc.describe_paper(subject, paper)
    yield from list_parts(subject, paper)
    if options.evidence:
        rows = db.execute("SELECT s.digest, e.line FROM entry e JOIN source s ON s.id = e.source WHERE e.paper = ? ORDER BY 1, 2", (number,))
        yield from place_paper(options.base, subject, rows.fetchall())
        evidence = _evidence(db, number, paper)
        for link in links:
            yield from explain_link(options.base, run, identity, link, evidence[link.number])


def _links(db: sqlite3.Connection, number: int) -> list[Link]:
    rows = db.execute(
        """SELECT e.id, e.relation, n.id, e.confidence, coalesce(x.kinds, n.kind) FROM edge e JOIN node n ON n.number = e.target
           LEFT JOIN entity x ON x.node = n.number WHERE e.source = ? ORDER BY e.relation, n.id""",
        (number,),
    )
    return [Link(*row) for row in rows]


_COLUMNS = 'p.field, p.start, p."end", p.name_start, p.name_end, r.name, p.confidence'
_ORDER = "ORDER BY 1, p.confidence DESC, p.field, p.name_start, p.name_end, r.name"


def _evidence(db: sqlite3.Connection, number: int, paper: Paper) -> dict[int, list[Evidence]]:
    """All evidence of a paper's edges, by the edge's number, in the order of `kg.store.reading.read_evidence`; two queries for all."""
    texts = {0: paper.title, 1: paper.abstract} | {2 + i: text for i, text in enumerate(paper.references)}
    rows = defaultdict(list)
    for query in (
        f"""SELECT e.id, s.paper, {_COLUMNS} FROM statement s JOIN edge e ON e.source = s.paper AND e.relation = s.relation AND e.target = s.entity
            JOIN place p ON p.statement = s.id JOIN rule r ON r.id = p.rule WHERE s.paper = ? {_ORDER}""",
        f"""SELECT u.edge, s.paper, {_COLUMNS} FROM edge e JOIN support u ON u.edge = e.id JOIN statement s ON s.id = u.statement
            JOIN place p ON p.statement = s.id JOIN rule r ON r.id = p.rule WHERE e.source = ? AND e.relation = 'builds_on' {_ORDER}""",
    ):
        for edge, *row in db.execute(query, (number,)):
            rows[edge].append(tuple(row))
    return defaultdict(list, {edge: list(evidence_of(db, found, {(number, field): text for field, text in texts.items()})) for edge, found in rows.items()})


def _entity(db: sqlite3.Connection, number: int, identity: str, run: str, options: RdfOptions, frameworks: Sequence[str]) -> Iterator[Triple]:
    subject = node(options.base, identity)
    entity = read_entity(db, number)
    links = _links(db, number)
    yield from describe_entity(subject, entity, with_names=options.evidence)
    yield from state_links(options.base, subject, links)
    for target in sorted({link.target for link in links if entity.kinds[0] == link.kinds.split()[0] == "task"}):
        yield subject, term("skos:broader"), node(options.base, target)
    if options.lpwc:
        rows = db.execute("SELECT n.id FROM edge e JOIN node n ON n.number = e.source WHERE e.target = ? AND e.relation = 'introduces' ORDER BY 1", (number,))
        yield from lpwc.describe_entity(options.base, subject, entity, [paper for (paper,) in rows], frameworks)
    if options.evidence:
        for link in links:
            yield from explain_link(options.base, run, identity, link, read_evidence(db, link.number))
