"""A name explained: how it is written and how often, why the spellings are one thing, and what was kept apart from it and why."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kg.errors import UnknownName
from kg.names import key as name_key
from kg.query.find import find_node, near_names
from kg.query.showing import read_entity
from kg.query.table import InNotebook
from kg.records import Entity


@dataclass(frozen=True, slots=True)
class KeptApart:
    """A name that was left out, or that was not taken for the same as `other`, in so many papers, and why."""

    name: str
    other: str
    papers: int
    reason: str


@dataclass(frozen=True, slots=True)
class NameReport(InNotebook):
    """All that a name may mean, the most named first, and what was decided against."""

    name: str
    entities: tuple[Entity, ...]
    kept_apart: tuple[KeptApart, ...]


def explain_name(db: sqlite3.Connection, name: str, kind: str | None = None) -> NameReport:
    """Explain a name: every entity that is called so, by main name or not, with its spellings, and what was kept apart.

    Raises:
        UnknownName: Where no paper says this name, near names are offered.
    """
    key = name_key(name)
    rows = db.execute("SELECT DISTINCT s.entity FROM name n JOIN spelling s ON s.name = n.id WHERE n.key = ?", (key,)).fetchall()
    numbers = [number for (number,) in rows] or _by_id(db, name)
    entities = sorted((read_entity(db, n) for n in numbers), key=lambda e: (-e.papers, e.id))
    chosen = tuple(e for e in entities if kind is None or kind in e.kinds)
    keys = {key} | {name_key(n.surface) for e in chosen for n in e.names} | {name_key(e.name) for e in chosen}
    apart = _kept_apart(db, sorted(keys), sorted({e.name for e in chosen} | {name}))
    if not chosen and not apart:
        raise UnknownName(name, near_names(db, name, kind))
    return NameReport(name, chosen, apart)


def _by_id(db: sqlite3.Connection, name: str) -> list[int]:
    try:
        number = find_node(db, name)
    except UnknownName:
        return []
    return [number] if db.execute("SELECT 1 FROM entity WHERE node = ?", (number,)).fetchone() else []


def _kept_apart(db: sqlite3.Connection, keys: list[str], names: list[str]) -> tuple[KeptApart, ...]:
    found: set[KeptApart] = set()
    for column, values in (("key", keys), ("other", [*keys, *names])):
        for value in values:
            rows = db.execute(f"SELECT key, other, papers, reason FROM refusal WHERE {column} = ?", (value,)).fetchall()
            found.update(KeptApart(_written(db, key), _written(db, other), papers, reason) for key, other, papers, reason in rows)
    return tuple(sorted(found, key=lambda r: (-r.papers, r.name, r.other, r.reason)))


def _written(db: sqlite3.Connection, key: str) -> str:
    """A key as papers write it, the shortest way; the key itself where it is none."""
    row = db.execute("SELECT min(length(text) || ' ' || text) FROM name WHERE key = ?", (key,)).fetchone()
    return str(row[0]).partition(" ")[2] if key and row[0] else key
