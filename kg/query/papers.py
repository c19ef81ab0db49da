"""Papers by what they are linked to, by year, source and code; filters combine like sets."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.query.find import find_node, read_node
from kg.query.nodes import FROM_PAPER, per_mille, rank_papers, read_edges, read_nodes
from kg.records import Edge, Node

_MANY = 20_000
_PROBE = 3  # looking up one link costs as much as reading so many in one piece
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
_Chosen = dict[int, tuple[tuple[int, int], ...]]


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
    chosen = _wanted(db, asked, least)
    for unwanted in asked.unwanted:
        lost = _linked(db, unwanted, least, chosen)
        chosen = {paper: edges for paper, edges in chosen.items() if paper not in lost}
    for allowed in _allowed(db, asked, chosen):
        chosen = {paper: edges for paper, edges in chosen.items() if paper in allowed}
    if asked.with_code is not None:
        coded = _with_code(db, chosen, least)
        chosen = {paper: edges for paper, edges in chosen.items() if (paper in coded) == asked.with_code}
    support = {paper: _support([c for _, c in edges], match_any=asked.match_any) for paper, edges in chosen.items()}
    return _rows(db, rank_papers(db, support, limit), chosen, support)


def count_each(db: sqlite3.Connection, wanted: Sequence[Wanted], *, min_confidence: float = 0.0) -> list[int]:
    """How many papers have each link, taken alone: tells which of several conditions left nothing."""
    return [len(_linked(db, pair, per_mille(min_confidence))) for pair in wanted]


def _support(confidences: Sequence[int], *, match_any: bool) -> tuple[int, int]:
    """How well the links asked for are supported: the least sure one (the surest, where any is enough), then all together."""
    if not confidences:
        return 1000, 0
    return (max(confidences) if match_any else min(confidences)), sum(confidences)


def _wanted(db: sqlite3.Connection, asked: PaperFilter, least: int) -> _Chosen:
    """The papers that have the links asked for, each with these; where all are needed, the rarest link is looked up first."""
    if not asked.wanted:
        return dict.fromkeys(_all_papers(db), ())
    found: dict[Wanted, _Found] = {}
    papers: Collection[int] | None = None
    for wanted in sorted(asked.wanted, key=lambda pair: read_node(db, find_node(db, pair[1])).papers):
        found[wanted] = _linked(db, wanted, least, None if asked.match_any else papers)
        papers = found[wanted]
    kept = set[int]().union(*found.values()) if asked.match_any else papers or ()
    return {paper: tuple(found[wanted][paper] for wanted in asked.wanted if paper in found[wanted]) for paper in kept}


def _linked(db: sqlite3.Connection, wanted: Wanted, least: int, among: Collection[int] | None = None) -> _Found:
    """The papers, or those of some, that have a link, each with its surest edge; of few papers the links are looked up one by one."""
    relation, name = wanted
    node = find_node(db, name)
    values: tuple[object, ...] = (node, least) + ((relation,) if relation else ())
    which = f"e.target = ? AND e.confidence >= ? AND {'e.relation = ?' if relation else f'e.{FROM_PAPER}'}"
    if among is not None and len(among) * _PROBE < read_node(db, node).papers:
        rows = db.execute(
            f"SELECT e.source, e.id, e.confidence FROM json_each(?) c CROSS JOIN edge e ON e.source = c.value WHERE {which}", (json.dumps(list(among)), *values)
        )
    else:
        rows = db.execute(f"SELECT e.source, e.id, e.confidence FROM edge e WHERE {which} ORDER BY e.relation, e.confidence", values)
    found: _Found = {}
    for paper, edge, confidence in rows:
        if (among is None or paper in among) and (paper not in found or confidence > found[paper][1]):
            found[paper] = edge, confidence
    return found


def _all_papers(db: sqlite3.Connection) -> Iterable[int]:
    return [number for (number,) in db.execute("SELECT number FROM node WHERE kind = 'paper'")]


def _allowed(db: sqlite3.Connection, asked: PaperFilter, papers: Collection[int]) -> Iterable[set[int]]:
    """The sets of papers that source and years allow: of few papers each is looked up, of very many all are read at once."""
    some, values = ("{} IN (SELECT value FROM json_each(?)) AND +", (json.dumps(list(papers)),)) if len(papers) <= _MANY else ("", ())
    if asked.source:
        sources = "SELECT id FROM source WHERE instr(name, ?)"
        yield _numbers(db, f"SELECT paper FROM entry WHERE {some.format('paper')}source IN ({sources})", *values, asked.source)
    if asked.years:
        first, last = asked.years
        years = first if first is not None else -(2**31), last if last is not None else 2**31
        yield _numbers(db, f"SELECT node FROM paper WHERE {some.format('node')}year BETWEEN ? AND ?", *values, *years)


def _with_code(db: sqlite3.Connection, papers: Mapping[int, object], least: int) -> set[int]:
    """Those of some papers that give the address of their code; of very many all are read at once."""
    if len(papers) > _MANY:
        return _numbers(db, "SELECT source FROM edge WHERE relation = 'has_code' AND confidence >= ?", least)
    query = "SELECT 1 FROM edge WHERE source = ? AND relation = 'has_code' AND confidence >= ?"
    return {paper for paper in papers if db.execute(query, (paper, least)).fetchone()}


def _numbers(db: sqlite3.Connection, query: str, *values: object) -> set[int]:
    return {number for (number,) in db.execute(query, values)}


def _rows(db: sqlite3.Connection, papers: Sequence[int], chosen: Mapping[int, Sequence[tuple[int, int]]], support: Mapping[int, tuple[int, int]]) -> list[PaperRow]:
    nodes = read_nodes(db, papers)
    rows = []
    for paper in papers:
        year = db.execute("SELECT year FROM paper WHERE node = ?", (paper,)).fetchone()[0]
        rows.append(PaperRow(nodes[paper], year, support[paper][0] / 1000, read_edges(db, (edge for edge, _ in chosen[paper]))))
    return rows
