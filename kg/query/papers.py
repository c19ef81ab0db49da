"""Papers by what they are linked to, by year, source and code; filters combine like sets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.query.find import find_node
from kg.query.nodes import FROM_PAPER, per_mille, read_edges, read_nodes
from kg.records import Edge, Node

_MANY = 20_000
Wanted = tuple[str | None, str]
"""A relation, None for any, and a name."""


@dataclass(frozen=True, slots=True)
class PaperFilter:
    """Which papers to take.

    Attributes:
        wanted: Pairs of a relation (None for any) and a name: a paper must have every one of these links.
        unwanted: The same: a paper must have none of these.
        match_any: One of `wanted` is enough.
        with_code: True takes only papers that give the address of their code, False only those that do not.
        source: A part of the name of a file that the paper must be read from.
        years: First and last year, either end None for open; papers without a year are not in any range.
    """

    wanted: tuple[Wanted, ...] = ()
    unwanted: tuple[Wanted, ...] = ()
    match_any: bool = False
    with_code: bool | None = None
    source: str = ""
    years: tuple[int | None, int | None] | None = None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that was asked for, with the edges that make it one.

    `confidence` is that of the least sure link that is needed: of the surest one where any is enough; 1 where no link was asked for.
    """

    node: Node
    year: int | None
    confidence: float
    edges: tuple[Edge, ...]


_Found = dict[int, tuple[int, int]]  # paper -> edge, confidence


def find_papers(db: sqlite3.Connection, filter: PaperFilter | None = None, *, limit: int = 0, min_confidence: float = 0.0) -> list[PaperRow]:
    """Papers that pass a filter, those whose links are supported best first.

    Args:
        filter: Which papers; all where it is None.
        limit: At most so many rows; 0 for all.
        min_confidence: Edges below this do not count.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    asked = filter or PaperFilter()
    least = per_mille(min_confidence)
    found = [_linked(db, wanted, least) for wanted in asked.wanted]
    chosen = _combine(found, match_any=asked.match_any) if found else dict.fromkeys(_all_papers(db), ())
    for unwanted in asked.unwanted:
        lost = _linked(db, unwanted, least)
        chosen = {paper: edges for paper, edges in chosen.items() if paper not in lost}
    for allowed in _allowed(db, asked):
        chosen = {paper: edges for paper, edges in chosen.items() if paper in allowed}
    if asked.with_code is not None:
        coded = _with_code(db, chosen, least)
        chosen = {paper: edges for paper, edges in chosen.items() if (paper in coded) == asked.with_code}
    support = {paper: _support([c for _, c in edges], match_any=asked.match_any) for paper, edges in chosen.items()}
    ranked = _ranked(db, chosen, support, limit)
    return _rows(db, ranked, chosen, support)


def count_each(db: sqlite3.Connection, wanted: Sequence[Wanted], *, min_confidence: float = 0.0) -> list[int]:
    """How many papers have each link, taken alone: tells which of several conditions left nothing."""
    return [len(_linked(db, pair, per_mille(min_confidence))) for pair in wanted]


def _support(confidences: Sequence[int], *, match_any: bool) -> tuple[int, int]:
    """How well the links asked for are supported: the least sure one (the surest, where any is enough), then all together."""
    if not confidences:
        return 1000, 0
    return (max(confidences) if match_any else min(confidences)), sum(confidences)


def _combine(found: Sequence[_Found], *, match_any: bool) -> dict[int, tuple[tuple[int, int], ...]]:
    papers = set[int]().union(*found) if match_any else set(found[0]).intersection(*found[1:])
    return {paper: tuple(links[paper] for links in found if paper in links) for paper in papers}


def _linked(db: sqlite3.Connection, wanted: Wanted, least: int) -> _Found:
    """The papers that have a link, each with its surest edge."""
    relation, name = wanted
    values: tuple[object, ...] = (find_node(db, name), least) + ((relation,) if relation else ())
    rows = db.execute(f"SELECT source, id, max(confidence) FROM edge WHERE target = ? AND confidence >= ? AND {'relation = ?' if relation else FROM_PAPER} GROUP BY source", values)
    return {source: (edge, confidence) for source, edge, confidence in rows}


def _all_papers(db: sqlite3.Connection) -> Iterable[int]:
    return [number for (number,) in db.execute("SELECT number FROM node WHERE kind = 'paper'")]


def _allowed(db: sqlite3.Connection, asked: PaperFilter) -> Iterable[set[int]]:
    """The sets of papers that source and years allow."""
    if asked.source:
        yield _numbers(db, "SELECT e.paper FROM source s JOIN entry e ON e.source = s.id WHERE instr(s.name, ?)", asked.source)
    if asked.years:
        first, last = asked.years
        yield _numbers(db, "SELECT node FROM paper WHERE year BETWEEN ? AND ?", first if first is not None else -(2**31), last if last is not None else 2**31)


def _with_code(db: sqlite3.Connection, papers: Mapping[int, object], least: int) -> set[int]:
    """Those of some papers that give the address of their code; of very many all are read at once."""
    if len(papers) > _MANY:
        return _numbers(db, "SELECT source FROM edge WHERE relation = 'has_code' AND confidence >= ?", least)
    query = "SELECT 1 FROM edge WHERE source = ? AND relation = 'has_code' AND confidence >= ?"
    return {paper for paper in papers if db.execute(query, (paper, least)).fetchone()}


def _numbers(db: sqlite3.Connection, query: str, *values: object) -> set[int]:
    return {number for (number,) in db.execute(query, values)}


def _ranked(db: sqlite3.Connection, chosen: Mapping[int, object], support: Mapping[int, tuple[int, int]], limit: int) -> list[int]:
    """The best supported papers, equals by id; ids are read only of those that can be among them."""
    best = sorted(chosen, key=lambda paper: support[paper], reverse=True)
    if 0 < limit < len(best):
        last = support[best[limit - 1]]
        best = [paper for paper in best if support[paper] >= last]
    ids = {number: node.id for number, node in read_nodes(db, best).items()}
    return sorted(best, key=lambda paper: (-support[paper][0], -support[paper][1], ids[paper]))[: limit or None]


def _rows(db: sqlite3.Connection, papers: Sequence[int], chosen: Mapping[int, Sequence[tuple[int, int]]], support: Mapping[int, tuple[int, int]]) -> list[PaperRow]:
    nodes = read_nodes(db, papers)
    rows = []
    for paper in papers:
        year = db.execute("SELECT year FROM paper WHERE node = ?", (paper,)).fetchone()[0]
        rows.append(PaperRow(nodes[paper], year, support[paper][0] / 1000, read_edges(db, (edge for edge, _ in chosen[paper]))))
    return rows
