"""How many papers join each pair of two kinds of things, and which pairs should have met and never did."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.query.nodes import FROM_PAPER, count_papers, per_mille, read_nodes
from kg.query.table import InNotebook, grid, html_cell
from kg.records import Node

if TYPE_CHECKING:
    from kg.query.arrays import Ints


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a matrix: the `size` things of a kind that most papers are linked to in a relation (None for any), or those of some names."""

    kind: str
    relation: str | None = None
    size: int = 12
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix(InNotebook):
    """`counts[i][j]` papers are linked to both `rows[i]` and `columns[j]`; `find_shared` gives them with their evidence."""

    rows: tuple[Node, ...]
    columns: tuple[Node, ...]
    counts: tuple[tuple[int, ...], ...]

    def _repr_html_(self) -> str:
        rows = ((html_cell(row), *(str(count or "") for count in line)) for row, line in zip(self.rows, self.counts, strict=True))
        return grid(("", *(html_cell(column) for column in self.columns)), rows)


@dataclass(frozen=True, slots=True)
class Gap:
    """A pair that no paper joins: `expected` papers would if the two knew nothing of one another."""

    row: Node
    column: Node
    row_papers: int
    column_papers: int
    expected: float


def count_matrix(db: sqlite3.Connection, rows: Axis, columns: Axis, *, min_confidence: float = 0.0) -> Matrix:
    """Count the papers that join each of the things most papers name on one side with each on the other.

    Raises:
        UnknownName, AmbiguousName: As `find_node`, where an axis gives names.
    """
    least = per_mille(min_confidence)
    down, across = _things(db, rows, least), _things(db, columns, least)
    counts = _joined(db, (rows, list(down)), (columns, list(across)), least)
    nodes = read_nodes(db, [*down, *across])
    return Matrix(tuple(nodes[n] for n in down), tuple(nodes[n] for n in across), tuple(tuple(int(c) for c in line) for line in counts))


def find_gaps(
    db: sqlite3.Connection, rows: Axis, columns: Axis, *, min_papers: int = 3, broad: bool = False, limit: int = 0, min_confidence: float = 0.0
) -> list[Gap]:
    """Pairs of things that at least `min_papers` papers name each and none both, the most to be expected first; of things asked for by name any number.

    Terms that the lexicon calls broad (pre-training, large language model) are left out, unless `broad` is set or they are asked for by name.

    Raises:
        UnknownName, AmbiguousName: As `find_node`, where an axis gives names.
    """
    least = per_mille(min_confidence)
    down, across = ({n: c for n, c in _things(db, axis, least, broad).items() if c >= min_papers or axis.names} for axis in (rows, columns))
    counts = _joined(db, (rows, list(down)), (columns, list(across)), least)
    total = count_papers(db)
    nodes = read_nodes(db, [*down, *across])
    gaps = [
        Gap(nodes[r], nodes[c], down[r], across[c], down[r] * across[c] / total)
        for i, r in enumerate(down) for j, c in enumerate(across) if not counts[i, j] and r != c
    ]  # fmt: skip
    return sorted(gaps, key=lambda gap: (-gap.expected, gap.row.id, gap.column.id))[: limit or None]


def _things(db: sqlite3.Connection, axis: Axis, least: int, broad: bool = True) -> dict[int, int]:
    """The things of an axis, those that most papers are linked to first, each with how many are."""
    relation, values = ("AND e.relation = ?", (axis.relation,)) if axis.relation else ("", ())
    if axis.names:
        from kg.query.find import find_node

        chosen = [find_node(db, name, axis.kind) for name in axis.names]
        count = f"SELECT count(DISTINCT source) FROM edge e WHERE target = ? AND confidence >= ? {relation}"
        return {number: int(db.execute(count, (number, least, *values)).fetchone()[0]) for number in chosen}
    kept = "" if broad else "AND x.node NOT IN (SELECT node FROM broad)"
    rows = db.execute(
        f"""SELECT e.target, count(DISTINCT e.source) AS papers FROM entity x CROSS JOIN edge e ON e.target = x.node
            WHERE instr(' ' || x.kinds || ' ', ?) AND e.confidence >= ? {relation} {kept} AND e.{FROM_PAPER}
            GROUP BY e.target ORDER BY papers DESC""",
        (f" {axis.kind} ", least, *values),
    ).fetchall()
    enough = rows[min(axis.size, len(rows)) - 1][1] if rows else 0
    counts = {number: papers for number, papers in rows if papers >= enough}
    ids = {number: node.id for number, node in read_nodes(db, counts).items()}
    return {number: counts[number] for number in sorted(counts, key=lambda n: (-counts[n], ids[n]))[: axis.size]}


def _joined(db: sqlite3.Connection, rows: tuple[Axis, Sequence[int]], columns: tuple[Axis, Sequence[int]], least: int) -> Ints:
    """For each pair how many papers are linked to both."""
    import numpy as np

    row_papers, row_at = _links(db, *rows, least)
    column_papers, column_at = _links(db, *columns, least)
    order = np.argsort(column_papers, kind="stable")
    column_papers, column_at = column_papers[order], column_at[order]
    first, last = np.searchsorted(column_papers, row_papers, "left"), np.searchsorted(column_papers, row_papers, "right")
    lengths = last - first
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    cells = np.repeat(row_at, lengths) * len(columns[1]) + column_at[np.repeat(first, lengths) + within]
    return np.bincount(cells, minlength=len(rows[1]) * len(columns[1])).reshape(len(rows[1]), len(columns[1]))


def _links(db: sqlite3.Connection, axis: Axis, things: Sequence[int], least: int) -> tuple[Ints, Ints]:
    """For each paper that is linked to one of the things: its number and the thing's position."""
    import numpy as np

    relation, values = ("AND relation = ?", (axis.relation,)) if axis.relation else ("", ())
    parts = [np.empty((0, 2), dtype=np.int64)]
    for position, thing in enumerate(things):
        rows = db.execute(f"SELECT DISTINCT source FROM edge WHERE target = ? AND confidence >= ? AND {FROM_PAPER} {relation}", (thing, least, *values)).fetchall()
        if rows:
            parts.append(np.column_stack((np.array(rows, dtype=np.int64)[:, 0], np.full(len(rows), position))))
    joined = np.concatenate(parts)
    return joined[:, 0], joined[:, 1]
