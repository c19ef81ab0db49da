"""The invariants of a graph file, each a function that yields what breaks it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.store.reading import read_text
from kg.vocabulary import RELATIONS


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold, and where."""

    invariant: str
    detail: str


def check_graph(db: sqlite3.Connection) -> list[Violation]:
    """Check every invariant; an empty list for a sound graph."""
    return [violation for check in (_spans, *_counted) for violation in check(db)]


def _spans(db: sqlite3.Connection) -> Iterator[Violation]:
    """Every surface is what its span cuts out of the text, and lies within its quote."""
    held: tuple[int, int] = (-1, -1)
    text = ""
    rows = db.execute(
        """SELECT s.paper, p.field, p.start, p."end", p.name_start, p.name_end, n.text, s.id FROM statement s JOIN place p ON p.statement = s.id
           JOIN name n ON n.id = p.surface ORDER BY s.paper, p.field"""
    )
    for paper, field, start, end, name_start, name_end, surface, statement in rows:
        if (paper, field) != held:
            held, text = (paper, field), read_text(db, paper, field)
        if text[name_start:name_end] != surface:
            yield Violation("text[start:end] == quote", f"statement {statement}: {surface!r} is not at {name_start}..{name_end}")
        elif not 0 <= start <= name_start < name_end <= end <= len(text):
            yield Violation("the quote holds the name", f"statement {statement}: {name_start}..{name_end} is not within {start}..{end}")


def _none(name: str, query: str) -> Callable[[sqlite3.Connection], Iterator[Violation]]:
    def check(db: sqlite3.Connection) -> Iterator[Violation]:
        for row in db.execute(query):
            yield Violation(name, " ".join(map(str, row)))

    return check


_RELATION_NAMES = ", ".join(f"'{name}'" for name in RELATIONS)
_counted = (
    _none("every edge has evidence", """SELECT id FROM edge e WHERE NOT EXISTS (SELECT 1 FROM edge_statement u JOIN place p ON p.statement = u.statement WHERE u.edge = e.id)
        AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.edge = e.id)"""),
    _none("an edge joins two nodes", "SELECT id FROM edge WHERE source NOT IN (SELECT number FROM node) OR target NOT IN (SELECT number FROM node)"),
    _none("an edge's relation is known", f"SELECT id, relation FROM edge WHERE relation NOT IN ({_RELATION_NAMES})"),
    _none("an edge stands once", "SELECT source, relation, target FROM edge GROUP BY 1, 2, 3 HAVING count(*) > 1"),
    _none("confidence lies between 0 and 1", "SELECT id, confidence FROM edge WHERE confidence NOT BETWEEN 0 AND 1000"),
    _none("an id stands once", "SELECT id FROM node GROUP BY id HAVING count(*) > 1"),
    _none("every paper is read from somewhere", "SELECT node FROM paper WHERE node NOT IN (SELECT paper FROM entry)"),
    _none("every entry is part of a paper", "SELECT source, line FROM entry WHERE paper NOT IN (SELECT node FROM paper)"),
    _none("papers are counted", "SELECT value FROM meta WHERE name = 'papers' AND value != (SELECT count(*) FROM paper)"),
    _none("every source's entries are there", "SELECT name, entries FROM source s WHERE entries != (SELECT count(*) FROM entry WHERE source = s.id)"),
    _none("every statement has a place", "SELECT id FROM statement WHERE id NOT IN (SELECT statement FROM place)"),
    _none("every entity is named by a paper", "SELECT id FROM node WHERE kind != 'paper' AND number NOT IN (SELECT target FROM edge)"),
    _none("a resolved statement has an edge", """SELECT id FROM statement s WHERE entity IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.source = s.paper AND e.target = s.entity AND (s.relation IN (e.relation, 'mentions')))"""),
)  # fmt: skip
