"""Papers and what they say as rows of plain values, so that other processes can make them and hand them over cheaply."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterable, Sequence
from typing import Any

from kg.fields import field_number
from kg.names import citation_key
from kg.names import key as name_key
from kg.records import Entry, Evidence, Paper, Statement
from kg.vocabulary import NAMED

Row = tuple[Any, ...]


def per_mille(probability: float) -> int:
    """A probability as the file holds it."""
    return round(1000 * probability)


class Rows:
    """The rows of some papers; papers, statements, names and rules are numbered from 0 within them.

    Attributes:
        papers: (id, then the columns of the table `paper` from `title` on).
        identities: (paper, key).
        entries: (paper, source, line, source id, difference).
        statements: (paper, name, relation, confidence, fixed, a weight for each of `NAMED`).
        places: (statement, position, field, start, end, name start, name end, surface, rule, confidence).
        aliases: (statement, name).
        stated: (statement, id of the entity that it is said to mean).
        names: (text, key, key as a citation or None).
        rules: names of rules.
    """

    def __init__(self) -> None:
        self.papers: list[Row] = []
        self.identities: list[Row] = []
        self.entries: list[Row] = []
        self.statements: list[Row] = []
        self.places: list[Row] = []
        self.aliases: list[Row] = []
        self.stated: list[Row] = []
        self.names: list[Row] = []
        self.rules: list[str] = []
        self._names: dict[str, int] = {}
        self._rules: dict[str, int] = {}

    def pack(self) -> bytes:
        """All rows as bytes that `unpack` reads; for another process of the same Python, not for a file."""
        return marshal.dumps(
            (self.papers, self.identities, self.entries, self.statements, self.places, self.aliases, self.stated, self.names, self.rules)
        )

    @classmethod
    def unpack(cls, packed: bytes) -> Rows:
        """The rows that `pack` put into bytes."""
        rows = cls()
        (rows.papers, rows.identities, rows.entries, rows.statements, rows.places, rows.aliases, rows.stated, rows.names, rows.rules) = marshal.loads(
            packed
        )
        return rows

    def add(
        self, paper: Paper, identities: Iterable[str], entries: Iterable[tuple[int, Entry, str]], statements: Sequence[Statement]
    ) -> None:
        """Add a paper: its keys, its entries (source number, entry, in what it differs), and what it says."""
        number = len(self.papers)
        self.papers.append(
            (paper.id, paper.title, paper.abstract, paper.year, paper.date, paper.venue, paper.doi, paper.arxiv_id, paper.url,
             _json(paper.authors), _json(paper.categories), _json(paper.references), _json(paper.extra))
        )  # fmt: skip
        self.identities += [(number, key) for key in identities]
        self.entries += [(number, source, entry.place.line, entry.source_id, difference) for source, entry, difference in entries]
        for statement in statements:
            self._add_statement(number, statement)

    def _add_statement(self, paper: int, statement: Statement) -> None:
        number = len(self.statements)
        kinds = dict(statement.kinds)
        fixed = next((kind for kind in kinds if kind not in NAMED or statement.entity), None)
        weights = (0, 0, 0, 0, 0) if fixed else [per_mille(kinds[kind]) if kind in kinds else 0 for kind in NAMED]
        name = self._name(statement.name)
        self.statements.append((paper, name, statement.relation, per_mille(statement.confidence), fixed, *weights))
        if statement.entity:
            self.stated.append((number, statement.entity))
        elif fixed == "paper":
            self.names[name] = (statement.name, self.names[name][1], citation_key(statement.name))
        self.places += [self._place(number, position, e) for position, e in enumerate(statement.evidence)]
        others = {*statement.aliases, *statement.surfaces} - {statement.name}
        self.aliases += [(number, self._name(alias)) for alias in (sorted(others) if len(others) > 1 else others)]

    def _place(self, statement: int, position: int, e: Evidence) -> Row:
        surface = self._name(e.quote[e.name_start - e.start : e.name_end - e.start])
        return (
            statement,
            position,
            field_number(e.field),
            e.start,
            e.end,
            e.name_start,
            e.name_end,
            surface,
            self._rule(e.rule),
            per_mille(e.confidence),
        )

    def _name(self, text: str) -> int:
        number = self._names.get(text)
        if number is None:
            number = self._names[text] = len(self.names)
            self.names.append((text, name_key(text), None))
        return number

    def _rule(self, name: str) -> int:
        number = self._rules.get(name)
        if number is None:
            number = self._rules[name] = len(self.rules)
            self.rules.append(name)
        return number


def _json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
