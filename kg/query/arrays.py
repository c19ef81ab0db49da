"""A graph as compact arrays, for what needs all of it at once: no text is read, some 20 bytes a link are held.

Nodes and links come in the order of their ids, so that the same graph gives the same arrays however its file grew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from kg.query.nodes import per_mille
from kg.vocabulary import KINDS, RELATIONS

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Ints = NDArray[numpy.int64]
    Floats = NDArray[numpy.float64]
    Bools = NDArray[numpy.bool_]

RELATION_CODES = {name: code for code, name in enumerate(RELATIONS)}
KIND_CODES = {name: code for code, name in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Arrays:
    """Nodes by position, and links between positions.

    Attributes:
        numbers: The number in the file of the node at each position.
        kinds: Its kind, as in `KIND_CODES`.
        papers: How many papers name it.
        sources: For each link the position of its source.
        targets: And of its target.
        relations: Its relation, as in `RELATION_CODES`.
        confidences: Its confidence, in 0..1.
    """

    numbers: Ints
    kinds: Ints
    papers: Ints
    sources: Ints
    targets: Ints
    relations: Ints
    confidences: Floats

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return len(self.numbers)


def load_arrays(db: sqlite3.Connection, *, kinds: Collection[str] = KINDS, relations: Collection[str] = tuple(RELATIONS), min_confidence: float = 0.0) -> Arrays:
    """Read the nodes of some kinds and the links of some relations between them."""
    import numpy as np

    wanted = np.array(sorted(KIND_CODES[kind] for kind in kinds))
    by_number = _read(db, f"SELECT number, papers << 4 | ({_case('kind', KIND_CODES)}) FROM node ORDER BY number", 2)
    in_order = _read(db, "SELECT number FROM node ORDER BY id", 1)[:, 0]
    rows = by_number[np.searchsorted(by_number[:, 0], in_order)]
    rows = rows[np.isin(rows[:, 1] & 15, wanted)]
    position = np.full(int(by_number[:, 0].max(initial=0)) + 1, -1, dtype=np.int64)
    position[rows[:, 0]] = np.arange(len(rows))
    # two numbers a row cost half of what four cost
    links = _read(
        db,
        f"SELECT source << 5 | {_case('relation', RELATION_CODES)}, target << 10 | confidence FROM edge NOT INDEXED WHERE confidence >= {per_mille(min_confidence)}"
        + ("" if len(relations) == len(RELATIONS) else f" AND relation IN ({', '.join(repr(name) for name in sorted(relations))})"),
        2,
    )
    sources, targets = position[links[:, 0] >> 5], position[links[:, 1] >> 10]
    held = np.flatnonzero((sources >= 0) & (targets >= 0))
    held = held[np.argsort(((sources * len(rows) + targets) << 5 | links[:, 0] & 31)[held])]
    return Arrays(rows[:, 0], rows[:, 1] & 15, rows[:, 1] >> 4, sources[held], targets[held], links[held, 0] & 31, (links[held, 1] & 1023) / 1000)


def load_links(db: sqlite3.Connection) -> tuple[Ints, Ints, Ints, Ints]:
    """All links as the file numbers them: sources, targets, relations and the links' own numbers."""
    rows = _read(db, f"SELECT source, target, {_case('relation', RELATION_CODES)}, id FROM edge", 4)
    return rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3]


def _case(column: str, codes: dict[str, int]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{name}' THEN {code}" for name, code in codes.items()) + f" ELSE {len(codes)} END"


def _read(db: sqlite3.Connection, query: str, columns: int) -> Ints:
    """Rows of whole numbers, taken one after another: no list of them is ever held."""
    import numpy as np

    return np.fromiter(chain.from_iterable(db.execute(query)), dtype=np.int64).reshape(-1, columns)


def join_parallel(sources: Ints, targets: Ints, weights: Floats, size: int) -> tuple[Ints, Ints, Floats]:
    """Undirected links with each pair of nodes once: the greatest weight of those between them counts; no loops."""
    import numpy as np

    apart = sources != targets
    keys = np.minimum(sources, targets)[apart] * size + np.maximum(sources, targets)[apart]
    order = np.argsort(keys)
    keys = keys[order]
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    greatest = np.maximum.reduceat(weights[apart][order], firsts) if len(firsts) else np.zeros(0)
    return keys[firsts] // size, keys[firsts] % size, greatest
