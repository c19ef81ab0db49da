"""What a graph holds in numbers, and what went wrong with its input."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from kg.query.nodes import count_papers
from kg.query.table import InNotebook
from kg.records import Problem
from kg.store.reading import count_links, read_problems


@dataclass(frozen=True, slots=True)
class Stats(InNotebook):
    """Counts over a graph. `unresolved` counts statements whose name was not taken for a thing, or whose citation is not in the graph."""

    sources: tuple[tuple[str, str, int], ...]
    papers: int
    entries: int
    entities: Mapping[str, int]
    links: Mapping[str, int]
    statements: int
    evidence: int
    unresolved: int
    problems: Mapping[str, int]


def count_all(db: sqlite3.Connection) -> Stats:
    """Count what a graph holds."""

    def number(query: str) -> int:
        return int(db.execute(query).fetchone()[0])

    def by(query: str) -> dict[str, int]:
        return dict(db.execute(query))

    return Stats(
        sources=tuple(db.execute("SELECT name, format, entries FROM source ORDER BY name")),
        papers=count_papers(db),
        entries=number("SELECT count(*) FROM entry"),
        entities=by("SELECT kind, count(*) FROM node WHERE kind != 'paper' GROUP BY kind ORDER BY 2 DESC, 1"),
        links=count_links(db),
        statements=number("SELECT count(*) FROM statement"),
        evidence=number("SELECT count(*) FROM place"),
        unresolved=number("SELECT count(*) FROM statement WHERE entity IS NULL"),
        problems=by("SELECT code, count(*) FROM problem GROUP BY code ORDER BY 2 DESC, 1"),
    )


def list_problems(db: sqlite3.Connection, code: str | None = None) -> list[Problem]:
    """What went wrong with the input, by file and line."""
    return [problem for problem in read_problems(db) if code in (None, problem.code)]
