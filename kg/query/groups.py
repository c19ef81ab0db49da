"""Communities: papers and what they name, parted so that there are many links within and few between."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.query.arrays import KIND_CODES, Arrays, join_parallel, load_arrays
from kg.query.nodes import rarity, read_nodes
from kg.records import Node
from kg.vocabulary import NAMED, TO_NAMED

if TYPE_CHECKING:
    from kg.query.arrays import Bools, Floats, Ints

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
    found = _Communities(arrays, membership, _strength(low, high, weights, membership, arrays.size), _broad(db, arrays))
    # equal sizes in the order of their first node, so that the numbers the method gives do not matter
    firsts = np.unique(membership, return_index=True)[1]
    order = sorted((g for g in range(len(sizes)) if sizes[g] >= min_size), key=lambda g: (-sizes[g], firsts[g]))[: limit or None]
    return [_group(db, found, group, int(is_paper.sum()), topics, papers) for group in order]


def weighted_links(arrays: Arrays) -> tuple[Ints, Ints, Floats]:
    """Undirected links, each pair of nodes once, weighted by confidence and by how few papers name the entity."""
    import numpy as np

    total = int((arrays.kinds == KIND_CODES["paper"]).sum())
    counts, which = np.unique(arrays.papers, return_inverse=True)
    rare = np.array([rarity(count, total) for count in counts.tolist()])
    rarities = rare[which][arrays.targets] if len(arrays.targets) else np.zeros(0)
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


class _Communities:
    """Communities as arrays sorted by them: their members, and how many of their papers name each thing, wherever that itself belongs."""

    def __init__(self, arrays: Arrays, membership: Ints, strength: Floats, broad: Bools) -> None:
        import numpy as np

        self.arrays, self.strength, self.broad = arrays, np.round(strength, 9), broad
        self._members = np.argsort(membership, kind="stable")
        self._bounds = np.searchsorted(membership[self._members], np.arange(int(membership.max(initial=-1)) + 2))
        once = np.flatnonzero(np.diff(arrays.sources * arrays.size + arrays.targets, prepend=-1))
        self._pairs, self._counts = np.unique(membership[arrays.sources[once]] * arrays.size + arrays.targets[once], return_counts=True)

    def members(self, group: int) -> Ints:
        """The nodes of a community, in their order."""
        return self._members[self._bounds[group] : self._bounds[group + 1]]

    def named(self, group: int) -> tuple[Ints, Ints]:
        """What its papers name, and how many of them do."""
        first, last = self._pairs.searchsorted((group * self.arrays.size, (group + 1) * self.arrays.size))
        return self._pairs[first:last] % self.arrays.size, self._counts[first:last]


def _broad(db: sqlite3.Connection, arrays: Arrays) -> Bools:
    """Which nodes say little of one paper; a group is told by others where it has them."""
    import numpy as np

    return np.isin(arrays.numbers, [number for (number,) in db.execute("SELECT node FROM broad")])


def _group(db: sqlite3.Connection, found: _Communities, group: int, total: int, topics: int, papers: int) -> Group:
    import numpy as np

    arrays, strength, members = found.arrays, found.strength, found.members(group)
    is_paper = arrays.kinds[members] == KIND_CODES["paper"]
    inside, entities = members[is_paper], members[~is_paper]
    things, counts = found.named(group)
    lifts = counts * total / (len(inside) * np.maximum(arrays.papers[things], counts))
    marks = np.lexsort((things, -counts, -counts * np.log2(np.maximum(1.0, lifts)), found.broad[things]))[:topics]
    central = inside[np.argsort(-strength[inside], kind="stable")][: papers or None]
    centre = (entities if len(entities) else central)[np.argmax(strength[entities if len(entities) else central])]
    nodes = read_nodes(db, arrays.numbers[[*things[marks], *central, centre]].tolist())
    at = {i: nodes[int(arrays.numbers[i])] for i in (*things[marks].tolist(), *central.tolist(), int(centre))}
    told = tuple(Topic(at[int(things[i])], int(counts[i]), float(lifts[i])) for i in marks)
    name = ", ".join(topic.node.label for topic in told[:_WORDS]) or at[int(centre)].label
    return Group(name, len(inside), at[int(centre)], told, tuple(at[i] for i in central.tolist()))
