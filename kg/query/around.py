"""What lies next to a thing, small enough to be drawn."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kg.query.find import find_node
from kg.query.nodes import per_mille, read_edges, read_nodes
from kg.records import Edge, Node


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A node, the nodes that it is linked to by the surest links, and all links between these; a notebook shows it as a picture."""

    centre: Node
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def _repr_html_(self) -> str:
        from kg.export.sketch import draw_neighbourhood

        return draw_neighbourhood(self)


def find_around(db: sqlite3.Connection, name: str, *, kind: str | None = None, limit: int = 24, min_confidence: float = 0.0) -> Neighbourhood:
    """The neighbours of a thing by its surest links, at most `limit` of them (0 for all), and the links between all of these.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    centre = find_node(db, name, kind)
    least = per_mille(min_confidence)
    rows = db.execute(
        """SELECT other, max(confidence) FROM (SELECT target AS other, confidence FROM edge WHERE source = ?1 AND confidence >= ?2
           UNION ALL SELECT source, confidence FROM edge WHERE target = ?1 AND confidence >= ?2) GROUP BY other""",
        (centre, least),
    ).fetchall()
    sure = dict(rows)
    last = sorted(sure.values(), reverse=True)[limit - 1] if 0 < limit < len(sure) else 0
    nodes = read_nodes(db, [centre, *(n for n, confidence in sure.items() if confidence >= last)])
    ranked = sorted((n for n in nodes if n != centre), key=lambda n: (-sure[n], nodes[n].id))
    near = ranked[: limit or None]
    held = {centre, *near}
    edges = [
        (nodes[source].id, relation, nodes[target].id, edge)
        for n in sorted(held)
        for source, relation, target, edge in db.execute("SELECT source, relation, target, id FROM edge WHERE source = ? AND confidence >= ?", (n, least))
        if target in held
    ]
    return Neighbourhood(nodes[centre], tuple(nodes[n] for n in near), read_edges(db, (edge for *_, edge in sorted(edges))))
