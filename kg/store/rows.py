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
        self._names: dict[str, int] = {}
        self._rules: dict[str, int] = {}

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
        for statement in statements:
            self._add_statement(number, statement)

    def _add_statement(self, paper: int, statement: Statement) -> None:
        batch, number, text, entity = self.batch, self._statements, statement.name, statement.entity
        self._statements += 1
        name = self._name(text)
        fixed, weights = _weigh(statement.kinds, is_resolved=bool(entity))
        batch.statements += (None, paper, name, statement.relation, round(1000 * statement.confidence), fixed, *weights, None)
        if entity:
            batch.stated += (number, entity)
        elif fixed == "paper":
            batch.names[3 * name + 2] = citation_key(text)
        self._add_places(number, statement.evidence)
        if statement.aliases or statement.surfaces != (text,):
            others = {*statement.aliases, *statement.surfaces} - {text}
            for alias in sorted(others) if len(others) > 1 else others:
                batch.aliases += (number, self._name(alias))

    def _add_places(self, statement: int, evidence: Iterable[Evidence]) -> None:
        """Add where a statement stands; most rows of a graph are made here, so nothing is called for what was met before."""
        names, rules, places = self._names, self._rules, self.batch.places
        for position, e in enumerate(evidence):
            start, name_start, name_end, rule = e.start, e.name_start, e.name_end, e.rule
            surface = e.quote[name_start - start : name_end - start]
            if surface not in names:
                self._name(surface)
            if rule not in rules:
                self._rule(rule)
            place = field_number(e.field)
            places += (statement, position, place, start, e.end, name_start, name_end, names[surface], rules[rule], round(1000 * e.confidence))

    def _name(self, text: str) -> int:
        number = self._names.get(text)
        if number is None:
            number = self._names[text] = len(self._names)
            self.batch.names += (text, name_key(text), None)
        return number

    def _rule(self, name: str) -> None:
        self._rules[name] = len(self._rules)
        self.batch.rules.append(name)


def _weigh(kinds: Iterable[tuple[str, float]], *, is_resolved: bool) -> tuple[str | None, Sequence[int]]:
    """The kind where there is no doubt of it, or else None; and a weight for each of `NAMED`."""
    weights = [0] * len(NAMED)
    for kind, share in kinds:
        if is_resolved or kind not in _PLACE:
            return kind, (0,) * len(NAMED)
        weights[_PLACE[kind]] = round(1000 * share)
    return None, weights


def _json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
