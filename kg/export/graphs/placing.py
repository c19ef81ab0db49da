"""Where nodes stand in a picture of the whole graph, and how large they are: the same each time."""

from __future__ import annotations

import sqlite3
from math import log2
from typing import TYPE_CHECKING

from kg.export.layout import lay_out
from kg.query.arrays import load_arrays
from kg.query.groups import part, weighted_links
from kg.vocabulary import KINDS

if TYPE_CHECKING:
    from kg.query.arrays import Floats, Ints

Place = tuple[float, float]
_CAREFUL = 12_000  # nodes
_GOLDEN = 2.399963
_SEED = 1
_ROUNDS = 60


def place_nodes(db: sqlite3.Connection, *, min_confidence: float = 0.0) -> dict[str, Place]:
    """A place for each node, by id: what is linked stands near, communities apart, no node upon another."""
    arrays = load_arrays(db, min_confidence=min_confidence)
    low, high, weights = weighted_links(arrays)
    sizes = [node_size(KINDS[kind], papers) for kind, papers in zip(arrays.kinds.tolist(), arrays.papers.tolist(), strict=True)]
    ids = [identity for (identity,) in db.execute("SELECT id FROM node ORDER BY id")]
    if arrays.size > _CAREFUL:
        points = [(float(x), float(y)) for x, y in spread(low, high, weights, arrays.size)]
    else:
        links = list(zip(low.tolist(), high.tolist(), weights.tolist(), strict=True))
        layout = lay_out(arrays.size, links, [(size, size) for size in sizes])
        points = list(zip(layout.x, layout.y, strict=True))
    return dict(zip(ids, points, strict=True))


def spread(low: Ints, high: Ints, weights: Floats, size: int) -> Floats:
    """Places for a graph too large to be laid out with care: communities on a spiral, loosened by Fruchterman and Reingold's method on a grid."""
    import random

    import igraph
    import numpy as np

    member = part(low, high, weights, size)
    counts = np.bincount(member)
    rank = np.empty(len(counts), dtype=np.int64)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    order = np.argsort(rank[member], kind="stable")
    # in the order of their communities nodes fill the plane from the middle outwards, at the golden angle
    start, turns = np.empty((size, 2)), np.arange(size)
    start[order] = np.column_stack((np.cos(turns * _GOLDEN), np.sin(turns * _GOLDEN))) * np.sqrt(turns + 1)[:, None]
    centres = np.column_stack([np.bincount(member, start[:, i]) / counts for i in (0, 1)])
    angle = rank * _GOLDEN
    largest = np.sort(counts)[::-1]
    ring = np.sqrt(np.cumsum(largest) - largest)[rank]
    home = np.column_stack((np.cos(angle), np.sin(angle))) * ring[:, None]
    start = home[member] + (start - centres[member]) * (np.sqrt(counts) / np.sqrt(size))[member][:, None]
    graph = igraph.Graph(n=size, edges=np.column_stack((low, high)), directed=False)
    igraph.set_random_number_generator(random.Random(_SEED))
    try:
        found = graph.layout_fruchterman_reingold(seed=start.tolist(), niter=_ROUNDS, start_temp=1.0, grid=True)
    finally:
        igraph.set_random_number_generator(random)
    points: Floats = np.nan_to_num(np.asarray(found.coords)) * 30
    return points


def node_size(kind: str, papers: int) -> float:
    """How large a node is drawn: papers alike, entities by the logarithm of how many papers name them."""
    return 6.0 if kind == "paper" else 6.0 + 4 * log2(max(1, papers))
