"""Write what the stages yield into a graph that is being made."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from kg.names import key as name_key
from kg.records import Entry, Evidence, Paper, Problem, Statement
from kg.vocabulary import NAMED

_FIELDS = {"title": 0, "abstract": 1}


def field_number(field: str) -> int:
    """The number that stands for a text field of a paper: 0 title, 1 abstract, 2+N for `references/N`."""
    return _FIELDS[field] if field in _FIELDS else 2 + int(field.partition("/")[2])


def per_mille(probability: float) -> int:
    """A probability as the file holds it."""
    return round(1000 * probability)


class Writer:
    """Writes rows; keeps only the numbers of names and rules in memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._names: dict[str, int] = dict(connection.execute("SELECT text, id FROM name"))
        self._rules: dict[str, int] = dict(connection.execute("SELECT name, id FROM rule"))
        self._next_node = 1 + self._number("SELECT coalesce(max(number), 0) FROM node")
        self._next_statement = 1 + self._number("SELECT coalesce(max(id), 0) FROM statement")

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def write_source(self, name: str, digest: str, format: str) -> int:
        """Note a file that was read; returns its number."""
        row = self._db.execute("INSERT INTO source (name, digest, format, entries) VALUES (?, ?, ?, 0)", (name, digest, format))
        return int(row.lastrowid or 0)

    def write_problems(self, problems: Iterable[Problem]) -> None:
        """Note problems."""
        rows = ((p.code, p.severity, p.file, p.line, p.message) for p in problems)
        self._db.executemany("INSERT INTO problem VALUES (?, ?, ?, ?, ?)", rows)

    def write_paper(self, paper: Paper, identities: Iterable[str]) -> int:
        """Write a paper as a new node; returns its number."""
        number = self._next_node
        self._next_node += 1
        self._db.execute("INSERT INTO node VALUES (?, ?, 'paper', ?, 1)", (number, paper.id, paper.title))
        self._db.execute(
            "INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, paper.title, paper.abstract, paper.year, paper.date, paper.venue, paper.doi, paper.arxiv_id, paper.url,
             _json(paper.authors), _json(paper.categories), _json(paper.references), _json(paper.extra)),
        )  # fmt: skip
        self._db.executemany("INSERT INTO identity VALUES (?, ?)", ((key, number) for key in identities))
        return number

    def write_entries(self, paper: int, rows: Iterable[tuple[int, Entry, str]]) -> None:
        """Note which entries a paper is made of: (source number, entry, in what it differs)."""
        values = ((source, entry.place.line, paper, entry.source_id, difference) for source, entry, difference in rows)
        self._db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", values)

    def write_statements(self, paper: int, statements: Sequence[Statement], texts: Mapping[str, str]) -> None:
        """Write what one paper says; `texts` holds the paper's text by field, out of which every surface is cut."""
        heads, places, aliases = [], [], []
        for statement in statements:
            number = self._next_statement
            self._next_statement += 1
            heads.append(self._head(number, paper, statement))
            places += [self._place(number, position, e, texts[e.field]) for position, e in enumerate(statement.evidence)]
            aliases += [(number, self._name(alias)) for alias in {*statement.aliases, *statement.surfaces} - {statement.name}]
        self._db.executemany("INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)", heads)
        self._db.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", places)
        self._db.executemany("INSERT OR IGNORE INTO alias VALUES (?, ?)", sorted(aliases))

    def _head(self, number: int, paper: int, statement: Statement) -> tuple[object, ...]:
        kinds = dict(statement.kinds)
        fixed = next((kind for kind in kinds if kind not in NAMED), None)
        weights = [0 if fixed else per_mille(kinds.get(kind, 0.0)) for kind in NAMED]
        return (number, paper, self._name(statement.name), statement.relation, per_mille(statement.confidence), fixed, *weights)

    def _place(self, statement: int, position: int, e: Evidence, text: str) -> tuple[object, ...]:
        surface = self._name(text[e.name_start : e.name_end])
        rule = self._rules.get(e.rule) or self._new_rule(e.rule)
        return (
            statement,
            position,
            field_number(e.field),
            e.start,
            e.end,
            e.name_start,
            e.name_end,
            surface,
            rule,
            per_mille(e.confidence),
        )

    def _name(self, text: str) -> int:
        number = self._names.get(text)
        if number is None:
            number = self._names[text] = len(self._names) + 1
            self._db.execute("INSERT INTO name VALUES (?, ?, ?)", (number, text, name_key(text)))
        return number

    def _new_rule(self, name: str) -> int:
        number = self._rules[name] = len(self._rules) + 1
        self._db.execute("INSERT INTO rule VALUES (?, ?)", (number, name))
        return number


def _json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
