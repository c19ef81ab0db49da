"""What a graph holds: counts, one paper or entity whole, papers by their links, and why two things are linked."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.query.find import find_node, read_node
from kg.records import Edge, Entity, Name, Node, Paper, Problem
from kg.store.reading import read_edge, read_paper, read_problems
from kg.vocabulary import RELATIONS


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts over a graph. `unresolved` counts statements whose name was not taken for a thing, or whose citation is not in the graph."""

    sources: tuple[tuple[str, str, int], ...]
    papers: int
    entries: int
    entities: Mapping[str, int]
    links: Mapping[str, int]
    statements: int
    evidence: int
    unresolved: int
    problems: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Link:
    """An edge, and the node at its other end as seen from the one that was asked for; `inverse` where the edge points to that one."""

    edge: Edge
    other: Node
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper or an entity with its links, the strongest relation first; `counts` counts the links of each relation, all of them."""

    node: Node
    paper: Paper | None
    entity: Entity | None
    counts: Mapping[str, int]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that was asked for, with the edges that make it one; `confidence` is that of the least sure of them."""

    node: Node
    year: int | None
    confidence: float
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two things are linked: one edge between them, or the two edges of a paper that has links to both."""

    via: Node | None
    edges: tuple[Edge, ...]


def count_all(db: sqlite3.Connection) -> Stats:
    """Count what a graph holds."""

    def number(query: str) -> int:
        return int(db.execute(query).fetchone()[0])

    def by(query: str) -> dict[str, int]:
        return dict(db.execute(query))

    return Stats(
        sources=tuple(db.execute("SELECT name, format, entries FROM source ORDER BY name")),
        papers=number("SELECT count(*) FROM paper"),
        entries=number("SELECT count(*) FROM entry"),
        entities=by("SELECT kind, count(*) FROM node WHERE kind != 'paper' GROUP BY kind ORDER BY 2 DESC, 1"),
        links=by("SELECT relation, count(*) FROM edge GROUP BY relation ORDER BY 2 DESC, 1"),
        statements=number("SELECT count(*) FROM statement"),
        evidence=number("SELECT count(*) FROM place"),
        unresolved=number("SELECT count(*) FROM statement WHERE entity IS NULL"),
        problems=by("SELECT code, count(*) FROM problem GROUP BY code ORDER BY 2 DESC, 1"),
    )


def read_entity(db: sqlite3.Connection, number: int) -> Entity:
    """The entity of a node's number, with all its names, the most used first."""
    node = read_node(db, number)
    kinds, confidence, note, url = db.execute("SELECT kinds, confidence, note, url FROM entity WHERE node = ?", (number,)).fetchone()
    names = db.execute(
        "SELECT n.text, s.papers, s.reason FROM spelling s JOIN name n ON n.id = s.name WHERE s.entity = ? ORDER BY s.papers DESC, n.text",
        (number,),
    )
    return Entity(node.id, node.label, tuple(kinds.split()), tuple(Name(*row) for row in names), node.papers, confidence / 1000, note, url)


def show(db: sqlite3.Connection, name: str, *, kind: str | None = None, limit: int = 0, min_confidence: float = 0.0) -> Shown:
    """A paper or an entity by any of its names, with its links; `limit` bounds them for each relation (0: no bound).

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    number = find_node(db, name, kind)
    node = read_node(db, number)
    counts: dict[str, int] = {}
    links = []
    for relation in sorted(RELATIONS.values(), key=lambda r: (-r.strength, r.name)):
        for here, there, inverse in (("source", "target", False), ("target", "source", True)):
            where = f"FROM edge e JOIN node o ON o.number = e.{there} WHERE e.{here} = ? AND e.relation = ? AND e.confidence >= ?"
            values = (number, relation.name, round(1000 * min_confidence))
            count = db.execute(f"SELECT count(*) {where}", values).fetchone()[0]
            if count:
                counts[relation.inverse if inverse else relation.phrase] = count
                rows = db.execute(
                    f"SELECT e.id, e.{there} {where} ORDER BY e.confidence DESC, o.label, o.id LIMIT ?", (*values, limit or -1)
                )
                links += [Link(read_edge(db, edge), read_node(db, other), inverse) for edge, other in rows.fetchall()]
    paper = read_paper(db, number) if node.kind == "paper" else None
    return Shown(node, paper, None if paper else read_entity(db, number), counts, tuple(links))


def find_papers(
    db: sqlite3.Connection, wanted: Sequence[tuple[str | None, str]] = (), *, limit: int = 0, min_confidence: float = 0.0
) -> list[PaperRow]:
    """Papers that have every link asked for, the best supported first.

    Args:
        wanted: Pairs of a relation (None for any) and a name; a paper must have them all.
        limit: At most so many rows; 0 for all.
        min_confidence: Edges below this do not count.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    least = round(1000 * min_confidence)
    chosen: dict[int, list[tuple[int, int]]] | None = None
    for relation, name in wanted:
        target = find_node(db, name)
        rows = db.execute(
            f"SELECT source, id, max(confidence) FROM edge WHERE target = ? AND confidence >= ? {'AND relation = ?' if relation else ''} GROUP BY source",
            (target, least, relation) if relation else (target, least),
        )
        found = {source: (edge, confidence) for source, edge, confidence in rows}
        chosen = {s: [e] for s, e in found.items()} if chosen is None else {s: [*es, found[s]] for s, es in chosen.items() if s in found}
    if chosen is None:
        chosen = {number: [] for (number,) in db.execute("SELECT node FROM paper")}
    ranked = sorted(chosen.items(), key=lambda item: (-min((c for _, c in item[1]), default=1000), -sum(c for _, c in item[1]), item[0]))
    rows_out = []
    for number, edges in ranked[: limit or None]:
        year = db.execute("SELECT year FROM paper WHERE node = ?", (number,)).fetchone()[0]
        sure = min((c for _, c in edges), default=1000) / 1000
        rows_out.append(PaperRow(read_node(db, number), year, sure, tuple(read_edge(db, edge) for edge, _ in edges)))
    return rows_out


def why(db: sqlite3.Connection, a: str, b: str, *, kind: str | None = None, min_confidence: float = 0.0, limit: int = 0) -> list[Reason]:
    """Every link between two things with its evidence: edges between them first, then the papers that have links to both.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    first, second = find_node(db, a, kind), find_node(db, b, kind)
    least = round(1000 * min_confidence)
    direct = db.execute(
        "SELECT id FROM edge WHERE ((source = ? AND target = ?) OR (source = ? AND target = ?)) AND confidence >= ? ORDER BY confidence DESC, id",
        (first, second, second, first, least),
    ).fetchall()
    reasons = [Reason(None, (read_edge(db, edge),)) for (edge,) in direct]
    joining = db.execute(
        """SELECT x.source, min(max(x.confidence), max(y.confidence)) AS sure, max(x.relation = 'introduces' OR y.relation = 'introduces') AS own
           FROM edge x JOIN edge y ON y.source = x.source
           WHERE x.target = ? AND y.target = ? AND x.confidence >= ? AND y.confidence >= ? GROUP BY x.source ORDER BY own DESC, sure DESC, x.source LIMIT ?""",
        (first, second, least, least, limit or -1),
    ).fetchall()
    for paper, _, _ in joining:
        edges = db.execute(
            "SELECT id FROM edge WHERE source = ? AND target IN (?, ?) AND confidence >= ? ORDER BY target = ? DESC, confidence DESC, id",
            (paper, first, second, least, first),
        ).fetchall()
        reasons.append(Reason(read_node(db, paper), tuple(read_edge(db, edge) for (edge,) in edges)))
    return reasons[: limit or None]


def list_problems(db: sqlite3.Connection, code: str | None = None) -> list[Problem]:
    """What went wrong with the input, by file and line."""
    return [problem for problem in read_problems(db) if code in (None, problem.code)]
