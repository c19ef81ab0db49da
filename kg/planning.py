"""The first half of a build: files into entries, entries into the papers that are to be written. Memory does not grow with the files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from kg.errors import SourceError
from kg.names import key as name_key
from kg.records import Entry, Paper, Place, Problem, Statement
from kg.resolve.papers import difference, group_entries, identities, merge_entries, paper_id, restore
from kg.sources import SourceFile, read_entries
from kg.store.reading import read_paper
from kg.store.writing import Writer

Progress = Callable[[str, int, int | None], None]
"""Called with the stage, how much is done, and of how much where that is known."""

_VALUES = tuple(f.name for f in fields(Entry) if f.name != "place")


@dataclass(frozen=True, slots=True)
class Planned:
    """A paper to write, and the entries that it is made of, each with the number of its source."""

    paper: Paper
    members: tuple[tuple[int, Entry], ...]


def check_strict(problems: Iterable[Problem], *, strict: bool) -> None:
    """Raise SourceError for the first problem of severity error, if strict."""
    for problem in problems:
        if strict and problem.severity == "error":
            raise SourceError(f"{problem.file}:{problem.line}: {problem.message} ({problem.code})")


def read_files(db: sqlite3.Connection, writer: Writer, files: Sequence[SourceFile], *, strict: bool, progress: Progress) -> int:
    """Read the entries of files that the graph has not read yet into the table `incoming`; returns how many."""
    db.execute("CREATE TEMP TABLE incoming (id INTEGER PRIMARY KEY, source INTEGER, paper_id TEXT, record TEXT NOT NULL)")
    db.execute("CREATE TEMP TABLE incoming_key (key TEXT NOT NULL, entry INTEGER NOT NULL)")
    known = {digest for (digest,) in db.execute("SELECT digest FROM source")}
    total = 0
    for file in (f for f in files if f.digest not in known):
        source = writer.write_source(file.name, file.digest, file.format)
        before = total
        problems: list[Problem] = []
        for item in read_entries(file):
            if isinstance(item, Problem):
                problems.append(item)
                check_strict([item], strict=strict)
            else:
                total += 1
                _write_incoming(db, source, item)
                if total % 1000 == 0:
                    progress("reading", total, None)
        db.execute("UPDATE source SET entries = ? WHERE id = ?", (total - before, source))
        writer.write_problems(problems)
    progress("reading", total, total)
    return total


def _write_incoming(db: sqlite3.Connection, source: int, entry: Entry) -> None:
    record = json.dumps([entry.place.line, *(getattr(entry, name) for name in _VALUES)], ensure_ascii=False)
    number = db.execute("INSERT INTO incoming (source, paper_id, record) VALUES (?, ?, ?)", (source, paper_id(entry), record)).lastrowid
    db.executemany("INSERT INTO incoming_key VALUES (?, ?)", ((key, number) for key in identities(entry)))


def plan_papers(db: sqlite3.Connection) -> None:
    """Decide which entries make one paper: the table `planned` holds a paper's id and its entries' numbers.

    Papers of the graph that share an identity with something new are taken apart again and planned with it, so that adding in parts
    gives what building at once gives.
    """
    db.execute("CREATE INDEX temp.incoming_key_key ON incoming_key (key, entry)")
    _take_back(db)
    db.execute("CREATE TEMP TABLE planned (paper_id TEXT NOT NULL, entries TEXT NOT NULL)")
    db.execute("CREATE TEMP TABLE meeting (entry INTEGER PRIMARY KEY)")
    db.execute(
        """INSERT INTO meeting SELECT DISTINCT entry FROM incoming_key
           WHERE key IN (SELECT key FROM incoming_key GROUP BY key HAVING count(*) > 1)"""
    )
    db.execute("INSERT INTO planned SELECT paper_id, CAST(id AS TEXT) FROM incoming WHERE id NOT IN meeting")
    keyed: dict[int, list[str]] = {}
    for number, key in db.execute("SELECT entry, key FROM incoming_key WHERE entry IN meeting ORDER BY entry, key"):
        keyed.setdefault(number, []).append(key)
    groups, shared = group_entries(keyed.items())
    for group in groups:
        paper = merge_entries([entry for _, entry in _members(db, group)])
        db.execute("INSERT INTO planned VALUES (?, ?)", (paper.id, " ".join(map(str, group))))
    message = "different papers have the title key {}; not joined by it"
    problems = [Problem("shared-title", "warning", "", 0, message.format(key.removeprefix("title:")[:120])) for key in sorted(shared)]
    for p in problems:
        db.execute("DELETE FROM problem WHERE code = ? AND message = ?", (p.code, p.message))
        db.execute("INSERT INTO problem VALUES (?, ?, ?, ?, ?)", (p.code, p.severity, p.file, p.line, p.message))


def _take_back(db: sqlite3.Connection) -> None:
    """Move the entries of every paper that shares an identity with an incoming entry from the graph to `incoming`."""
    names = dict(db.execute("SELECT id, name FROM source"))
    query = "SELECT DISTINCT paper FROM identity WHERE key IN (SELECT key FROM incoming_key) AND key NOT LIKE 'author:%'"
    while numbers := [number for (number,) in db.execute(query)]:
        for number in sorted(numbers):
            paper = read_paper(db, number)
            rows = db.execute(
                "SELECT source, line, source_id, difference FROM entry WHERE paper = ? ORDER BY source, line", (number,)
            ).fetchall()
            for source, line, source_id, differing in rows:
                blank = Entry(title="", abstract="", place=Place(names[source], line), source_id=source_id)
                _write_incoming(db, source, restore(blank, paper, differing))
            _delete_paper(db, number)


def _delete_paper(db: sqlite3.Connection, number: int) -> None:
    for table in ("place", "alias"):
        db.execute(f"DELETE FROM {table} WHERE statement IN (SELECT id FROM statement WHERE paper = ?)", (number,))
    for table in ("statement", "entry", "identity"):
        db.execute(f"DELETE FROM {table} WHERE paper = ?", (number,))
    db.execute("DELETE FROM paper WHERE node = ?", (number,))
    db.execute("DELETE FROM node WHERE number = ?", (number,))


def planned_papers(db: sqlite3.Connection) -> Iterator[Planned]:
    """The planned papers, sorted by id."""
    reading = db.cursor()
    for _, numbers in reading.execute("SELECT paper_id, entries FROM planned ORDER BY paper_id, entries"):
        members = _members(db, [int(number) for number in numbers.split()])
        yield Planned(merge_entries([entry for _, entry in members]), tuple(members))


def _members(db: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[int, Entry]]:
    rows = [
        db.execute("SELECT i.source, s.name, record FROM incoming i JOIN source s ON s.id = i.source WHERE i.id = ?", (n,)).fetchone()
        for n in numbers
    ]
    return sorted(
        ((source, _entry(record, file)) for source, file, record in rows), key=lambda member: (member[1].place.file, member[1].place.line)
    )


def _entry(record: str, file: str) -> Entry:
    line, *values = json.loads(record)
    named = dict(zip(_VALUES, (_tuples(value) for value in values), strict=True))
    return Entry(place=Place(file, line), **named)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value


def write_planned(writer: Writer, planned: Planned, statements: Sequence[Statement]) -> None:
    """Write a paper with its entries and statements."""
    paper = planned.paper
    keys = {key for _, entry in planned.members for key in identities(entry)} | set(identities(paper))
    if paper.authors and paper.year:
        keys.add(f"author:{_surname(paper.authors[0])} {paper.year}")
    number = writer.write_paper(paper, sorted(keys))
    writer.write_entries(number, [(source, entry, difference(entry, paper)) for source, entry in planned.members])
    texts = {"title": paper.title, "abstract": paper.abstract} | {f"references/{i}": text for i, text in enumerate(paper.references)}
    writer.write_statements(number, statements, texts)


def _surname(author: str) -> str:
    """The key of an author's last name, written "Ada Lovelace" or "Lovelace, Ada"."""
    last, comma, _ = author.partition(",")
    return name_key(last if comma else author.split()[-1] if author.split() else "")
