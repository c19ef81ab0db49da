"""Papers and what they say as rows of plain values, so that other processes can make them and hand them over cheaply."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from kg.records import Entry, Paper
from kg.vocabulary import NAMED

Row = tuple[Any, ...]


def per_mille(probability: float) -> int:
    """A probability as the file holds it."""
    return round(1000 * probability)


@dataclass(slots=True)
class Batch:
    """The rows of some papers. But for `papers`, a table is one list of its values, row after row: that crosses between processes,
    is given other numbers and is written in less time than rows are.

    Papers, statements, names and rules are numbered from 0 within it; what stands for the number of a row is None.

    Attributes:
        papers: id, then the columns of the table `paper` from `title` on.
        identities: key, paper.
        entries: source, line, paper, source id, difference.
        statements: None, paper, name, relation, confidence, fixed, a weight for each of `NAMED`, None for the entity.
        places: statement, position, field, start, end, name start, name end, surface, rule, confidence.
        aliases: statement, name.
        stated: statement, id of the entity that it is said to mean.
        names: text, key, key as a citation or None.
        rules: names of rules.
    """

    papers: list[Row] = field(default_factory=list)
    identities: list[Any] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    statements: list[Any] = field(default_factory=list)
    places: list[Any] = field(default_factory=list)
    aliases: list[Any] = field(default_factory=list)
    stated: list[Any] = field(default_factory=list)
    names: list[Any] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    def pack(self) -> bytes:
        """All rows as bytes that `unpack` reads; for another process of the same Python, not for a file."""
        return marshal.dumps([getattr(self, table.name) for table in fields(self)], 2)  # later versions look for what stands there twice

    @classmethod
    def unpack(cls, packed: bytes) -> Batch:
        """The rows that `pack` put into bytes."""
        return cls(*marshal.loads(packed))

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


WIDTHS = {"name": 3, "identity": 2, "entry": 5, "statement": 7 + len(NAMED), "place": 10, "alias": 2, "stated": 2}  # values in a row


def _json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
