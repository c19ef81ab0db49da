"""Papers related to a paper: those that share what few others name."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from kg.query.find import find_paper, read_node
from kg.query.nodes import FROM_PAPER, count_papers, per_mille, rank_papers, rarity, read_edges, read_nodes
from kg.records import Edge, Node
from kg.vocabulary import LINKED, NAMED

_MOST_LOOKED_AT = 60_000  # links of shared things that are followed, the rarest things first
_CHECKED = 400  # of the papers found so, how many are compared with what is too frequent to follow
_FREQUENT = 2_000  # papers that name a thing: before it is followed, whether it can still bring a new paper among the best
_NEARLY = 1e-6  # more than sums of the same weights in another order differ by


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


_NAMING = f"SELECT source, confidence FROM edge WHERE target = ? AND relation != 'builds_on' AND {FROM_PAPER} AND confidence >= ?"
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
    scores = _Scores(db, paper, own, weights, least, min_shared).find(limit)
    others = rank_papers(db, {other: round(score, 9) for other, score in scores.items()}, limit)
    found = read_nodes(db, others)
    return [_row(db, found[other], own, _links(db, other, by, least), nodes, weights) for other in others]


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


class _Scores:
    """For papers that share something with a paper: the sum of weights, and how many things they share."""

    def __init__(self, db: sqlite3.Connection, paper: int, own: _Links, weights: Mapping[int, float], least: int, min_shared: int) -> None:
        self._db, self._paper, self._least, self._min_shared = db, paper, least, min_shared
        self._order = sorted(own, key=lambda thing: (-weights[thing], thing))
        self._worth = {thing: weights[thing] * own[thing][0] / 1e6 for thing in own}
        self._sums: dict[int, float] = {}
        self._counts: Counter[int] = Counter()

    def find(self, limit: int) -> dict[int, float]:
        """The scores of all that can be among the first `limit`: things are followed, the rarest first, till no new paper can come among these."""
        looked_at = 0
        for i, thing in enumerate(self._order):
            rest = self._order[i:]
            if looked_at > _MOST_LOOKED_AT:
                self._look_up(nlargest(_CHECKED, self._sums, key=lambda o: (self._sums[o], -o)), rest)
                break
            papers = read_node(self._db, thing).papers
            if papers > _FREQUENT and limit and (best := self._possible(limit, rest)) is not None and len(best) * len(rest) < papers:
                self._look_up(best, rest)
                break
            found = self._naming(thing)
            looked_at += len(found)
            self._add(found, self._worth[thing])
        return {other: score for other, score in self._sums.items() if self._counts[other] >= self._min_shared}

    def _naming(self, thing: int) -> dict[int, int]:
        """The papers that name a thing, with how sure that is."""
        rows = self._db.execute(_NAMING, (thing, self._least)).fetchall()
        found = dict(rows)
        if len(found) < len(rows):
            for other, confidence in rows:
                found[other] = max(found[other], confidence)
        found.pop(self._paper, None)
        return found

    def _add(self, found: Mapping[int, int], worth: float) -> None:
        sums = self._sums
        for other, confidence in found.items():
            sums[other] = sums.get(other, 0.0) + worth * confidence
        self._counts.update(found.keys())

    def _possible(self, limit: int, rest: Sequence[int]) -> list[int] | None:
        """The papers that can be among the best when the rest is added, or None where new ones can."""
        more = sum(1000 * self._worth[thing] for thing in rest) + _NEARLY
        good = nlargest(limit, (score for other, score in self._sums.items() if self._counts[other] >= self._min_shared))
        if len(good) < limit or good[-1] <= more:
            return None
        return [other for other, score in self._sums.items() if score + more >= good[-1]]

    def _look_up(self, papers: Sequence[int], things: Sequence[int]) -> None:
        """Count things for some papers only."""
        query = "SELECT max(confidence) FROM edge WHERE source = ? AND target = ? AND relation != 'builds_on' AND confidence >= ?"
        for thing in things:
            found = {other: self._db.execute(query, (other, thing, self._least)).fetchone()[0] for other in papers}
            self._add({other: confidence for other, confidence in found.items() if confidence}, self._worth[thing])


def _row(db: sqlite3.Connection, other: Node, own: _Links, theirs: _Links, nodes: Mapping[int, Node], weights: Mapping[int, float]) -> RelatedRow:
    weighed = {thing: weights[thing] * own[thing][0] * theirs[thing][0] / 1e6 for thing in own if thing in theirs}
    shared = []
    for thing in sorted(weighed, key=lambda t: (-weighed[t], nodes[t].id)):
        first, second = read_edges(db, (own[thing][1], theirs[thing][1]))
        shared.append(SharedThing(nodes[thing], weighed[thing], (first, second)))
    return RelatedRow(other, sum(thing.weight for thing in shared), tuple(shared))
