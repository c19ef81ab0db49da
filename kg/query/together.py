"""What is named along with a thing, by the same papers: by count and by lift."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Literal

from kg.query.find import find_node
from kg.query.nodes import FROM_PAPER, count_papers, per_mille, read_nodes
from kg.records import Node
from kg.vocabulary import NAMED

Order = Literal["support", "count", "lift"]
_SHOWN = 3
_SOME = 2


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
    counts = dict(db.execute("SELECT other, count(*) FROM beside GROUP BY other HAVING count(*) >= ?", (fewest,))) if _fill(db, papers, asked, least) else {}
    nodes = {n: node for n, node in read_nodes(db, counts).items() if (node.kind == kind if kind else node.kind in NAMED)}
    total = max(count_papers(db), len(papers))
    values = {n: _measure(counts[n], len(papers), max(nodes[n].papers, counts[n]), total, order) for n in nodes}
    # what a single paper names says little, however surprising
    best = sorted(nodes, key=lambda n: (counts[n] < _SOME, -round(values[n], 9), -counts[n], nodes[n].id))[: limit or None]
    examples = {n: _examples(db, n) for n in best}
    shown = read_nodes(db, (paper for papers_ in examples.values() for paper in papers_))
    return [
        TogetherRow(
            nodes[n], counts[n], counts[n] / len(papers), lift(counts[n], len(papers), max(nodes[n].papers, counts[n]), total), _in_order(examples[n], shown)
        )
        for n in best
    ]


def _in_order(numbers: tuple[int, ...], nodes: Mapping[int, Node]) -> tuple[Node, ...]:
    return tuple(nodes[number] for number in numbers)


def _papers(db: sqlite3.Connection, asked: int, relation: str | None, least: int) -> list[tuple[int, int]]:
    condition, values = ("AND relation = ?", (asked, least, relation)) if relation else (f"AND {FROM_PAPER}", (asked, least))
    return db.execute(f"SELECT source, max(confidence) FROM edge WHERE target = ? AND confidence >= ? {condition} GROUP BY source", values).fetchall()


def _fill(db: sqlite3.Connection, papers: list[tuple[int, int]], asked: int, least: int) -> bool:
    """Note in the table `beside` what else these papers name: (other, paper, how sure both links are)."""
    db.execute("DROP TABLE IF EXISTS temp.beside")
    db.execute("DROP TABLE IF EXISTS temp.naming")
    db.execute("CREATE TEMP TABLE naming (paper INTEGER PRIMARY KEY, sure INTEGER NOT NULL)")
    db.executemany("INSERT INTO naming VALUES (?, ?)", papers)
    db.execute(
        """CREATE TEMP TABLE beside AS SELECT e.target AS other, e.source AS paper, min(n.sure, max(e.confidence)) AS sure
           FROM naming n CROSS JOIN edge e ON e.source = n.paper WHERE e.target != ? AND e.confidence >= ? GROUP BY e.source, e.target""",
        (asked, least),
    )
    db.execute("CREATE INDEX temp.beside_other ON beside (other)")
    return bool(papers)


def _examples(db: sqlite3.Connection, other: int) -> tuple[int, ...]:
    rows = db.execute("SELECT paper FROM beside b JOIN node n ON n.number = b.paper WHERE other = ? ORDER BY sure DESC, n.id LIMIT ?", (other, _SHOWN))
    return tuple(number for (number,) in rows)


def lift(both: int, first: int, second: int, total: int) -> float:
    """How many times more often two things are met together than they would be by chance.

    >>> lift(5, 10, 10, 100)
    5.0
    """
    return both * total / (first * second)


def _measure(both: int, first: int, second: int, total: int, order: Order) -> float:
    if order == "count":
        return both
    if order == "lift":
        return lift(both, first, second, total)
    sign = 1 if lift(both, first, second, total) >= 1 else -1
    return sign * log_likelihood_ratio(both, first, second, total)


def log_likelihood_ratio(both: int, first: int, second: int, total: int) -> float:
    """How surprising it is that two things meet so often, if they knew nothing of one another: G², 0 where it is just by chance.

    T. Dunning, Accurate Methods for the Statistics of Surprise and Coincidence, 1993.

    >>> log_likelihood_ratio(1, 10, 10, 100)
    0.0
    """
    table = (both, first - both, second - both, total - first - second + both)
    expected = (first * second, first * (total - second), (total - first) * second, (total - first) * (total - second))
    return max(0.0, round(2 * sum(seen * log(seen * total / wanted) for seen, wanted in zip(table, expected, strict=True) if seen > 0), 9))
