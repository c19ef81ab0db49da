"""Small readings that many queries share: nodes by their numbers, the edges of a node, how many papers there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from math import log
from typing import Any

from kg.records import Edge, Node
from kg.store.reading import read_edge
from kg.vocabulary import RELATIONS

_BETWEEN = ", ".join(f"'{name}'" for name, relation in RELATIONS.items() if relation.source == "entity")
FROM_PAPER = f"relation NOT IN ({_BETWEEN})"  # an entity, too, may be linked to another: as its variant, part or successor
_AT_ONCE = 500  # SQLite takes at least 999 parameters in one query
_MANY = 4_000  # papers: to find the first of more by their ids, all papers are gone through in that order


def per_mille(probability: float) -> int:
    """A probability as the file holds it."""
    return round(1000 * probability)


def read_nodes(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Node]:
    """The nodes of many numbers."""
    found: dict[int, Node] = {}
    for chunk in _chunks(sorted(set(numbers))):
        rows = db.execute(f"SELECT number, id, kind, label, papers FROM node WHERE number IN ({_marks(chunk)})", chunk)
        found.update((number, Node(*row)) for number, *row in rows)
    return found


def rank_papers(db: sqlite3.Connection, values: Mapping[int, Any], limit: int) -> list[int]:
    """The papers with the greatest values, equals by id; ids are read only of those that can be among the first `limit` (0: all)."""
    if 0 < limit < len(values):
        last = nlargest(limit, values.values())[-1]
        surer = [paper for paper, value in values.items() if value > last]
        equal = [paper for paper, value in values.items() if value == last]
        return [*_in_order(db, surer, values), *_first_papers(db, equal, limit - len(surer))]
    return _in_order(db, values, values)


def _in_order(db: sqlite3.Connection, numbers: Iterable[int], values: Mapping[int, Any]) -> list[int]:
    by_id = [number for _, number in sorted((node.id, number) for number, node in read_nodes(db, numbers).items())]
    return sorted(by_id, key=values.__getitem__, reverse=True)


def _first_papers(db: sqlite3.Connection, numbers: Sequence[int], count: int) -> list[int]:
    """Those of some papers that come first by id."""
    if len(numbers) <= _MANY:
        return [number for _, number in sorted((node.id, number) for number, node in read_nodes(db, numbers).items())][:count]
    wanted = set(numbers)
    found: list[int] = []
    rows = db.execute("SELECT number FROM node WHERE id >= 'paper/' AND id < 'paper0' ORDER BY id")
    while len(found) < count:
        found += [number for (number,) in rows.fetchmany(_AT_ONCE) if number in wanted]
    return found[:count]


def read_labels(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """What the nodes of many ids are called."""
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(set(ids))):
        found.update(db.execute(f"SELECT id, label FROM node WHERE id IN ({_marks(chunk)})", chunk))
    return found


def read_edges(db: sqlite3.Connection, numbers: Iterable[int], *, with_evidence: bool = True) -> tuple[Edge, ...]:
    """The edges of many numbers, in their order."""
    return tuple(read_edge(db, number, with_evidence=with_evidence) for number in numbers)


def count_papers(db: sqlite3.Connection) -> int:
    """How many papers the graph holds, as was noted when it was built; counted where it was not."""
    noted = db.execute("SELECT value FROM meta WHERE name = 'papers'").fetchone()
    return int((noted or db.execute("SELECT count(*) FROM node WHERE kind = 'paper'").fetchone())[0])


def rarity(papers: int, total: int) -> float:
    """How much sharing a thing says that `papers` of `total` papers name: near 0 for what everybody names.

    The inverse document frequency of Robertson and Spärck Jones, smoothed so that it stays above 0.

    >>> round(rarity(1, 1000), 2), round(rarity(500, 1000), 2)
    (6.5, 0.69)
    """
    return log(1 + (total - papers + 0.5) / (papers + 0.5)) if papers < total else log(1 + 0.5 / (papers + 0.5))


def _chunks(values: Sequence[object]) -> Iterator[list[object]]:
    for start in range(0, len(values), _AT_ONCE):
        yield list(values[start : start + _AT_ONCE])


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
