"""Positions for the nodes of a graph: each community is laid out alone, then all are packed beside one another."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.export.layout.packing import pack_shapes
from kg.export.layout.spreading import spread

if TYPE_CHECKING:
    import igraph
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

_SEED = 20
_STRESS_LIMIT = 300  # Kamada–Kawai reads better, but its time grows with the cube of the nodes
_LEAST = 5  # a community of fewer nodes joins the one that it has most links to


@dataclass(frozen=True, slots=True)
class Layout:
    """Coordinates in pixels at scale 1, y downwards, and the number of each node's community, the largest first."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    community: tuple[int, ...]


def lay_out(
    count: int,
    links: Sequence[tuple[int, int, float]],
    boxes: Sequence[tuple[float, float]],
    *,
    gap: float = 8,
    margin: float = 14,
    aspect: float = 1.15,
) -> Layout:
    """Place nodes 0..count-1, so that what is linked is near, communities are apart and no two nodes overlap.

    Args:
        count: How many nodes there are.
        links: Pairs of nodes with a weight above 0; both directions count alike.
        boxes: Half the width and half the height that each node needs, its name included where that shall have room.
        gap: Least distance between two boxes.
        margin: Room around a community.
        aspect: Width by height of the picture to aim at.
    """
    import numpy as np

    if not count:
        return Layout((), (), ())
    graph = _simple_graph(count, links)
    with _seeded():
        groups = _communities(graph)
    member = np.empty(count, dtype=int)
    for number, group in enumerate(groups):
        member[group] = number
    halves, between = np.asarray(boxes, dtype=float), _between(graph, member)
    # names make boxes wide: the picture is made for square ones, and stretched when all stand
    stretch = float(np.clip(np.sqrt((halves[:, 0] ** 2).sum() / (halves[:, 1] ** 2).sum()), 1, 1.6))
    halves[:, 0] /= stretch
    points = np.zeros((count, 2))
    with _seeded():
        for group in groups:
            points[group] = _place_group(graph, group, halves[group], gap)
    # packed twice: once to know where the others lie, and after each community has turned towards them
    for is_last in (False, True):
        spaced = points.copy()
        for group in groups:
            spaced[group] = _centred(spread(points[group], halves[group], gap))
        corners = [np.concatenate([spaced[g] + halves[g] * way for way in ((1, 1), (1, -1), (-1, 1), (-1, -1))]) for g in groups]
        centres = pack_shapes(corners, margin, between, aspect / stretch)
        if not is_last:
            _turn(graph, groups, member, points, centres)
    points = spaced + centres[member]
    points[:, 0] *= stretch
    points = np.round(_centred(points), 1)
    return Layout(tuple(points[:, 0].tolist()), tuple(points[:, 1].tolist()), tuple(member.tolist()))


def _centred(points: Points) -> Points:
    middle: Points = points - (points.min(axis=0) + points.max(axis=0)) / 2
    return middle


@contextmanager
def _seeded() -> Iterator[None]:
    """Let igraph draw the same random numbers each time, and afterwards those that it drew before."""
    import igraph

    igraph.set_random_number_generator(random.Random(_SEED))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _simple_graph(count: int, links: Sequence[tuple[int, int, float]]) -> igraph.Graph:
    import igraph

    weights: dict[tuple[int, int], float] = defaultdict(float)
    for a, b, weight in links:
        if a != b:
            weights[min(a, b), max(a, b)] += weight
    pairs = sorted(weights)
    graph = igraph.Graph(count, pairs)
    graph.es["weight"] = [weights[pair] for pair in pairs]
    return graph


def _communities(graph: igraph.Graph) -> list[list[int]]:
    """Sorted lists of nodes, the largest community first."""
    member = graph.community_multilevel(weights="weight" if graph.ecount() else None).membership
    groups: dict[int, list[int]] = defaultdict(list)
    for node, number in enumerate(member):
        groups[number].append(node)
    for number in sorted(groups, key=lambda n: (len(groups[n]), groups[n])):
        if len(groups[number]) < _LEAST:
            _merge(graph, groups, member, number)
    return sorted(groups.values(), key=lambda group: (-len(group), group))


def _merge(graph: igraph.Graph, groups: dict[int, list[int]], member: list[int], number: int) -> None:
    """Give a small community to the one that it has most links to, if it has any."""
    pull: dict[int, float] = defaultdict(float)
    for node in groups[number]:
        for edge in graph.incident(node):
            other = member[graph.es[edge].target if graph.es[edge].source == node else graph.es[edge].source]
            if other != number:
                pull[other] += graph.es[edge]["weight"]
    if pull:
        home = max(pull, key=lambda n: (pull[n], -n))
        for node in groups[number]:
            member[node] = home
        groups[home] = sorted(groups[home] + groups.pop(number))


def _place_group(graph: igraph.Graph, group: Sequence[int], halves: Any, gap: float) -> Points:
    """One community around its own origin, about as wide as its nodes need."""
    import numpy as np

    if len(group) == 1:
        return np.zeros((1, 2))
    part = graph.induced_subgraph(group)
    start = part.layout_circle()
    if len(group) <= _STRESS_LIMIT:
        raw = part.layout_kamada_kawai(seed=start, maxiter=60 * len(group))
    else:
        raw = part.layout_fruchterman_reingold(seed=start, weights="weight", niter=300, grid=True)
    points = np.nan_to_num(np.asarray(raw.coords))
    points -= points.mean(axis=0)
    room = float((2 * halves + gap).prod(axis=1).sum()) * 1.1
    extent = np.maximum(np.ptp(points, axis=0), 1e-6)
    scaled: Points = points * np.sqrt(room / max(extent[0] * extent[1], 0.04 * extent.max() ** 2))
    return scaled


def _between(graph: igraph.Graph, member: Any) -> dict[tuple[int, int], float]:
    """The weight of links between communities, by pairs in order."""
    pull: dict[tuple[int, int], float] = defaultdict(float)
    for edge in graph.es:
        a, b = int(member[edge.source]), int(member[edge.target])
        if a != b:
            pull[min(a, b), max(a, b)] += edge["weight"]
    return dict(pull)


def _turn(graph: igraph.Graph, groups: Sequence[Sequence[int]], member: Any, points: Points, centres: Points) -> None:
    """Turn each community about its centre so that its outward links point the right way."""
    import numpy as np

    outward: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for edge in graph.es:
        for node, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if member[node] != member[other]:
                outward[int(member[node])].append((node, int(member[other]), edge["weight"]))
    angles = np.arange(0, 24) * (2 * np.pi / 24)
    for number, links in sorted(outward.items()):
        nodes, others, weights = (np.array(column) for column in zip(*links, strict=True))
        aim = centres[others.astype(int)] - centres[number]
        aim /= np.maximum(np.hypot(*aim.T), 1e-9)[:, None]
        p = points[nodes.astype(int)]
        along = [(weights * ((np.cos(a) * p[:, 0] - np.sin(a) * p[:, 1]) * aim[:, 0] + (np.sin(a) * p[:, 0] + np.cos(a) * p[:, 1]) * aim[:, 1])).sum() for a in angles]
        a = angles[int(np.argmax(np.round(along, 6)))]
        group = groups[number]
        points[group] = points[group] @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
