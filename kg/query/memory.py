"""A graph, or a neighbourhood of it, in memory as networkx has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.query.find import find_node

if TYPE_CHECKING:
    import networkx


def to_networkx(
    db: sqlite3.Connection, around: Sequence[str] = (), *, depth: int = 1, min_confidence: float = 0.0
) -> networkx.MultiDiGraph[str]:
    """Nodes are ids with `kind`, `label`, `papers` (and `year` for papers that have one); edges are keyed by relation, with `confidence`.

    Args:
        db: An open graph file.
        around: Names; empty for the whole graph.
        depth: How many links away from them to go.
        min_confidence: Edges below this are left out.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    least = round(1000 * min_confidence)
    if around:
        numbers = _neighbourhood(db, [find_node(db, name) for name in around], depth, least)
        db.execute("CREATE TEMP TABLE IF NOT EXISTS near (number INTEGER PRIMARY KEY)")
        db.execute("DELETE FROM near")
        db.executemany("INSERT INTO near VALUES (?)", ((number,) for number in numbers))
    nodes = "WHERE n.number IN near" if around else ""
    edges = "AND e.source IN near AND e.target IN near" if around else ""
    for identity, kind, label, papers, year in db.execute(
        f"SELECT n.id, n.kind, n.label, n.papers, p.year FROM node n LEFT JOIN paper p ON p.node = n.number {nodes} ORDER BY n.id"
    ):
        extra = {"year": year} if year is not None else {}
        graph.add_node(identity, kind=kind, label=label, papers=papers, **extra)
    for source, relation, target, confidence in db.execute(
        f"""SELECT a.id, e.relation, b.id, e.confidence FROM edge e JOIN node a ON a.number = e.source JOIN node b ON b.number = e.target
            WHERE e.confidence >= ? {edges} ORDER BY a.id, e.relation, b.id""",
        (least,),
    ):
        graph.add_edge(source, target, key=relation, relation=relation, confidence=confidence / 1000)
    return graph


def _neighbourhood(db: sqlite3.Connection, start: Sequence[int], depth: int, least: int) -> list[int]:
    seen, border = set(start), set(start)
    for _ in range(depth):
        found: set[int] = set()
        for number in border:
            found.update(n for (n,) in db.execute("SELECT target FROM edge WHERE source = ? AND confidence >= ?", (number, least)))
            found.update(n for (n,) in db.execute("SELECT source FROM edge WHERE target = ? AND confidence >= ?", (number, least)))
        border = found - seen
        seen |= border
    return sorted(seen)
