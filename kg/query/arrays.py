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
    by_number = _read(db, f"SELECT number, {_case('kind', KIND_CODES)}, papers FROM node ORDER BY number", 3)
    in_order = _read(db, "SELECT number FROM node ORDER BY id", 1)[:, 0]
    rows = by_number[np.searchsorted(by_number[:, 0], in_order)]
    rows = rows[np.isin(rows[:, 1], wanted)]
    position = np.full(int(by_number[:, 0].max(initial=0)) + 1, -1, dtype=np.int64)
    position[rows[:, 0]] = np.arange(len(rows))
    links = _read(
        db,
        f"SELECT source, target, {_case('relation', RELATION_CODES)}, confidence FROM edge WHERE confidence >= {per_mille(min_confidence)}"
        + ("" if len(relations) == len(RELATIONS) else f" AND relation IN ({', '.join(repr(name) for name in sorted(relations))})"),
        4,
    )
    sources, targets = position[links[:, 0]], position[links[:, 1]]
    held = np.flatnonzero((sources >= 0) & (targets >= 0))
    held = held[np.lexsort((links[held, 2], targets[held], sources[held]))]
    return Arrays(rows[:, 0], rows[:, 1], rows[:, 2], sources[held], targets[held], links[held, 2], links[held, 3] / 1000)


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

    low, high = np.minimum(sources, targets), np.maximum(sources, targets)
    apart = low != high
    keys = low[apart] * size + high[apart]
    order = np.lexsort((-weights[apart], keys))
    firsts = np.unique(keys[order], return_index=True)[1]
    chosen = order[firsts]
    return low[apart][chosen], high[apart][chosen], weights[apart][chosen]
