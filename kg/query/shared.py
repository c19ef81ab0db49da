"""What papers have in common; between entities, the papers that join them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from kg.query.find import find_node
from kg.query.nodes import count_papers, per_mille, rarity, read_edges, read_nodes
from kg.records import Edge, Node

_NEIGHBOURS = """SELECT target AS other, id, confidence FROM edge WHERE source = ? AND confidence >= ?
    UNION ALL SELECT source, id, confidence FROM edge WHERE target = ? AND confidence >= ?"""


@dataclass(frozen=True, slots=True)
class SharedRow:
    """What all that was asked for is linked to. `sides` holds, for each asked thing in its order, its edges with `node`, the surest first.

    `score` is the rarity of the node times how sure the least sure side is.
    """

    node: Node
    score: float
    sides: tuple[tuple[Edge, ...], ...]


def find_shared(db: sqlite3.Connection, names: Sequence[str], *, kind: str | None = None, limit: int = 0, min_confidence: float = 0.0) -> list[SharedRow]:
    """Everything that is linked to all of the names, what says most first.

    Args:
        names: Two or more papers or entities.
        kind: Only shared things of this kind.
        limit: At most so many rows; 0 for all.
        min_confidence: Edges below this do not count.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    asked = [find_node(db, name) for name in names]
    sides = [_neighbours(db, number, per_mille(min_confidence)) for number in asked]
    common = set(sides[0]).intersection(*sides[1:]) - set(asked)
    nodes = {number: node for number, node in read_nodes(db, common).items() if kind in (None, node.kind)}
    total = count_papers(db)
    scores = {n: rarity(node.papers, total) * min(side[n][0][0] for side in sides) / 1000 for n, node in nodes.items()}
    best = sorted(nodes, key=lambda n: (-scores[n], nodes[n].id))[: limit or None]
    return [SharedRow(nodes[n], scores[n], tuple(read_edges(db, (edge for _, edge in side[n])) for side in sides)) for n in best]


def _neighbours(db: sqlite3.Connection, number: int, least: int) -> dict[int, list[tuple[int, int]]]:
    """All that a node is linked to, each with its edges as (confidence, edge), the surest first."""
    found: dict[int, list[tuple[int, int]]] = {}
    for other, edge, confidence in db.execute(_NEIGHBOURS, (number, least, number, least)):
        found.setdefault(other, []).append((confidence, edge))
    for edges in found.values():
        edges.sort(key=lambda pair: (-pair[0], pair[1]))
    return found
