"""Write what the stages yield into a graph that is being made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kg.records import Problem
from kg.store.naming import Span
from kg.store.rows import WIDTHS, Batch

_MOST_NAMES = 100_000  # held in memory of those met last, and once more of those met before; the others are looked up in the file
_TOGETHER = 32  # rows


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
        self._insert("identity", batch.identities, {1: node.__add__})
        self._insert("entry", batch.entries, {2: node.__add__})
        names, rules = self._numbers(batch.names).__getitem__, [self._rule(rule) for rule in batch.rules].__getitem__
        count = len(batch.statements) // WIDTHS["statement"]
        self._next_statement += count
        batch.statements[:: WIDTHS["statement"]] = range(statement, self._next_statement)
        self._insert("statement", batch.statements, {1: node.__add__, 2: names})
        self._insert("place", batch.places, {0: statement.__add__, 7: names, 8: rules})
        self._insert("stated", batch.stated, {0: statement.__add__})
        self._insert("alias", batch.aliases, {0: statement.__add__, 1: names})

    def _insert(self, table: str, values: list[Any], numbers: Mapping[int, Callable[[int], int]]) -> None:
        """Write the rows whose values these are, with other numbers in some columns; many at once, which takes a third less time."""
        width = WIDTHS[table]
        for column, number in numbers.items():
            values[column::width] = map(number, values[column::width])
        row = "(" + ", ".join("?" * width) + ")"
        step = width * _TOGETHER
        rest = len(values) // step * step
        insert = self._db.executemany
        insert(f"INSERT INTO {table} VALUES " + ", ".join([row] * _TOGETHER), (values[at : at + step] for at in range(0, rest, step)))
        insert(f"INSERT INTO {table} VALUES {row}", (values[at : at + width] for at in range(rest, len(values), width)))

    def _numbers(self, names: Sequence[Any]) -> list[int]:
        """The numbers of names (text, key, key as a citation), new ones written."""
        if len(self._names) > _MOST_NAMES:
            self._has_others = self._has_others or bool(self._older)
            self._names, self._older = {}, self._names
        held, texts = self._names, names[::3]
        new: list[Any] = []
        for text, key in zip(texts, names[1::3], strict=True):
            if text not in held:
                number = self._older.get(text) or (self._find(text) if self._has_others else 0)
                if not number:
                    number = self._next_name
                    self._next_name += 1
                    new += (number, text, key)
                held[text] = number
        self._insert("name", new, {})
        numbers = [held[text] for text in texts]
        cited = ((number, citation) for number, citation in zip(numbers, names[2::3], strict=True) if citation is not None)
        self._db.executemany("INSERT OR IGNORE INTO citation VALUES (?, ?)", cited)
        return numbers

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
