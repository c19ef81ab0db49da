"""How two things are connected: the best simple paths, found from both ends, on which frequent things cost more than rare ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from math import log2

from kg.query.find import find_node
from kg.query.nodes import per_mille, read_nodes
from kg.records import Edge, Node
from kg.store.reading import read_edge

_MOST_EXPANDED = 3_000  # nodes whose links are followed in one search; a path that needs more says little
_NEIGHBOURS = """SELECT e.other, e.confidence, e.id,
        CASE n.kind WHEN 'paper' THEN (SELECT count(*) FROM edge x WHERE x.target = n.number) ELSE n.papers END
    FROM (SELECT target AS other, confidence, id FROM edge WHERE source = ?1 AND confidence >= ?2
          UNION ALL SELECT source, confidence, id FROM edge WHERE target = ?1 AND confidence >= ?2) e
    JOIN node n ON n.number = e.other"""
_MOST_LINKS = 60_000  # that the first search looks at, and a quarter of them each search for a further path
_FURTHER = 5  # times as many where nothing was found yet
STEP = 2.0  # bits: a way over few papers says more than a long one
_AWAY: frozenset[int] = frozenset()
_FAR = float("inf")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: an edge with its evidence, to `node`; `inverse` where the edge points back."""

    edge: Edge
    node: Node
    inverse: bool


@dataclass(frozen=True, slots=True)
class Path:
    """A way from one thing to another that meets nothing twice; `cost` is the sum over its steps, see `find_paths`."""

    start: Node
    cost: float
    steps: tuple[Step, ...]


def find_paths(
    db: sqlite3.Connection, a: str, b: str, *, count: int = 3, kind: str | None = None, min_confidence: float = 0.0
) -> list[Path]:
    """The `count` cheapest simple paths between two things, the cheapest first.

    Costs are in bits. A step costs 2 and the negative binary logarithm of its link's confidence; whatever is passed on the way costs the
    binary logarithm of the number of papers that name it, or cite or build on it, so that rare things join better than what everybody names.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    start, end = find_node(db, a, kind), find_node(db, b, kind)
    if start == end:
        return []
    links = Links(db, per_mille(min_confidence))
    return [_path(db, links, found) for found in _cheapest(links, start, end, count)]


class Links:
    """The links of nodes, read when they are first asked for: the surest edge to each neighbour and what that step costs."""

    def __init__(self, db: sqlite3.Connection, least: int) -> None:
        self._db, self._least = db, least
        self._of: dict[int, dict[int, tuple[float, int]]] = {}
        self._passing: dict[int, float] = {}

    def of(self, node: int) -> dict[int, tuple[float, int]]:
        """The neighbours of a node, each with the cost of the step and the edge."""
        if node not in self._of:
            self._of[node] = self._read(node)
        return self._of[node]

    def passing(self, node: int) -> float:
        """What it costs to pass a node."""
        if node not in self._passing:
            kind, papers = self._db.execute("SELECT kind, papers FROM node WHERE number = ?", (node,)).fetchone()
            if kind == "paper":
                papers = self._db.execute("SELECT count(*) FROM edge WHERE target = ?", (node,)).fetchone()[0]
            self._passing[node] = log2(max(1, papers))
        return self._passing[node]

    def count(self, node: int) -> float:
        """About how many links a node has: as many papers as name it; what a paper itself names does not count."""
        return 2 ** self.passing(node)

    def _read(self, node: int) -> dict[int, tuple[float, int]]:
        found: dict[int, tuple[float, int]] = {}
        for other, confidence, edge, papers in self._db.execute(_NEIGHBOURS, (node, self._least)):
            step = (STEP - log2(max(1, confidence) / 1000), edge)
            if other not in found or step < found[other]:
                found[other] = step
            self._passing[other] = log2(max(1, papers))
        found.pop(node, None)
        return found


def _cheapest(links: Links, start: int, end: int, count: int) -> list[tuple[float, tuple[int, ...]]]:
    """The cheapest simple paths, by Yen's method (1971): each further one leaves an earlier one at some node and never returns to it."""
    first = _search(links, start, end, _AWAY, frozenset())
    found = [first] if first else []
    waiting: list[tuple[float, tuple[int, ...]]] = []
    seen = {path for _, path in found}
    while found and len(found) < count:
        previous = found[-1][1]
        for i in range(len(previous) - 1):
            root = previous[: i + 1]
            closed = frozenset(path[i + 1] for _, path in found if path[: i + 1] == root and len(path) > i + 1)
            spur = _search(links, previous[i], end, frozenset(root[:-1]), closed)
            if spur:
                path = root[:-1] + spur[1]
                if path not in seen:
                    seen.add(path)
                    heappush(waiting, (path_cost(links, path), path))
        if not waiting:
            break
        found.append(heappop(waiting))
    return found


def path_cost(links: Links, path: tuple[int, ...]) -> float:
    """What a path costs: its steps and the nodes between its ends."""
    steps = sum(links.of(a)[b][0] for a, b in pairwise(path))
    return round(steps + sum(links.passing(node) for node in path[1:-1]), 9)


class _Side:
    """One end of a search: the cheapest known way to each node, the node before it, and what to look at next."""

    def __init__(self, origin: int) -> None:
        self.costs: dict[int, float] = {origin: 0.0}
        self.before: dict[int, int] = {}
        self.queue: list[tuple[float, int]] = [(0.0, origin)]
        self.done: set[int] = set()
        self.looked_at = 0

    def trace(self, node: int) -> Iterator[int]:
        """The nodes from this one back to the origin."""
        yield node
        while node in self.before:
            node = self.before[node]
            yield node

    def least(self) -> float:
        """The cost of the nearest node that is not done."""
        while self.queue and self.queue[0][1] in self.done:
            heappop(self.queue)
        return self.queue[0][0] if self.queue else float("inf")

    def effort(self, links: Links) -> float:
        """How many links this side will have looked at with its nearest node."""
        return self.looked_at + links.count(self.queue[0][1]) if self.queue else float("inf")


def _search(links: Links, start: int, end: int, away: frozenset[int], closed: frozenset[int]) -> tuple[float, tuple[int, ...]] | None:
    """The cheapest path by Dijkstra's method from both ends, that keeps away from some nodes and whose first step is not to a closed one.

    The side that has less to look at goes on, so that what everybody names is read late or never.
    """
    ahead, behind = _Side(start), _Side(end)
    best, meeting = float("inf"), -1
    most = _MOST_LINKS // 4 if closed else _MOST_LINKS
    for _ in range(_MOST_EXPANDED):
        # of a way that is not known yet, one step at least lies between what the two sides know
        if ahead.least() + behind.least() + STEP >= best or ahead.looked_at + behind.looked_at > (most if meeting >= 0 else _FURTHER * most):
            break
        side, other = (ahead, behind) if ahead.effort(links) <= behind.effort(links) else (behind, ahead)
        if not side.queue:
            break
        cost, node = heappop(side.queue)
        side.done.add(node)
        near = links.of(node)
        side.looked_at += len(near)
        shut = closed if side is ahead and node == start else _AWAY
        far = start if closed and side is behind and node in closed else -1
        before = cost if node in (start, end) else cost + links.passing(node) / 2
        for neighbour, (step, _) in near.items():
            if neighbour in away or neighbour in side.done or neighbour in shut or neighbour == far:
                continue
            # half of what it costs to pass a node is borne by the step to it, half by the step from it
            reached = before + step + (0.0 if neighbour in (start, end) else links.passing(neighbour) / 2)
            if reached < side.costs.get(neighbour, _FAR):
                side.costs[neighbour], side.before[neighbour] = reached, node
                heappush(side.queue, (reached, neighbour))
                if reached + other.costs.get(neighbour, _FAR) < best:
                    best, meeting = reached + other.costs[neighbour], neighbour
    if meeting < 0:
        return None
    path = (*reversed(list(ahead.trace(meeting))), *list(behind.trace(meeting))[1:])
    return (path_cost(links, path), path) if len(set(path)) == len(path) else None


def _path(db: sqlite3.Connection, links: Links, found: tuple[float, tuple[int, ...]]) -> Path:
    cost, numbers = found
    nodes = read_nodes(db, numbers)
    steps = []
    for here, there in pairwise(numbers):
        edge = read_edge(db, links.of(here)[there][1])
        steps.append(Step(edge, nodes[there], edge.source != nodes[here].id))
    return Path(nodes[numbers[0]], cost, tuple(steps))
