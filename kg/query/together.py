"""What is named along with a thing, by the same papers: by count and by lift."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log
from typing import Literal

from kg.query.find import find_node
from kg.query.nodes import FROM_PAPER, count_papers, per_mille, rank_papers, read_nodes
from kg.records import Node
from kg.vocabulary import NAMED

Order = Literal["support", "count", "lift"]
_SHOWN = 3
_SOME = 2
_LINKS = 8  # about so many a paper has
_NEARLY = 1e-6  # more than measures are rounded by


@dataclass(frozen=True, slots=True)
class TogetherRow:
    """A thing that papers name along with the one asked for.

    Attributes:
        node: The thing.
        count: How many papers name both.
        share: Of the papers that name the one asked for, the share that name this one too.
        lift: How many times more papers name both than would by chance.
        papers: Some of those papers, those that are surest of both first; `why` gives the quotes.
    """

    node: Node
    count: int
    share: float
    lift: float
    papers: tuple[Node, ...]


def find_together(
    db: sqlite3.Connection,
    name: str,
    *,
    kind: str | None = None,
    relation: str | None = None,
    order: Order = "support",
    min_papers: int | None = None,
    limit: int = 0,
    min_confidence: float = 0.0,
) -> list[TogetherRow]:
    """Things that papers name along with a thing.

    Args:
        name: An entity, or a paper that others cite.
        kind: Only things of this kind; None for all that papers name in their text.
        relation: Only papers that are linked to `name` in this relation.
        order: `count`, `lift`, or `support`: the log-likelihood ratio of Dunning (1993), which asks for both.
        min_papers: How many papers must name both; where it is not given 1, but 2 for `lift`, which is large for all that is rare.
        limit: At most so many rows; 0 for all.
        min_confidence: Edges below this do not count.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    asked = find_node(db, name)
    least = per_mille(min_confidence)
    papers = _papers(db, asked, relation, least)
    fewest = min_papers if min_papers is not None else _SOME if order == "lift" else 1
    measure = _Measure(len(papers), max(count_papers(db), len(papers)), order)
    nodes = _best(db, _count_beside(db, papers, asked, least, max(fewest, _SOME)), measure, kind, limit)
    if fewest < _SOME and (not limit or len(nodes) < limit):
        nodes = _best(db, _count_beside(db, papers, asked, least, fewest), measure, kind, limit)
    examples = _examples(db, nodes, papers, least)
    shown = read_nodes(db, (paper for several in examples.values() for paper in several))
    return [
        TogetherRow(node, count, count / len(papers), measure.lift(count, node.papers), tuple(shown[paper] for paper in examples.get(n, ())))
        for n, (node, count) in nodes.items()
    ]


def _papers(db: sqlite3.Connection, asked: int, relation: str | None, least: int) -> dict[int, int]:
    """The papers that name a thing, with how sure that is."""
    condition, values = ("relation = ?", (asked, least, relation)) if relation else (FROM_PAPER, (asked, least))
    found: dict[int, int] = {}
    for paper, confidence in db.execute(f"SELECT source, confidence FROM edge WHERE target = ? AND confidence >= ? AND {condition}", values):
        found[paper] = max(confidence, found.get(paper, 0))
    return found


def _count_beside(db: sqlite3.Connection, papers: Iterable[int], asked: int, least: int, fewest: int) -> dict[int, int]:
    """What else these papers name, with how many do; the papers are noted in the table `naming`."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS naming (paper INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM naming")
    db.executemany("INSERT INTO naming VALUES (?)", ((paper,) for paper in sorted(papers)))
    rows = db.execute(
        """SELECT other, count(*) FROM (SELECT e.target AS other FROM naming n CROSS JOIN edge e ON e.source = n.paper
           WHERE e.target != ? AND e.confidence >= ? GROUP BY n.paper, e.target) GROUP BY other HAVING count(*) >= ?""",
        (asked, least, fewest),
    )
    return dict(rows)


def _best(db: sqlite3.Connection, counts: Mapping[int, int], measure: _Measure, kind: str | None, limit: int) -> dict[int, tuple[Node, int]]:
    """The things of greatest measure with their counts, in order; read from the greatest count on till no smaller one can be among them.

    What a single paper names says little, however surprising: it comes after all the rest.
    """
    by_count: dict[int, list[int]] = defaultdict(list)
    for number, count in counts.items():
        by_count[count].append(number)
    found: list[tuple[tuple[bool, float, int], str, int]] = []
    for count in sorted(by_count, reverse=True):
        if 0 < limit <= len(found):
            worst, *_ = nlargest(limit, found)[-1]
            if count < _SOME or worst[1] > measure.bound(count) + _NEARLY:
                break
        for number, identity, papers in _rarest(db, by_count[count], count, (kind,) if kind else NAMED, limit, measure):
            found.append(((count >= _SOME, round(measure.of(count, papers), 9), count), identity, number))
    found.sort(key=lambda row: row[1])
    best = [number for *_, number in sorted(found, key=lambda row: row[0], reverse=True)[: limit or None]]
    nodes = read_nodes(db, best)
    return {number: (nodes[number], counts[number]) for number in best}


def _rarest(
    db: sqlite3.Connection, numbers: Collection[int], count: int, kinds: Sequence[str], limit: int, measure: _Measure
) -> Iterable[tuple[int, str, int]]:
    """Of things that equally many papers name, those that can have the greatest measure: it falls with the number of papers in all."""
    order = "n.id" if measure.order == "count" else "max(n.papers, :count), n.id"
    return db.execute(
        f"""SELECT n.number, n.id, n.papers FROM json_each(:numbers) c CROSS JOIN node n ON n.number = c.value
            WHERE n.kind IN (SELECT value FROM json_each(:kinds)) ORDER BY {order} LIMIT :limit""",
        {"numbers": json.dumps(numbers), "kinds": json.dumps(kinds), "count": count, "limit": limit or -1},
    )


def _examples(
    db: sqlite3.Connection, others: Mapping[int, tuple[Node, int]], papers: Mapping[int, int], least: int
) -> dict[int, tuple[int, ...]]:
    """For each of some things a few of the papers in `naming` that name it, those that are surest of both first."""
    named = sum(node.papers for node, _ in others.values())
    # what is less to look at: all that these papers name, or all papers that name these things
    beside = (
        "naming n CROSS JOIN edge e ON e.source = n.paper AND +e.target IN (SELECT value FROM json_each(?))"
        if named > _LINKS * len(papers)
        else "json_each(?) o CROSS JOIN edge e ON e.target = o.value CROSS JOIN naming n ON n.paper = e.source"
    )
    rows = db.execute(
        f"SELECT e.target, e.source, max(e.confidence) FROM {beside} WHERE e.confidence >= ? GROUP BY e.source, e.target",
        (json.dumps(list(others)), least),
    )
    sure: dict[int, dict[int, int]] = defaultdict(dict)
    for other, paper, confidence in rows:
        sure[other][paper] = min(papers[paper], confidence)
    return {other: tuple(rank_papers(db, found, _SHOWN)[:_SHOWN]) for other, found in sure.items()}


@dataclass(frozen=True, slots=True)
class _Measure:
    """How much it says that things are named together with one that `first` of `total` papers name."""

    first: int
    total: int
    order: Order

    def lift(self, both: int, second: int) -> float:
        return lift(both, self.first, max(both, second), self.total)

    def of(self, both: int, second: int) -> float:
        """The measure for a thing that `second` papers name, `both` of them together with the first."""
        if self.order == "count":
            return both
        if self.order == "lift":
            return self.lift(both, second)
        sign = 1 if self.lift(both, second) >= 1 else -1
        return sign * log_likelihood_ratio(both, self.first, max(both, second), self.total)

    def bound(self, both: int) -> float:
        """The most that it can be: that of a thing which no other papers name."""
        return self.of(both, both)


def lift(both: int, first: int, second: int, total: int) -> float:
    """How many times more often two things are met together than they would be by chance.

    >>> lift(5, 10, 10, 100)
    5.0
    """
    return both * total / (first * second)


def log_likelihood_ratio(both: int, first: int, second: int, total: int) -> float:
    """How surprising it is that two things meet so often, if they knew nothing of one another: G², 0 where it is just by chance.

    T. Dunning, Accurate Methods for the Statistics of Surprise and Coincidence, 1993.

    >>> log_likelihood_ratio(1, 10, 10, 100)
    0.0
    """
    table = (both, first - both, second - both, total - first - second + both)
    expected = (first * second, first * (total - second), (total - first) * second, (total - first) * (total - second))
    return max(0.0, round(2 * sum(seen * log(seen * total / wanted) for seen, wanted in zip(table, expected, strict=True) if seen > 0), 9))
