"""What one sees first: things that several papers share, the papers that join most of them, and the regions they form."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.export.layout import lay_out
from kg.export.page.reading import PageEdge, PageNode
from kg.vocabulary import NAMED, RELATIONS

_ALL = 140  # a page with no more nodes than this shows them all
_ENTITIES = 70
_PAPERS = 80
_NAMED_FIRST = 42  # so many things get room for their names in the overview; the others show theirs when one comes nearer
_LETTER, _LINE, _LONGEST = 9.0, 22.0, 24  # room for a name below a node, in pixels at the scale at which such a picture fills a screen
# datasets and benchmarks are named by fewer papers than methods and tasks, but say more of what papers have in common
_WORTH = {"dataset": 1.6, "benchmark": 2.2, "model": 1.5, "technique": 0.8, "task": 1.0}


@dataclass(frozen=True, slots=True)
class Region:
    """A community of the overview: what it is called, and its members as places in the list of nodes."""

    label: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The nodes to see first, where they stand, and their regions, the largest first."""

    nodes: tuple[int, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    regions: tuple[Region, ...]


def radii(nodes: Sequence[PageNode]) -> list[int]:
    """How large each node is drawn, in pixels at scale 1: things by how many papers name them, compared with the most named."""
    most = max((node.papers for node in nodes if node.kind in NAMED), default=1)
    return [round(5 + min(2.4 * math.sqrt(node.papers), 21 * (node.papers / most) ** 0.4)) if node.kind in NAMED else 6 if node.kind == "paper" else 5 for node in nodes]


def make_overview(nodes: Sequence[PageNode], edges: Sequence[PageEdge]) -> Overview:
    """Choose and place what one sees first."""
    shares = link_weights(nodes, edges)
    chosen = list(range(len(nodes))) if len(nodes) <= _ALL else _choose(nodes, shares)
    place = {node: number for number, node in enumerate(chosen)}
    links = [(place[a], place[b], weight) for (a, b), weight in sorted(shares.items()) if a in place and b in place]
    sizes, drops = radii(nodes), _drops(nodes, chosen)
    layout = lay_out(len(chosen), links, [_box(nodes[node], sizes[node], drop) for node, drop in zip(chosen, drops, strict=True)])
    y = tuple(round(y - drop, 1) for drop, y in zip(drops, layout.y, strict=True))
    members: dict[int, list[int]] = defaultdict(list)
    for node, number in zip(chosen, layout.community, strict=True):
        members[number].append(node)
    among = {pair: weight for pair, weight in shares.items() if pair[0] in place and pair[1] in place}
    regions = tuple(Region(_region_label(nodes, among, members[number]), tuple(members[number])) for number in sorted(members))
    return Overview(tuple(chosen), layout.x, y, regions)


def _drops(nodes: Sequence[PageNode], chosen: Sequence[int]) -> list[float]:
    """How far the middle of each node's box lies below the node itself, where its name shall have room there: of few nodes, all."""
    if len(chosen) <= _NAMED_FIRST:
        return [_LINE / 2] * len(chosen)
    first = sorted((n for n in chosen if nodes[n].kind in NAMED), key=lambda n: (-nodes[n].papers, n))[:_NAMED_FIRST]
    return [_LINE / 2 if node in first else 0.0 for node in chosen]


def _box(node: PageNode, size: int, drop: float) -> tuple[float, float]:
    """Half the room that a node takes, with its name if that shall show from afar."""
    wide = 1.2 * size
    return (max(wide, min(len(node.label), _LONGEST) * _LETTER / 2) if drop else wide, wide + drop)


def link_weights(nodes: Sequence[PageNode], edges: Sequence[PageEdge]) -> dict[tuple[int, int], float]:
    """How much each pair of linked nodes says: a strong relation to a rare thing says most, one to what everybody names little."""
    found: dict[tuple[int, int], float] = defaultdict(float)
    for edge in edges:
        strength = 0.4 + 0.1 * RELATIONS[edge.relation].strength
        rarity = 1 / math.sqrt(1 + max(nodes[edge.source].papers, nodes[edge.target].papers))
        found[edge.source, edge.target] = max(found[edge.source, edge.target], strength * rarity)
    return found


def _choose(nodes: Sequence[PageNode], shares: Mapping[tuple[int, int], float]) -> list[int]:
    papers_of: dict[int, list[int]] = defaultdict(list)
    for paper, entity in sorted(shares):
        if nodes[paper].kind == "paper" and nodes[entity].kind in NAMED:
            papers_of[entity].append(paper)
    ranked = sorted(
        (e for e in papers_of if len(papers_of[e]) > 1), key=lambda e: (-len(papers_of[e]) * _WORTH[nodes[e].kind], nodes[e].id)
    )
    entities = ranked[:_ENTITIES]
    papers = _joining_papers(nodes, shares, papers_of, entities)
    if len(entities) + len(papers) < _ALL // 2:  # little or nothing is shared: show what there is, one paper and its things after another
        return _first_papers(nodes, shares, [*entities, *papers])
    return sorted(_well_linked({*entities, *papers}, shares))


def _joining_papers(
    nodes: Sequence[PageNode], shares: Mapping[tuple[int, int], float], papers_of: Mapping[int, Sequence[int]], entities: Sequence[int]
) -> list[int]:
    """The papers that join most of the entities, so that each entity has two of its own."""
    worth: dict[int, float] = defaultdict(float)
    for entity in entities:
        for paper in papers_of[entity]:
            worth[paper] += shares[paper, entity]
    order = {paper: place for place, paper in enumerate(sorted(worth, key=lambda p: (-worth[p], nodes[p].id)))}
    taken: dict[int, None] = {}
    for entity in reversed(entities):  # the rarest first
        ours = sorted(papers_of[entity], key=order.__getitem__)
        has = sum(paper in taken for paper in ours)
        taken.update(dict.fromkeys(ours[: max(0, 2 - has)]))
    for paper in order:
        if len(taken) >= _PAPERS:
            break
        taken[paper] = None
    return list(taken)


def _well_linked(chosen: set[int], shares: Mapping[tuple[int, int], float]) -> set[int]:
    """Without nodes that have fewer than two links to others of the choice."""
    while True:
        links: dict[int, int] = defaultdict(int)
        for a, b in shares:
            if a in chosen and b in chosen:
                links[a] += 1
                links[b] += 1
        left = {node for node in chosen if links[node] > 1}
        if left == chosen or len(left) < _ALL // 2:
            return chosen
        chosen = left


def _first_papers(nodes: Sequence[PageNode], shares: Mapping[tuple[int, int], float], chosen: Sequence[int]) -> list[int]:
    things: dict[int, list[int]] = defaultdict(list)
    for paper, other in sorted(shares, key=lambda pair: (-shares[pair], pair)):
        things[paper].append(other)
    taken = dict.fromkeys(chosen)
    papers = [place for place, node in enumerate(nodes) if node.kind == "paper"]
    for paper in sorted(papers, key=lambda p: (-len(things[p]), nodes[p].id)):
        if len(taken) >= _ALL:
            break
        taken.update(dict.fromkeys([paper, *things[paper][:5]]))
    return sorted(taken)


def _region_label(nodes: Sequence[PageNode], shares: Mapping[tuple[int, int], float], members: Sequence[int]) -> str:
    """A topic and a thing that most of a region's links lead to, those above all that are seldom linked from elsewhere."""
    inside = set(members)
    ours: dict[int, int] = defaultdict(int)
    total: dict[int, int] = defaultdict(int)
    for a, b in shares:
        if b in inside and nodes[b].kind in NAMED:
            total[b] += 1
            ours[b] += a in inside
    ranked = sorted((e for e in ours if ours[e] > 1), key=lambda e: (-ours[e] * ours[e] / total[e], nodes[e].id))
    topics = [e for e in ranked if nodes[e].kind in ("task", "technique")]
    things = [e for e in ranked if nodes[e].kind not in ("task", "technique")]
    return " · ".join(nodes[e].label for e in (*topics[:1], *things[:1])) if len(members) > 4 else ""
