"""Papers and what they say as rows of plain values, so that other processes can make them and hand them over cheaply."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.records import Entry, Paper
from kg.vocabulary import KINDS, NAMED

Row = tuple[Any, ...]
Numbers = npt.NDArray[np.int64]
_WIDTHS = {"statements": 6 + len(NAMED), "places": 10, "aliases": 2}  # numbers in a row
_encode = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes an encoder for each call
FIXED = ("", *KINDS)  # the kind of a statement that leaves no doubt of it


def per_mille(probability: float) -> int:
    """A probability as the file holds it."""
    return round(1000 * probability)


def _read_rows(table: bytes, width: int) -> Numbers:
    return np.frombuffer(table, np.int32).astype(np.int64).reshape(-1, width)


@dataclass(slots=True)
class Batch:
    """The rows of some papers. But for `papers`, a table is an array of numbers or one list of its values, row after row: that crosses
    between processes, is given other numbers and is written in less time than rows are.

    Papers, statements, names, relations and rules are numbered from 0 within it.

    Attributes:
        papers: id, then the columns of the table `paper` from `title` on.
        identities: key, paper.
        entries: source, line, paper, source id, difference.
        statements: statement, paper, name, relation, confidence, number of the kind in `FIXED`, a weight for each of `NAMED`.
        places: statement, position, field, start, end, name start, name end, surface, rule, confidence.
        aliases: statement, name.
        stated: statement, id of the entity that it is said to mean.
        names: texts.
        keys: the key of each name.
        citations: the key as a citation of names that are cited.
        relations: names of relations.
        rules: names of rules.
    """

    papers: list[Row] = field(default_factory=list)
    identities: list[Any] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    statements: Numbers = field(default_factory=partial(_read_rows, b"", _WIDTHS["statements"]))
    places: Numbers = field(default_factory=partial(_read_rows, b"", _WIDTHS["places"]))
    aliases: Numbers = field(default_factory=partial(_read_rows, b"", _WIDTHS["aliases"]))
    stated: list[Any] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    citations: dict[int, str] = field(default_factory=dict)
    relations: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    def pack(self) -> bytes:
        """All rows as bytes that `unpack` reads; for another process of the same Python, not for a file."""
        tables = ((table.name, getattr(self, table.name)) for table in fields(self))
        plain = [rows.astype(np.int32).tobytes() if name in _WIDTHS else rows for name, rows in tables]
        return marshal.dumps(plain, 2)  # later versions look for what stands there twice

    @classmethod
    def unpack(cls, packed: bytes) -> Batch:
        """The rows that `pack` put into bytes."""
        plain: dict[str, Any] = dict(zip((table.name for table in fields(cls)), marshal.loads(packed), strict=True))
        return cls(**plain | {name: _read_rows(plain[name], width) for name, width in _WIDTHS.items()})

    def add(self, paper: Paper, identities: Iterable[str], entries: Iterable[tuple[int, Entry, str]]) -> None:
        """Add a paper: its keys, and its entries (source number, entry, in what it differs)."""
        number = len(self.papers)
        self.papers.append(
            (paper.id, paper.title, paper.abstract, paper.year, paper.date, paper.venue, paper.doi, paper.arxiv_id, paper.url,
             _json(paper.authors), _json(paper.categories), _json(paper.references), _json(paper.extra))
        )  # fmt: skip
        for key in identities:
            self.identities += (key, number)
        for source, entry, difference in entries:
            self.entries += (source, entry.place.line, number, entry.source_id, difference)


def _json(values: Sequence[object]) -> str:
    return _encode(values) if values else ""
