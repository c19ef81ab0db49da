"""What papers have in common; between entities, the papers that join them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.query.find import find_node, read_node
from kg.query.nodes import count_papers, per_mille, rarity, read_edges, read_nodes
from kg.records import Edge, Node

_NEIGHBOURS = """SELECT target AS other, id, confidence FROM edge WHERE source = ?1 AND confidence >= ?2
    UNION ALL SELECT source, id, confidence FROM edge WHERE target = ?1 AND confidence >= ?2"""
_NEIGHBOURS_AMONG = """SELECT c.value, e.id, e.confidence FROM json_each(?1) c CROSS JOIN edge e ON e.source = ?2 AND e.target = c.value WHERE e.confidence >= ?3
    UNION ALL SELECT c.value, e.id, e.confidence FROM json_each(?1) c CROSS JOIN edge e ON e.source = c.value AND e.target = ?2 WHERE e.confidence >= ?3"""
_PROBE = 3  # looking up one node's link costs as much as reading so many in one piece
_Side = dict[int, list[tuple[int, int]]]


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
    found: dict[int, _Side] = {}
    common: Collection[int] | None = None
    for number in sorted(asked, key=lambda n: read_node(db, n).papers):  # what few papers name first: all others are only asked for these
        found[number] = _neighbours(db, number, per_mille(min_confidence), common)
        common = found[number].keys()
    sides = [found[number] for number in asked]
    common = set(common or ()) - set(asked)
    nodes = {number: node for number, node in read_nodes(db, common).items() if kind in (None, node.kind)}
    total = count_papers(db)
    scores = {n: rarity(node.papers, total) * min(side[n][0][0] for side in sides) / 1000 for n, node in nodes.items()}
    best = sorted(nodes, key=lambda n: (-scores[n], nodes[n].id))[: limit or None]
    return [SharedRow(nodes[n], scores[n], tuple(read_edges(db, (edge for _, edge in side[n])) for side in sides)) for n in best]


def _neighbours(db: sqlite3.Connection, number: int, least: int, among: Collection[int] | None) -> _Side:
    """All that a node is linked to, or what of some nodes, each with its edges as (confidence, edge), the surest first."""
    if among is not None and len(among) * _PROBE < read_node(db, number).papers:
        rows = db.execute(_NEIGHBOURS_AMONG, (json.dumps(list(among)), number, least))
    else:
        rows = db.execute(_NEIGHBOURS, (number, least))
    found: _Side = {}
    for other, edge, confidence in rows:
        if among is None or other in among:
            found.setdefault(other, []).append((confidence, edge))
    for edges in found.values():
        edges.sort(key=lambda pair: (-pair[0], pair[1]))
    return found
