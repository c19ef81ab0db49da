"""Where nodes stand in a picture of the whole graph: the same place each time."""

from __future__ import annotations

import sqlite3
from math import log2
from typing import Any

from kg.query.arrays import Arrays, join_parallel, load_arrays

Place = tuple[float, float]
_SEED = 1


def place_nodes(db: sqlite3.Connection, *, min_confidence: float = 0.0) -> dict[str, Place]:
    """A place for each node, by id: what is linked stands near."""
    import numpy as np

    arrays = load_arrays(db, min_confidence=min_confidence)
    low, high, weights = join_parallel(arrays.sources, arrays.targets, arrays.confidences, arrays.size)
    points = _lay_out(arrays, np.column_stack((low, high)), weights.tolist())
    ids = [identity for (identity,) in db.execute("SELECT id FROM node ORDER BY id")]
    return {identity: (float(x), float(y)) for identity, (x, y) in zip(ids, points, strict=True)}


def _lay_out(arrays: Arrays, links: Any, weights: list[float]) -> Any:
    """Fruchterman and Reingold's layout on a grid, from a spiral on which papers and entities stand by id."""
    import random

    import igraph
    import numpy as np

    turns = np.arange(arrays.size) * 2.399963  # the golden angle
    start = np.column_stack((np.cos(turns), np.sin(turns))) * np.sqrt(np.arange(arrays.size) + 1)[:, None]
    graph = igraph.Graph(n=arrays.size, edges=links, directed=False)
    igraph.set_random_number_generator(random.Random(_SEED))
    try:
        found = graph.layout_fruchterman_reingold(seed=start.tolist(), weights=weights, niter=300, grid=True) if len(links) else start
    finally:
        igraph.set_random_number_generator(random)
    coordinates = np.nan_to_num(np.asarray(getattr(found, "coords", found)))
    return coordinates * (20 + 2 * log2(arrays.size + 1))
