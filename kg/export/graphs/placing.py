"""Where nodes stand in a picture of the whole graph, and how large they are: the same each time."""

from __future__ import annotations

import sqlite3
from math import log2

from kg.export.layout import lay_out
from kg.query.arrays import load_arrays
from kg.query.groups import weighted_links
from kg.vocabulary import KINDS

Place = tuple[float, float]


def place_nodes(db: sqlite3.Connection, *, min_confidence: float = 0.0) -> dict[str, Place]:
    """A place for each node, by id: what is linked stands near, communities apart, no node upon another."""
    arrays = load_arrays(db, min_confidence=min_confidence)
    low, high, weights = weighted_links(arrays)
    sizes = [node_size(KINDS[kind], papers) for kind, papers in zip(arrays.kinds.tolist(), arrays.papers.tolist(), strict=True)]
    links = list(zip(low.tolist(), high.tolist(), weights.tolist(), strict=True))
    layout = lay_out(arrays.size, links, [(size, size) for size in sizes])
    ids = [identity for (identity,) in db.execute("SELECT id FROM node ORDER BY id")]
    return dict(zip(ids, zip(layout.x, layout.y, strict=True), strict=True))


def node_size(kind: str, papers: int) -> float:
    """How large a node is drawn: papers alike, entities by the logarithm of how many papers name them."""
    return 6.0 if kind == "paper" else 6.0 + 4 * log2(max(1, papers))
