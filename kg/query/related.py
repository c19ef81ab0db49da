"""Papers related to a paper: those that share what few others name."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kg.query.find import find_paper
from kg.query.nodes import FROM_PAPER, count_papers, per_mille, rarity, read_edges, read_nodes
from kg.records import Edge, Node
from kg.vocabulary import LINKED, NAMED

_MOST_LOOKED_AT = 60_000  # links of shared things that are followed, the rarest things first
_CHECKED = 400  # of the papers found so, how many are compared with what is too frequent to follow


@dataclass(frozen=True, slots=True)
class SharedThing:
    """What two papers share, how much that says, and the surest edge of each side."""

    node: Node
    weight: float
    edges: tuple[Edge, Edge]


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """A related paper; `score` sums the weights of what is shared, which come with the weightiest first."""

    node: Node
    score: float
    shared: tuple[SharedThing, ...]


_NAMING = f"SELECT source, max(confidence) FROM edge WHERE target = ? AND relation != 'builds_on' AND {FROM_PAPER} AND confidence >= ? GROUP BY source"
_Links = dict[int, tuple[int, int]]  # thing -> confidence, edge


def find_related(
    db: sqlite3.Connection, name: str, *, by: Collection[str] = (), min_shared: int = 1, limit: int = 0, min_confidence: float = 0.0
) -> list[RelatedRow]:
    """Papers that share entities or references with a paper, each weighted by rarity and by how sure both links are.

    That a paper builds on another is told from what it names, so it does not count beside that; that it cites one does.
    A thing that very many papers name is not followed from paper to paper, only counted where two papers share something rarer too.

    Args:
        name: A paper, or a thing that exactly one paper introduces.
        by: Kinds of things that may be shared; empty for all that papers name or cite.
        min_shared: How many things must be shared.
        limit: At most so many rows; 0 for all.
        min_confidence: Edges below this do not count.

    Raises:
        UnknownName, AmbiguousName: As `find_paper`.
    """
    paper = find_paper(db, name)
    least = per_mille(min_confidence)
    own = _links(db, paper, by, least)
    nodes = read_nodes(db, own)
    total = count_papers(db)
    weights = {thing: rarity(node.papers if node.kind != "paper" else _cited(db, thing), total) for thing, node in nodes.items()}
    scores = _scores(db, paper, own, weights, least)
    best = [other for other in sorted(scores, key=lambda o: (-scores[o][0], o)) if scores[other][1] >= min_shared]
    others = read_nodes(db, best)
    ranked = sorted(best, key=lambda o: (-round(scores[o][0], 9), others[o].id))[: limit or None]
    return [_row(db, others[other], own, _links(db, other, by, least), nodes, weights) for other in ranked]


def _links(db: sqlite3.Connection, paper: int, by: Collection[str], least: int) -> _Links:
    """What a paper names or cites, each with its surest edge."""
    kinds = tuple(by) or ("paper", *NAMED, *LINKED)
    rows = db.execute(
        f"""SELECT e.target, max(e.confidence), e.id FROM edge e JOIN node n ON n.number = e.target
            WHERE e.source = ? AND e.relation != 'builds_on' AND e.confidence >= ? AND n.kind IN ({", ".join("?" * len(kinds))}) GROUP BY e.target""",
        (paper, least, *kinds),
    )
    return {thing: (confidence, edge) for thing, confidence, edge in rows}


def _cited(db: sqlite3.Connection, paper: int) -> int:
    return int(db.execute("SELECT count(*) FROM edge WHERE target = ? AND relation = 'cites'", (paper,)).fetchone()[0])


def _scores(db: sqlite3.Connection, paper: int, own: _Links, weights: Mapping[int, float], least: int) -> dict[int, tuple[float, int]]:
    """For every paper that shares something: the sum of weights, and how many things it shares."""
    sums: dict[int, list[float]] = defaultdict(list)
    looked_at = 0
    order = sorted(own, key=lambda thing: (-weights[thing], thing))
    followed = 0
    for thing in order:
        if looked_at > _MOST_LOOKED_AT:
            break
        rows = db.execute(_NAMING, (thing, least)).fetchall()
        for other, confidence in rows:
            sums[other].append(weights[thing] * own[thing][0] * confidence / 1e6)
        looked_at += len(rows)
        followed += 1
    sums.pop(paper, None)
    _add_frequent(db, sums, order[followed:], own, weights, least)
    return {other: (sum(parts), len(parts)) for other, parts in sums.items()}


def _add_frequent(
    db: sqlite3.Connection, sums: dict[int, list[float]], things: Sequence[int], own: _Links, weights: Mapping[int, float], least: int
) -> None:
    """Count what is too frequent to follow, for the best papers found without it."""
    if not things:
        return
    for other in sorted(sums, key=lambda o: (-sum(sums[o]), o))[:_CHECKED]:
        for thing in things:
            found = db.execute("SELECT max(confidence) FROM edge WHERE source = ? AND target = ? AND relation != 'builds_on' AND confidence >= ?", (other, thing, least)).fetchone()[0]
            if found:
                sums[other].append(weights[thing] * own[thing][0] * found / 1e6)


def _row(db: sqlite3.Connection, other: Node, own: _Links, theirs: _Links, nodes: Mapping[int, Node], weights: Mapping[int, float]) -> RelatedRow:
    weighed = {thing: weights[thing] * own[thing][0] * theirs[thing][0] / 1e6 for thing in own if thing in theirs}
    shared = []
    for thing in sorted(weighed, key=lambda t: (-weighed[t], nodes[t].id)):
        first, second = read_edges(db, (own[thing][1], theirs[thing][1]))
        shared.append(SharedThing(nodes[thing], weighed[thing], (first, second)))
    return RelatedRow(other, sum(thing.weight for thing in shared), tuple(shared))
