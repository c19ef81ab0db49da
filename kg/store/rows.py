"""Papers and what they say as rows of plain values, so that other processes can make them and hand them over cheaply."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from kg.fields import field_number
from kg.names import citation_key
from kg.names import key as name_key
from kg.records import Entry, Evidence, Paper, Statement
from kg.vocabulary import NAMED

Row = tuple[Any, ...]
_PLACE = {kind: place for place, kind in enumerate(NAMED)}
_NO_WEIGHTS = [0] * len(NAMED)


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


WIDTHS = {"identity": 2, "entry": 5, "statement": 7 + len(NAMED), "place": 10, "alias": 2, "stated": 2}  # values in a row


class Rows:
    """Collects the rows of papers."""

    def __init__(self) -> None:
        self.batch = Batch()
        self._statements = 0
        self._names = _Names(self.batch.names)
        self._rules = _Rules(self.batch.rules)

    def add(
        self, paper: Paper, identities: Iterable[str], entries: Iterable[tuple[int, Entry, str]], statements: Sequence[Statement]
    ) -> None:
        """Add a paper: its keys, its entries (source number, entry, in what it differs), and what it says."""
        batch, number = self.batch, len(self.batch.papers)
        batch.papers.append(
            (paper.id, paper.title, paper.abstract, paper.year, paper.date, paper.venue, paper.doi, paper.arxiv_id, paper.url,
             _json(paper.authors), _json(paper.categories), _json(paper.references), _json(paper.extra))
        )  # fmt: skip
        for key in identities:
            batch.identities += (key, number)
        for source, entry, difference in entries:
            batch.entries += (source, entry.place.line, number, entry.source_id, difference)
        self._add_statements(number, statements)

    def _add_statements(self, paper: int, statements: Iterable[Statement]) -> None:
        """Add what a paper says; most rows of a graph are made here and below, so nothing is called for what was met before."""
        batch, names = self.batch, self._names
        rows, stated = batch.statements, batch.stated
        for number, statement in enumerate(statements, self._statements):
            text, entity, surfaces = statement.name, statement.entity, statement.surfaces
            name = names[text]
            weights = [0] * len(NAMED)
            fixed = None
            for kind, share in statement.kinds:
                if entity or kind not in _PLACE:
                    fixed, weights = kind, _NO_WEIGHTS
                    break
                weights[_PLACE[kind]] = round(1000 * share)
            rows += (None, paper, name, statement.relation, round(1000 * statement.confidence), fixed, *weights, None)
            if entity:
                stated += (number, entity)
            elif fixed == "paper":
                names.rows[3 * name + 2] = citation_key(text)
            self._add_places(number, statement.evidence)
            if statement.aliases or len(surfaces) != 1 or surfaces[0] != text:
                others = {*statement.aliases, *surfaces} - {text}
                for alias in sorted(others) if len(others) > 1 else others:
                    batch.aliases += (number, names[alias])
        self._statements = len(rows) // WIDTHS["statement"]

    def _add_places(self, statement: int, evidence: Iterable[Evidence]) -> None:
        names, rules, places = self._names, self._rules, self.batch.places
        for position, e in enumerate(evidence):
            start, name_start, name_end, field = e.start, e.name_start, e.name_end, e.field
            surface = names[e.quote[name_start - start : name_end - start]]
            place = 0 if field == "title" else 1 if field == "abstract" else field_number(field)
            places += (statement, position, place, start, e.end, name_start, name_end, surface, rules[e.rule], round(1000 * e.confidence))


class _Names(dict[str, int]):
    """The number of each name that was met, in rows of text, key, and None for the key as a citation."""

    def __init__(self, rows: list[Any]) -> None:
        super().__init__()
        self.rows = rows

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        self.rows += (text, name_key(text), None)
        return number


class _Rules(dict[str, int]):
    """The number of each rule that was met."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        self._names.append(name)
        return number


def _json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
