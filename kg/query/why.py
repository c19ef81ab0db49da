"""Why two things are linked, in the papers' own words."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kg.query.find import find_node, read_node
from kg.query.nodes import FROM_PAPER, per_mille
from kg.records import Edge, Node
from kg.store.reading import read_edge


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
    reasons = [Reason(None, (read_edge(db, edge),)) for (edge,) in direct]
    joining = db.execute(
        f"""SELECT x.source, min(max(x.confidence), max(y.confidence)) AS sure, max(x.relation = 'introduces' OR y.relation = 'introduces') AS own
           FROM edge x JOIN edge y ON y.source = x.source JOIN node n ON n.number = x.source
           WHERE x.target = ? AND y.target = ? AND x.{FROM_PAPER} AND x.confidence >= ? AND y.confidence >= ?
           GROUP BY x.source ORDER BY own DESC, sure DESC, n.id LIMIT ?""",
        (first, second, least, least, limit or -1),
    ).fetchall()
    for paper, _, _ in joining:
        edges = db.execute(
            "SELECT id FROM edge WHERE source = ? AND target IN (?, ?) AND confidence >= ? ORDER BY target = ? DESC, confidence DESC, id",
            (paper, first, second, least, first),
        ).fetchall()
        reasons.append(Reason(read_node(db, paper), tuple(read_edge(db, edge) for (edge,) in edges)))
    return reasons[: limit or None]
