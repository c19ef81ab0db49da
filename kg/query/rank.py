"""What matters most: entities or papers by how many papers name them, by PageRank, or by how many shortest paths pass them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.query.arrays import KIND_CODES, RELATION_CODES, Arrays, join_parallel, load_arrays
from kg.query.nodes import FROM_PAPER, per_mille, read_nodes
from kg.records import Node
from kg.vocabulary import LINKED, NAMED, TO_LINKED, TO_NAMED

if TYPE_CHECKING:
    from kg.query.arrays import Floats, Ints

Measure = Literal["papers", "pagerank", "betweenness"]
_DAMPING = 0.85
_ENOUGH = 1e-12
_ROUNDS = 200
_LINKS_FOLLOWED = 40_000_000  # betweenness follows every link from each start: with more, a fixed sample of starts stands for all
_FEWEST_STARTS = 16


@dataclass(frozen=True, slots=True)
class RankRow:
    """A node with its rank, from 1, and the measure's value: papers, a probability, or the share of shortest paths that pass it."""

    rank: int
    node: Node
    value: float


def rank_nodes(
    db: sqlite3.Connection, kind: str, *, by: Measure = "papers", relation: str | None = None, limit: int = 0, min_confidence: float = 0.0
) -> list[RankRow]:
    """The nodes of a kind, the weightiest first.

    `papers` counts the papers that name an entity, or that cite or build on a paper. `pagerank` follows a reader who goes from a paper to what it
    names, and from there to the one paper that introduced it, preferring sure links. `betweenness` is the share of shortest paths that pass a node;
    on large graphs it is estimated from a fixed sample of starts.

    Args:
        db: An open graph.
        kind: Of `kg.vocabulary.KINDS`.
        by: The measure.
        relation: Only links of this relation count.
        limit: At most so many rows; 0 for all.
        min_confidence: Edges below this do not count.
    """
    values = _papers(db, kind, relation, min_confidence) if by == "papers" else _measured(db, kind, by, relation, min_confidence)
    nodes = read_nodes(db, _likeliest(values, limit))
    best = sorted(nodes, key=lambda n: (-values[n], nodes[n].id))[: limit or None]
    return [RankRow(rank, nodes[n], values[n]) for rank, n in enumerate(best, 1)]


def _likeliest(values: dict[int, float], limit: int) -> list[int]:
    """All that can be among the first `limit`, equals of the last one too."""
    best = sorted(values, key=lambda n: -values[n])
    return best if not limit or len(best) <= limit else [n for n in best if values[n] >= values[best[limit - 1]]]


def _papers(db: sqlite3.Connection, kind: str, relation: str | None, min_confidence: float) -> dict[int, float]:
    if relation is None and not min_confidence and kind != "paper":
        return dict(db.execute("SELECT number, papers FROM node WHERE kind = ?", (kind,)))
    chosen, values = ("AND e.relation = ?", (relation,)) if relation else (f"AND e.{FROM_PAPER}", ())
    rows = db.execute(
        f"""SELECT e.target, count(DISTINCT e.source) FROM node n CROSS JOIN edge e ON e.target = n.number
            WHERE n.kind = ? AND e.confidence >= ? {chosen} GROUP BY e.target""",
        (kind, per_mille(min_confidence), *values),
    )
    return dict(rows)


def _measured(db: sqlite3.Connection, kind: str, by: Measure, relation: str | None, min_confidence: float) -> dict[int, float]:
    kinds = ("paper", *NAMED, *LINKED) if kind in LINKED else ("paper", *NAMED)
    chosen = (relation,) if relation else (*TO_NAMED, *TO_LINKED, "cites")
    arrays = load_arrays(db, kinds=kinds, relations=chosen, min_confidence=min_confidence)
    values = pagerank(arrays, {} if relation else read_makers(db)) if by == "pagerank" else betweenness(arrays)
    return {int(arrays.numbers[i]): round(float(values[i]), 12) for i in (arrays.kinds == KIND_CODES[kind]).nonzero()[0]}


def read_makers(db: sqlite3.Connection) -> dict[int, int]:
    """For each thing that exactly one paper introduced, in rising order, that paper; both by number."""
    return dict(db.execute("SELECT entity, paper FROM introduced ORDER BY entity"))


def walk(arrays: Arrays, makers: Mapping[int, int]) -> tuple[Ints, Ints, Floats]:
    """The links that a reader follows: from a paper to what it names, and from a thing to the paper of `makers` that introduced it."""
    import numpy as np

    things, papers = (np.fromiter(numbers, np.int64, len(makers)) for numbers in (makers.keys(), makers.values()))
    targets = arrays.numbers[arrays.targets]
    place = np.minimum(np.searchsorted(things, targets), max(len(things) - 1, 0))
    back = arrays.relations == RELATION_CODES["introduces"]
    back &= (things[place] == targets) & (papers[place] == arrays.numbers[arrays.sources]) if len(things) else False
    return np.where(back, arrays.targets, arrays.sources), np.where(back, arrays.sources, arrays.targets), arrays.confidences


def pagerank(arrays: Arrays, makers: Mapping[int, int]) -> Floats:
    """The probability that a reader who follows links (`walk`), and one time in seven starts anew anywhere, is at each node.

    L. Page, S. Brin, R. Motwani, T. Winograd, The PageRank Citation Ranking, 1999; links in proportion to their confidence.
    """
    import numpy as np

    sources, targets, weights = walk(arrays, makers)
    size = arrays.size
    if not size:
        return np.zeros(0)
    out = np.bincount(sources, weights=weights, minlength=size)
    shares = weights / out[sources] if len(sources) else weights
    # what leads nowhere gives nothing back: only its sum is needed till the end
    leads = out > 0
    inner = leads[targets]
    inner_sources, inner_targets, inner_shares = sources[inner], targets[inner], shares[inner]
    values: Floats = np.full(size, 1 / size)
    for _ in range(_ROUNDS):
        before = values
        lost = 1 - before[leads].sum()
        values = _DAMPING * (np.bincount(inner_targets, weights=before[inner_sources] * inner_shares, minlength=size) + lost / size) + (1 - _DAMPING) / size
        if np.abs(values - before)[leads].sum() < _ENOUGH:
            break
    lost = 1 - values[leads].sum()
    reached: Floats = np.bincount(targets, weights=values[sources] * shares, minlength=size) + lost / size
    return _DAMPING * reached + (1 - _DAMPING) / size


def betweenness(arrays: Arrays) -> Floats:
    """The share of shortest paths between others that pass each node, links taken as undirected.

    L. Freeman, A Set of Measures of Centrality Based on Betweenness, 1977; estimated as U. Brandes and C. Pich do, 2007, where there is too much to follow.
    """
    import igraph
    import numpy as np

    low, high, _ = join_parallel(arrays.sources, arrays.targets, arrays.confidences, arrays.size)
    size = arrays.size
    if size < 3:
        return np.zeros(size)
    graph = igraph.Graph(n=size, edges=np.column_stack((low, high)), directed=False)
    starts = start_count(size, len(low))
    if starts == size:
        return np.array(graph.betweenness(directed=False)) * 2 / ((size - 1) * (size - 2))
    chosen = np.unique(np.linspace(0, size - 1, starts).astype(np.int64))
    passed = np.array(graph.betweenness(directed=False, sources=chosen.tolist()))
    return passed * size / len(chosen) * 2 / ((size - 1) * (size - 2))


def start_count(nodes: int, links: int) -> int:
    """From how many nodes betweenness follows all links: from all where that is not too much."""
    return min(nodes, max(_FEWEST_STARTS, _LINKS_FOLLOWED // max(1, links + nodes)))
