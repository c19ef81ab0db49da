"""The first half of a build: files into entries, entries into the papers that are to be written. Memory does not grow with the files."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from kg.errors import SourceError
from kg.pieces import Incoming, Planned, pack_entry, read_entries_of, unpack_entry, unpack_incoming
from kg.records import Edge, Entity, Entry, Place, Problem, Stated, Statement
from kg.resolve.papers import group_entries, merge_entries, restore
from kg.sources import Item, SourceFile, cut_file, has_own_lines, read_entries
from kg.statement_files import cut_statements, pack_piece
from kg.statements import pack_statements
from kg.store import stated
from kg.store.forgetting import begin_forgetting, delete_paper
from kg.store.reading import read_paper
from kg.store.writing import Writer
from kg.workers import Workers

Progress = Callable[[str, int, int | None], None]
"""Called with the stage, how much is done, and of how much where that is known."""

_GIVE = "INSERT INTO given VALUES (?, ?) ON CONFLICT DO UPDATE SET statements = max(statements, excluded.statements)"
_PIECE, _LAST = 500, 125  # papers, at most and at least
_LARGE = 5_000_000  # bytes: below, starting processes to read a file costs more than it saves


def check_strict(problems: Iterable[Problem], *, strict: bool) -> None:
    """Raise SourceError for the first problem of severity error, if strict."""
    for problem in problems:
        if strict and problem.severity == "error":
            raise SourceError(f"{problem.file}:{problem.line}: {problem.message} ({problem.code})")


class Intake:
    """Reads files into the table `incoming`, an entry a row, with the identities of each in `incoming_key`."""

    def __init__(self, db: sqlite3.Connection, writer: Writer, workers: Workers, *, strict: bool, progress: Progress) -> None:
        self._db, self._writer, self._workers, self._strict, self._progress = db, writer, workers, strict, progress
        self.entries = 0
        db.execute("CREATE TEMP TABLE incoming (id INTEGER PRIMARY KEY, source INTEGER, paper_id TEXT, record BLOB NOT NULL)")
        db.execute("CREATE TEMP TABLE incoming_key (key TEXT NOT NULL, entry INTEGER NOT NULL)")
        db.execute("CREATE TEMP TABLE given (paper_id TEXT PRIMARY KEY, statements BLOB NOT NULL) WITHOUT ROWID")

    def read(self, files: Sequence[SourceFile]) -> None:
        """Read those files that the graph has not read yet."""
        known = {digest for (digest,) in self._db.execute("SELECT digest FROM source")}
        for file in (f for f in files if f.digest not in known):
            source = self._writer.write_source(file.name, file.digest, file.format)
            before = self.entries
            problems: list[Problem] = []
            for found, noted in self._pieces(file):
                problems += noted
                check_strict(noted, strict=self._strict)
                self._write(source, found)
                self._progress("reading", self.entries, None)
            self._db.execute("UPDATE source SET entries = ? WHERE id = ?", (self.entries - before, source))
            self._writer.write_problems(problems)
        self._progress("reading", self.entries, self.entries)

    def take_statements(self, paths: Sequence[str]) -> None:
        """Read files of statements into the table `given`."""
        size = sum(Path(path).stat().st_size for path in paths if Path(path).is_file())
        for found, problems in self._workers.map(pack_piece, cut_statements(paths), serial=size < _LARGE and not any(map(os.path.isdir, paths))):
            check_strict(problems, strict=self._strict)
            self._writer.write_problems(problems)
            self._db.executemany(_GIVE, found)

    def note_unmatched(self) -> None:
        """Note how many papers of the statements are in no source."""
        query = "SELECT count(*), min(paper_id) FROM given WHERE paper_id NOT IN (SELECT paper_id FROM incoming)"
        count, first = self._db.execute(query).fetchone()
        if count:
            message = f"statements of {count} papers that no source holds were left out, the first of them {first}"
            self._writer.write_problems([Problem("unmatched-statements", "warning", "", 0, message)])

    def _pieces(self, file: SourceFile) -> Iterator[tuple[Iterable[Incoming], list[Problem]]]:
        """The entries and problems of a file, a piece at a time, by several processes where it is large."""
        if not has_own_lines(file):
            for item in read_entries(file):
                yield self._taken(item)
            return
        broken: list[Problem] = []
        for packed, problems in self._workers.map(read_entries_of, cut_file(file, broken), serial=file.size < _LARGE):
            yield unpack_incoming(packed), problems
        yield (), broken

    def _taken(self, item: Item) -> tuple[Iterable[Incoming], list[Problem]]:
        """An entry or a problem as it is; what a source says beyond entries is noted where it belongs."""
        if isinstance(item, Problem):
            return (), [item]
        if isinstance(item, Entity):
            stated.note_entities(self._db, [item])
            return (), []
        if isinstance(item, Edge):
            stated.note_facts(self._db, [item])
            return (), []
        packed = pack_entry(item.entry if isinstance(item, Stated) else item)
        if isinstance(item, Stated):
            give_statements(self._db, packed[1], item.statements)
        return (packed,), []

    def _write(self, source: int, found: Iterable[Incoming]) -> None:
        rows, keys = [], []
        for record, paper, identities in found:
            self.entries += 1
            rows.append((self.entries, source, paper, record))
            keys += [(key, self.entries) for key in identities]
        self._db.executemany("INSERT INTO incoming VALUES (?, ?, ?, ?)", rows)
        self._db.executemany("INSERT INTO incoming_key VALUES (?, ?)", keys)


def give_statements(db: sqlite3.Connection, paper: str, statements: Iterable[Statement]) -> None:
    """Note what a paper is said to state; of two that differ the same one counts in any order."""
    db.execute(_GIVE, (paper, pack_statements(statements)))


def plan_papers(db: sqlite3.Connection) -> None:
    """Decide which entries make one paper: the table `planned` holds a paper's id and its entries' numbers.

    Papers of the graph that share an identity with something new are taken apart again and planned with it, so that adding in parts
    gives what building at once gives.
    """
    db.execute("CREATE INDEX temp.incoming_key_key ON incoming_key (key, entry)")
    _take_back(db)
    db.execute("CREATE TEMP TABLE planned (paper_id TEXT NOT NULL, entries NOT NULL, PRIMARY KEY (paper_id, entries)) WITHOUT ROWID")
    db.execute("CREATE TEMP TABLE meeting (entry INTEGER PRIMARY KEY)")
    db.execute(
        """INSERT INTO meeting SELECT DISTINCT entry FROM incoming_key
           WHERE key IN (SELECT key FROM incoming_key GROUP BY key HAVING count(*) > 1)"""
    )
    db.execute("INSERT INTO planned SELECT paper_id, id FROM incoming WHERE id NOT IN meeting ORDER BY paper_id, id")
    keyed: dict[int, list[str]] = {}
    for number, key in db.execute("SELECT entry, key FROM incoming_key WHERE entry IN meeting ORDER BY entry, key"):
        keyed.setdefault(number, []).append(key)
    groups, shared = group_entries(keyed.items())
    for group in groups:
        paper = merge_entries([unpack_entry(record, file) for _, file, record in _records(db, group)])
        db.execute("INSERT INTO planned VALUES (?, ?)", (paper.id, " ".join(map(str, group))))
    message = "different papers have the title key {}; not joined by it"
    problems = [Problem("shared-title", "warning", "", 0, message.format(key.removeprefix("title:")[:120])) for key in sorted(shared)]
    for p in problems:
        db.execute("DELETE FROM problem WHERE code = ? AND message = ?", (p.code, p.message))
        db.execute("INSERT INTO problem VALUES (?, ?, ?, ?, ?)", (p.code, p.severity, p.file, p.line, p.message))


def _take_back(db: sqlite3.Connection) -> None:
    """Move the entries of every paper that shares an identity with an incoming entry from the graph to `incoming`."""
    begin_forgetting(db)
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
            if (statements := stated.read_stated(db, number, paper.id)) is not None:
                give_statements(db, paper.id, statements)
            delete_paper(db, number)


def _write_incoming(db: sqlite3.Connection, source: int, entry: Entry) -> None:
    record, paper, identities = pack_entry(entry)
    number = db.execute("INSERT INTO incoming (source, paper_id, record) VALUES (?, ?, ?)", (source, paper, record)).lastrowid
    db.executemany("INSERT INTO incoming_key VALUES (?, ?)", ((key, number) for key in identities))


def planned_papers(db: sqlite3.Connection) -> Iterator[Planned]:
    """The planned papers, sorted by id."""
    reading = db.cursor()
    for entries, source, file, record, given in reading.execute(
        """SELECT p.entries, i.source, s.name, i.record, g.statements FROM planned p LEFT JOIN incoming i ON i.id = p.entries
           LEFT JOIN source s ON s.id = i.source LEFT JOIN given g ON g.paper_id = p.paper_id ORDER BY p.paper_id, p.entries"""
    ):
        if isinstance(entries, int):
            yield Planned(((source, file, record),), given)
        else:
            numbers = [int(number) for number in entries.split()]
            yield Planned(tuple(_records(db, numbers)), given or _given_to_any(db, numbers))


def count_planned(db: sqlite3.Connection) -> int:
    """How many papers are planned."""
    return int(db.execute("SELECT count(*) FROM planned").fetchone()[0])


def cut_plan(db: sqlite3.Connection) -> Iterator[list[Planned]]:
    """The planned papers in pieces for the processes that read them, smaller and smaller at the end, so that all end at about one time."""
    planned, left = planned_papers(db), count_planned(db)
    while piece := list(islice(planned, max(_LAST, min(_PIECE, left // 4)))):
        left -= len(piece)
        yield piece


def _given_to_any(db: sqlite3.Connection, numbers: Sequence[int]) -> bytes | None:
    """What is given for a paper under the id that one of its entries would have alone."""
    query = f"SELECT max(g.statements) FROM incoming i JOIN given g ON g.paper_id = i.paper_id WHERE i.id IN ({', '.join(map(str, numbers))})"
    found: bytes | None = db.execute(query).fetchone()[0]
    return found


def _records(db: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[int, str, bytes]]:
    query = "SELECT i.source, s.name, record FROM incoming i JOIN source s ON s.id = i.source WHERE i.id = ?"
    return [db.execute(query, (number,)).fetchone() for number in numbers]
