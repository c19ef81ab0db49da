"""What names mean, decided for rows of the graph file: here, or a piece after the other by the processes that read papers."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from kg.collecting import uncollected
from kg.pieces import lexicon_of_process
from kg.resolve.corrections import Corrections
from kg.resolve.entities import GROUPS, Decision, Known, Use, decide
from kg.workers import Workers

Row = tuple[Any, ...]
_PIECE = 4000  # rows
_NUMBER = {"": -1, **{group: number for number, group in enumerate(GROUPS)}}


def decide_rows(rows: Iterable[Row], known: Known, corrections: Corrections, preferred: Mapping[str, str]) -> Iterator[Row]:
    """Rows of uses, as `kg.store.naming.uses` gives them, into rows of `decision` and shorter ones of `refusal`, in the order of the names."""
    for item in decide(map(_use, rows), known, corrections, preferred):
        if isinstance(item, Decision):
            root, group, identity, name, kinds, note, prior = item
            yield root, _NUMBER[group], identity, name, kinds[0] if len(kinds) == 1 else " ".join(kinds), note, prior
        else:
            yield tuple(item)


def decide_with(workers: Workers, rows: Iterable[Row], corrections: Corrections, preferred: Mapping[str, str]) -> Iterator[Row]:
    """The same by processes that were made ready to read, with their lexicon."""
    for packed in workers.map(partial(_decide_packed, corrections, preferred), map(marshal.dumps, _cut(rows))):
        yield from marshal.loads(packed)


def _use(row: Row) -> Use:
    root, text, group, papers, statements, dataset, benchmark, technique, model, task, best, introduced = row
    return Use(root, text, GROUPS[group], papers, statements, (dataset, benchmark, technique, model, task), best, introduced)


def _cut(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Pieces in which the rows of a name stay together."""
    piece: list[Row] = []
    for row in rows:
        if len(piece) >= _PIECE and row[0] != piece[-1][0]:
            yield piece
            piece = []
        piece.append(row)
    yield piece


def _decide_packed(corrections: Corrections, preferred: Mapping[str, str], packed: bytes) -> bytes:
    with uncollected():
        return marshal.dumps(list(decide_rows(marshal.loads(packed), lexicon_of_process(), corrections, preferred)))
