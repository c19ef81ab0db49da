"""Write what the stages yield into a graph that is being made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from kg.records import Problem
from kg.store.naming import Span
from kg.store.rows import FIXED, Batch, Numbers

_MOST_NAMES = 100_000  # held in memory of those met last, and once more of those met before; the others are looked up in the file
_TOGETHER = 32  # rows
_ROWS = {  # no kind is an empty text: of None sqlite3 asks first what it may be adapted to
    "statement": "(?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, NULL)",
    "name": "(?, ?, ?)",
    "place": "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "entry": "(?, ?, ?, ?, ?)",
    **dict.fromkeys(("identity", "alias", "stated", "citation"), "(?, ?)"),
}


class Writer:
    """Writes rows; keeps only the numbers of the names it met last and of rules in memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._names: dict[str, int] = {}
        self._older: dict[str, int] = {}
        self._rules: dict[str, int] = dict(connection.execute("SELECT name, id FROM rule"))
        self._next_name = 1 + self._number("SELECT coalesce(max(id), 0) FROM name")
        self._has_others = self._next_name > 1  # whether the file has names that are not in memory
        self._next_node = 1 + self._number("SELECT coalesce(max(number), 0) FROM node")
        self._next_statement = 1 + self._number("SELECT coalesce(max(id), 0) FROM statement")

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def span(self) -> Span:
        """What will be written from now on."""
        return Span(self._next_statement, self._next_node, is_whole=False)

    def write_source(self, name: str, digest: str, format: str) -> int:
        """Note a file that was read; returns its number."""
        row = self._db.execute("INSERT INTO source (name, digest, format, entries) VALUES (?, ?, ?, 0)", (name, digest, format))
        return int(row.lastrowid or 0)

    def write_problems(self, problems: Iterable[Problem]) -> None:
        """Note problems."""
        rows = ((p.code, p.severity, p.file, p.line, p.message) for p in problems)
        self._db.executemany("INSERT INTO problem VALUES (?, ?, ?, ?, ?)", rows)

    def write_batch(self, batch: Batch) -> None:
        """Write papers with their entries and what they say; each becomes a new node. The batch's numbers become those of the file."""
        node, statement = self._next_node, self._next_statement
        self._next_node += len(batch.papers)
        insert = self._db.executemany
        insert("INSERT INTO node VALUES (?, ?, 'paper', ?, 1)", ((number, row[0], row[1]) for number, row in enumerate(batch.papers, node)))
        insert(
            "INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, *row[1:]) for number, row in enumerate(batch.papers, node)),
        )
        self._insert("identity", _count_from(node, batch.identities, 1, 2))
        self._insert("entry", _count_from(node, batch.entries, 2, 5))
        self._insert("stated", _count_from(statement, batch.stated, 0, 2))
        self._write_statements(batch, node, statement)
        self._next_statement += len(batch.statements)

    def _write_statements(self, batch: Batch, node: int, statement: int) -> None:
        """Write what papers say; the first paper and the first statement become these."""
        names, rules = self._numbers(batch), np.array([self._rule(rule) for rule in batch.rules], np.int64)
        said, places, aliases = batch.statements, batch.places, batch.aliases
        said[:, 1] += node
        for rows, name in (said, 2), (places, 7), (aliases, 1):
            rows[:, 0] += statement
            rows[:, name] = names[rows[:, name]]
        places[:, 8] = rules[places[:, 8]]
        values: list[Any] = said.ravel().tolist()
        for column, texts in (3, batch.relations), (5, FIXED):
            values[column :: said.shape[1]] = map(texts.__getitem__, values[column :: said.shape[1]])
        self._insert("statement", values)
        self._insert("place", places.ravel().tolist())
        self._insert("alias", aliases.ravel().tolist())

    def _insert(self, table: str, values: Sequence[Any], how: str = "INSERT") -> None:
        """Write the rows whose values these are; many at once, which takes a third less time."""
        row = _ROWS[table]
        width = row.count("?")
        step = width * _TOGETHER
        rest = len(values) // step * step
        insert = self._db.executemany
        insert(f"{how} INTO {table} VALUES " + ", ".join([row] * _TOGETHER), (values[at : at + step] for at in range(0, rest, step)))
        insert(f"{how} INTO {table} VALUES {row}", (values[at : at + width] for at in range(rest, len(values), width)))

    def _numbers(self, batch: Batch) -> Numbers:
        """The numbers of a batch's names, new ones written."""
        if len(self._names) > _MOST_NAMES:
            self._has_others = self._has_others or bool(self._older)
            self._names, self._older = {}, self._names
        held, numbers = self._names, []
        new: list[Any] = []
        for text, key in zip(batch.names, batch.keys, strict=True):
            number = held.get(text)
            if number is None:
                number = self._older.get(text) or (self._find(text) if self._has_others else 0)
                if not number:
                    number = self._next_name
                    self._next_name += 1
                    new += (number, text, key)
                held[text] = number
            numbers.append(number)
        self._insert("name", new)
        self._insert("citation", [value for name, key in batch.citations.items() for value in (numbers[name], key)], "INSERT OR IGNORE")
        return np.array(numbers, np.int64)

    def _find(self, text: str) -> int:
        """The number of a name of the file, or 0."""
        row = self._db.execute("SELECT id FROM name WHERE text = ?", (text,)).fetchone()
        return int(row[0]) if row else 0

    def _rule(self, name: str) -> int:
        number = self._rules.get(name)
        if number is None:
            number = self._rules[name] = len(self._rules) + 1
            self._db.execute("INSERT INTO rule VALUES (?, ?)", (number, name))
        return number


def _count_from(first: int, values: list[Any], column: int, width: int) -> list[Any]:
    """Values row after row, with the numbers of one column counted from another on."""
    values[column::width] = map(first.__add__, values[column::width])
    return values
