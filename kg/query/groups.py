"""Communities: papers and what they name, parted so that there are many links within and few between."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Mapping
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from kg.query.arrays import KIND_CODES, Arrays, join_parallel, load_arrays
from kg.query.nodes import rarity, read_nodes
from kg.records import Node
from kg.vocabulary import NAMED, TO_NAMED

if TYPE_CHECKING:
    from kg.query.arrays import Floats, Ints

_SEED = 1
_ROUNDS, _FEW_ROUNDS = 8, 2  # on large graphs the first rounds bring nearly all
_MANY_LINKS = 1_000_000
_WORDS = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """A thing that papers of a group name: how many of them, and how many times more often than papers elsewhere."""

    node: Node
    papers: int
    lift: float


@dataclass(frozen=True, slots=True)
class Group:
    """A community. `name` says what tells it from the others; `centre` is the thing with most weight in it; papers come with the central ones first."""

    name: str
    size: int
    centre: Node
    topics: tuple[Topic, ...]
    papers: tuple[Node, ...]


def find_groups(
    db: sqlite3.Connection, *, resolution: float = 1.0, min_size: int = 3, topics: int = 8, papers: int = 10, limit: int = 0, min_confidence: float = 0.0
) -> list[Group]:
    """Communities of papers and entities, the largest first, by Leiden's method over links weighted by rarity and confidence.

    Args:
        db: An open graph.
        resolution: Above 1 gives more and smaller groups.
        min_size: How many papers a group must have.
        topics: How many of the things that mark a group are told.
        papers: How many of its papers are told; 0 for all.
        limit: At most so many groups; 0 for all.
        min_confidence: Edges below this do not count.
    """
    import numpy as np

    arrays = load_arrays(db, kinds=("paper", *NAMED), relations=TO_NAMED, min_confidence=min_confidence)
    low, high, weights = weighted_links(arrays)
    membership = part(low, high, weights, arrays.size, resolution)
    is_paper = arrays.kinds == KIND_CODES["paper"]
    sizes = np.bincount(membership[is_paper], minlength=int(membership.max(initial=-1)) + 1)
    strength = _strength(low, high, weights, membership, arrays.size)
    # equal sizes in the order of their first node, so that the numbers the method gives do not matter
    firsts = np.unique(membership, return_index=True)[1]
    order = sorted((g for g in range(len(sizes)) if sizes[g] >= min_size), key=lambda g: (-sizes[g], firsts[g]))[: limit or None]
    named = _named_within(arrays, membership)
    broad = _broad(db, arrays)
    return [_group(db, arrays, g, membership, strength, named.get(g, {}), broad, int(is_paper.sum()), topics, papers) for g in order]


def weighted_links(arrays: Arrays) -> tuple[Ints, Ints, Floats]:
    """Undirected links, each pair of nodes once, weighted by confidence and by how few papers name the entity."""
    import numpy as np

    total = int((arrays.kinds == KIND_CODES["paper"]).sum())
    weight_of = {count: rarity(count, total) for count in np.unique(arrays.papers).tolist()}
    rare = np.array([weight_of[count] for count in arrays.papers.tolist()])
    rarities = rare[arrays.targets] if len(arrays.targets) else np.zeros(0)
    return join_parallel(arrays.sources, arrays.targets, arrays.confidences * rarities, arrays.size)


def part(low: Ints, high: Ints, weights: Floats, size: int, resolution: float = 1.0) -> Ints:
    """The number of each node's community: V. Traag, L. Waltman, N. J. van Eck, From Louvain to Leiden, 2019; the same every time."""
    import random

    import igraph
    import numpy as np

    if not size:
        return np.zeros(0, dtype=np.int64)
    graph = igraph.Graph(n=size, edges=np.column_stack((low, high)), directed=False)
    igraph.set_random_number_generator(random.Random(_SEED))
    try:
        found = graph.community_leiden("modularity", weights=weights.tolist(), resolution=resolution, n_iterations=_ROUNDS if len(low) < _MANY_LINKS else _FEW_ROUNDS)
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found.membership, dtype=np.int64)


def _strength(low: Ints, high: Ints, weights: Floats, membership: Ints, size: int) -> Floats:
    """How much weight each node has within its own community."""
    import numpy as np

    inside = membership[low] == membership[high]
    return np.asarray(np.bincount(low[inside], weights[inside], size) + np.bincount(high[inside], weights[inside], size), dtype=np.float64)


def _named_within(arrays: Arrays, membership: Ints) -> dict[int, dict[int, int]]:
    """For each community and entity: how many papers of the community name it, wherever the entity itself belongs."""
    import numpy as np

    keys = np.unique(np.column_stack((arrays.sources, arrays.targets)), axis=0) if len(arrays.sources) else np.zeros((0, 2), dtype=np.int64)
    pairs, counts = np.unique(membership[keys[:, 0]] * arrays.size + keys[:, 1], return_counts=True)
    found: dict[int, dict[int, int]] = {}
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        found.setdefault(pair // arrays.size, {})[pair % arrays.size] = count
    return found


def _broad(db: sqlite3.Connection, arrays: Arrays) -> frozenset[int]:
    """The places of the things that say little of one paper; a group is told by others where it has them."""
    import numpy as np

    numbers = [row[0] for row in db.execute("SELECT node FROM broad")]
    return frozenset(np.isin(arrays.numbers, numbers).nonzero()[0].tolist())


def _group(
    db: sqlite3.Connection, arrays: Arrays, group: int, membership: Ints, strength: Floats, named: Mapping[int, int], broad: Container[int], total: int, topics: int, papers: int
) -> Group:
    members = (membership == group).nonzero()[0]
    inside = members[arrays.kinds[members] == KIND_CODES["paper"]]
    size = len(inside)
    lifts = {i: count * total / (size * max(int(arrays.papers[i]), count)) for i, count in named.items()}
    marks = sorted(named, key=lambda i: (i in broad, -named[i] * log2(max(1.0, lifts[i])), -named[i], i))[:topics]
    central = sorted(inside.tolist(), key=lambda i: (-round(float(strength[i]), 9), i))[: papers or None]
    entities = [i for i in members.tolist() if arrays.kinds[i] != KIND_CODES["paper"]]
    centre = max(entities or central, key=lambda i: (round(float(strength[i]), 9), -i))
    nodes = read_nodes(db, (int(arrays.numbers[i]) for i in {*marks, *central, centre}))
    at = {i: nodes[int(arrays.numbers[i])] for i in {*marks, *central, centre}}
    name = ", ".join(at[i].label for i in marks[:_WORDS]) or at[centre].label
    return Group(name, size, at[centre], tuple(Topic(at[i], named[i], lifts[i]) for i in marks), tuple(at[i] for i in central))
