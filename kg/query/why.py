"""Why two things are linked, in the papers' own words."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kg.query.find import find_node, read_node
from kg.query.nodes import FROM_PAPER, per_mille, rank_papers, read_edges
from kg.records import Edge, Node


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two things are linked: one edge between them, or the two edges of a paper that has links to both."""

    via: Node | None
    edges: tuple[Edge, ...]


def why(db: sqlite3.Connection, a: str, b: str, *, kind: str | None = None, min_confidence: float = 0.0, limit: int = 0) -> list[Reason]:
    """Every link between two things with its evidence: edges between them first, then the papers that have links to both.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    first, second = find_node(db, a, kind), find_node(db, b, kind)
    least = per_mille(min_confidence)
    direct = db.execute(
        "SELECT id FROM edge WHERE ((source = ? AND target = ?) OR (source = ? AND target = ?)) AND confidence >= ? ORDER BY confidence DESC, id",
        (first, second, second, first, least),
    ).fetchall()
    reasons = [Reason(None, read_edges(db, edge)) for edge in direct]
    for paper in rank_papers(db, _joining(db, first, second, least), limit):
        edges = db.execute(
            "SELECT id FROM edge WHERE source = ? AND target IN (?, ?) AND confidence >= ? ORDER BY target = ? DESC, confidence DESC, id",
            (paper, first, second, least, first),
        )
        reasons.append(Reason(read_node(db, paper), read_edges(db, [edge for (edge,) in edges])))
    return reasons[: limit or None]


def _joining(db: sqlite3.Connection, first: int, second: int, least: int) -> dict[int, tuple[int, int]]:
    """The papers that have links to both: whether one is of their own making, and how sure the less sure one is; looked up from the rarer thing."""
    rare, frequent = sorted((first, second), key=lambda number: read_node(db, number).papers)
    rows = db.execute(
        f"""SELECT x.source, max(x.relation = 'introduces' OR y.relation = 'introduces'), min(max(x.confidence), max(y.confidence))
            FROM edge x CROSS JOIN edge y ON y.source = x.source AND y.target = ?
            WHERE x.target = ? AND x.{FROM_PAPER} AND x.confidence >= ? AND y.confidence >= ? GROUP BY x.source""",
        (frequent, rare, least, least),
    )
    return {paper: (own, sure) for paper, own, sure in rows}
