"""Write what the stages yield into a graph that is being made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from kg.records import Problem
from kg.store.naming import Span
from kg.store.rows import Row, Rows

_MOST_NAMES = 200_000  # held in memory; the others are looked up in the file


class Writer:
    """Writes rows; keeps only the numbers of the names it met last and of rules in memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._names: dict[str, int] = {}
        self._rules: dict[str, int] = dict(connection.execute("SELECT name, id FROM rule"))
        self._next_name = 1 + self._number("SELECT coalesce(max(id), 0) FROM name")
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

    def write_rows(self, rows: Rows) -> None:
        """Write papers with their entries and what they say; each becomes a new node."""
        node, statement = self._next_node, self._next_statement
        self._next_node += len(rows.papers)
        self._next_statement += len(rows.statements)
        insert = self._db.executemany
        insert("INSERT INTO node VALUES (?, ?, 'paper', ?, 1)", ((number, row[0], row[1]) for number, row in enumerate(rows.papers, node)))
        insert(
            "INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, *row[1:]) for number, row in enumerate(rows.papers, node)),
        )
        insert("INSERT INTO identity VALUES (?, ?)", ((key, node + paper) for paper, key in rows.identities))
        insert(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?)", ((source, line, node + paper, *rest) for paper, source, line, *rest in rows.entries)
        )
        names, rules = self._numbers(rows.names), [self._rule(rule) for rule in rows.rules]
        insert(
            "INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            ((number, node + paper, names[name], *rest) for number, (paper, name, *rest) in enumerate(rows.statements, statement)),
        )
        insert("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._places(rows.places, statement, names, rules))
        insert("INSERT INTO stated VALUES (?, ?)", ((statement + number, entity) for number, entity in rows.stated))
        insert("INSERT OR IGNORE INTO alias VALUES (?, ?)", ((statement + number, names[name]) for number, name in rows.aliases))

    def _places(self, places: Iterable[Row], first: int, names: list[int], rules: list[int]) -> Iterator[Row]:
        for number, position, field, start, end, name_start, name_end, surface, rule, confidence in places:
            yield first + number, position, field, start, end, name_start, name_end, names[surface], rules[rule], confidence

    def _numbers(self, names: Iterable[Row]) -> list[int]:
        """The numbers of names, new ones written."""
        if len(self._names) > _MOST_NAMES:
            self._names.clear()
        held = self._names
        numbers = []
        for text, key, cited in names:
            number = held.get(text)
            if number is None:
                number = held[text] = self._name(text, key)
            if cited is not None:
                self._db.execute("INSERT OR IGNORE INTO citation VALUES (?, ?)", (number, cited))
            numbers.append(number)
        return numbers

    def _name(self, text: str, key: str) -> int:
        number = self._next_name
        if self._db.execute("INSERT OR IGNORE INTO name VALUES (?, ?, ?)", (number, text, key)).rowcount:
            self._next_name += 1
            return number
        return int(self._db.execute("SELECT id FROM name WHERE text = ?", (text,)).fetchone()[0])

    def _rule(self, name: str) -> int:
        number = self._rules.get(name)
        if number is None:
            number = self._rules[name] = len(self._rules) + 1
            self._db.execute("INSERT INTO rule VALUES (?, ?)", (number, name))
        return number
