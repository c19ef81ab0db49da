"""The order of the stages: files into entries, entries into papers, papers into statements, statements into a graph.

The only module that knows all of them.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import kg
from kg.errors import SourceError, StoreError
from kg.extract import Extractor
from kg.lexicon import Lexicon
from kg.names import key as name_key
from kg.planning import Planned, Progress, check_strict, plan_papers, planned_papers, read_files, write_planned
from kg.records import Entry, Paper, Problem, Statement
from kg.resolve.corrections import Corrections, read_corrections
from kg.resolve.entities import Decision, Refusal, Use, choose_roots, decide, known_root
from kg.resolve.papers import merge_entries
from kg.sources import find_files
from kg.store import resolving
from kg.store.connection import replacing
from kg.store.schema import INDEXES
from kg.store.writing import Writer

_CHUNK = 500
_SERIAL = 3000  # below this many papers starting processes costs more than it saves


@dataclass(frozen=True, slots=True)
class Report:
    """What a build or an addition did: counts of what came in and of what the graph holds now."""

    files: int
    entries: int
    papers: int
    joined: int
    statements: int
    entities: Mapping[str, int]
    links: Mapping[str, int]
    problems: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Options:
    """How to read and extract; what matters for the result is noted in the graph.

    Attributes:
        format: A name of `kg.sources.FORMATS` to read every file as.
        lexicon: Files with a user's own names; what they hold is noted in the graph and used again by `add_sources`.
        corrections: Files of corrections (`kg.resolve.corrections`), noted and used again likewise; more can be added later.
        learned: Whether the learnt parts of extraction are used beside the rules.
        processes: How many to extract with; 0 takes one for each core, and a single one where that is faster.
        strict: Stop at the first problem of severity error.
    """

    format: str | None = None
    lexicon: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    learned: bool = True
    processes: int = 0
    strict: bool = False


def build_graph(
    sources: Iterable[str],
    output: str | os.PathLike[str],
    *,
    force: bool = False,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Report:
    """Build a graph file out of sources.

    Args:
        sources: Files, folders, globs, `-` for standard input.
        output: The graph file to write.
        force: Replace a file that stands there.
        options: How to read and extract.
        progress: Called now and then; the library itself prints nothing.

    Raises:
        SourceError: Where a source cannot be read at all, or with `strict` has a problem.
        StoreError: Where the output exists, or cannot be written.
    """
    path = Path(output)
    if path.exists() and not force:
        raise StoreError(f"{path} exists; --force replaces it, `kg add` extends it")
    return _run(tuple(sources), path, options or Options(), progress or _silent, extends=False)


def add_sources(
    graph: str | os.PathLike[str], sources: Iterable[str], *, options: Options | None = None, progress: Progress | None = None
) -> Report:
    """Extend a graph file by sources; a file whose bytes were read before changes nothing. Raises as `build_graph` does."""
    path, chosen = Path(graph), options or Options()
    if chosen.lexicon:
        raise StoreError("names of your own decide how every text is read: build the graph again with them")
    return _run(tuple(sources), path, chosen, progress or _silent, extends=True)


def build_from_statements(
    rows: Iterable[tuple[Entry, Sequence[Statement]]], output: str | os.PathLike[str], *, lexicon: Lexicon | None = None
) -> Report:
    """Build a graph of entries that come with what they say, each a paper of its own: nothing is read or extracted.

    Raises:
        StoreError: Where the output cannot be written.
    """
    with replacing(Path(output)) as (db, _):
        writer = Writer(db)
        _Given.read(Options()).note(db)
        sources: dict[str, int] = {}
        for entry, statements in rows:
            name = entry.place.file
            if name not in sources:
                sources[name] = writer.write_source(name, name, "statements")
            db.execute("UPDATE source SET entries = entries + 1 WHERE id = ?", (sources[name],))
            write_planned(writer, Planned(merge_entries([entry]), ((sources[name], entry),)), statements)
        _finish(db, lexicon or Lexicon(), Corrections(), make_indexes=True)
        return _report(db, len(sources), sum(n for (n,) in db.execute("SELECT entries FROM source")))


def _finish(db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections, *, make_indexes: bool) -> None:
    """Resolve all statements, and make everything easy to find."""
    resolve(db, lexicon, corrections)
    if make_indexes:
        for statement in INDEXES.split(";\n"):
            if statement.strip():
                db.execute(statement)
    resolving.write_words(db)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a user gave that decides what the graph says: the lines of files, not their names."""

    lexicon: tuple[str, ...]
    corrections: tuple[str, ...]
    learned: bool

    @classmethod
    def read(cls, options: Options) -> _Given:
        return cls(_read_lines(options.lexicon), _read_lines(options.corrections), options.learned)

    @classmethod
    def noted(cls, db: sqlite3.Connection, options: Options) -> _Given:
        """What a graph notes, and the corrections of today after it."""
        meta = dict(db.execute("SELECT name, value FROM meta"))
        old = tuple(json.loads(meta["corrections"]))
        new = tuple(line for line in _read_lines(options.corrections) if line not in old)
        return cls(tuple(json.loads(meta["lexicon"])), old + new, meta["learned"] == "1")

    def note(self, db: sqlite3.Connection) -> None:
        noted = {
            "kg_version": kg.__version__,
            "lexicon": json.dumps(self.lexicon),
            "corrections": json.dumps(self.corrections),
            "learned": str(int(self.learned)),
        }
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", sorted(noted.items()))


def _read_lines(paths: Iterable[str]) -> tuple[str, ...]:
    try:
        return tuple(line for path in paths for line in Path(path).read_text("utf-8").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}") from error


def _silent(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


def _run(sources: Sequence[str], path: Path, options: Options, progress: Progress, *, extends: bool) -> Report:
    with replacing(path, extends=extends) as (db, scratch):
        given = _Given.noted(db, options) if extends else _Given.read(options)
        lexicon = Lexicon.of(given.lexicon)
        given.note(db)
        files, problems = find_files(sources, scratch, options.format)
        writer = Writer(db)
        writer.write_problems(p for p in problems if not _is_noted(db, p))
        check_strict(problems, strict=options.strict)
        entries = read_files(db, writer, files, strict=options.strict, progress=progress)
        plan_papers(db)
        _extract(db, writer, given, options, progress)
        progress("resolving", 0, None)
        _finish(db, lexicon, read_corrections(given.corrections), make_indexes=not extends)
        return _report(db, len(files), entries)


def _is_noted(db: sqlite3.Connection, p: Problem) -> bool:
    return db.execute("SELECT 1 FROM problem WHERE code = ? AND file = ? AND line = ?", (p.code, p.file, p.line)).fetchone() is not None


def _extract(db: sqlite3.Connection, writer: Writer, given: _Given, options: Options, progress: Progress) -> None:
    """Write every planned paper and what it says."""
    total = db.execute("SELECT count(*) FROM planned").fetchone()[0]
    for done, (planned, statements) in enumerate(_with_statements(planned_papers(db), total, given, options.processes), 1):
        write_planned(writer, planned, statements)
        if done % 100 == 0 or done == total:
            progress("extracting", done, total)


def _with_statements(
    planned: Iterator[Planned], total: int, given: _Given, processes: int
) -> Iterator[tuple[Planned, tuple[Statement, ...]]]:
    """Extract in chunks, on several processes where that is faster; the order stays, and only a few chunks are held at a time."""
    processes = processes or (os.cpu_count() or 1)
    if processes == 1 or total < _SERIAL:
        _prepare(given)
        for chunk in _chunks(planned):
            yield from zip(chunk, _extract_chunk([item.paper for item in chunk]), strict=True)
        return
    with ProcessPoolExecutor(processes, initializer=_prepare, initargs=(given,)) as pool:
        waiting: deque[tuple[list[Planned], Future[list[tuple[Statement, ...]]]]] = deque()
        for chunk in _chunks(planned):
            waiting.append((chunk, pool.submit(_extract_chunk, [item.paper for item in chunk])))
            if len(waiting) > 2 * processes:
                done, future = waiting.popleft()
                yield from zip(done, future.result(), strict=True)
        for done, future in waiting:
            yield from zip(done, future.result(), strict=True)


def _chunks(planned: Iterator[Planned]) -> Iterator[list[Planned]]:
    while chunk := list(islice(planned, _CHUNK)):
        yield chunk


_extractor: list[Extractor] = []  # one for each process, made once


def _prepare(given: _Given) -> None:
    _extractor[:] = [Extractor(Lexicon.of(given.lexicon), learned=given.learned)]


def _extract_chunk(papers: Sequence[Paper]) -> list[tuple[Statement, ...]]:
    return _extractor[0].extract_many(papers)


def resolve(db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections) -> None:
    """Turn all statements of a graph into entities and edges, forgetting what was decided before."""
    resolving.clear_resolution(db)
    roots, refusals = choose_roots(resolving.alias_counts(db), lexicon, corrections)
    resolving.write_roots(db, _all_roots(db, roots, lexicon, corrections))
    decided = decide((_use(row) for row in resolving.uses(db)), lexicon, corrections)
    resolving.write_decisions(db, _decision_rows(decided, refusals))
    resolving.write_refusals(db, ((r.key, r.other, r.papers, r.reason) for r in refusals))
    resolving.write_linked(db)
    resolving.write_cited(db)
    resolving.write_edges(db)
    resolving.write_spellings(db)
    resolving.write_builds_on(db)
    resolving.write_facts(db, _facts(lexicon))
    resolving.finish(db)


def _all_roots(
    db: sqlite3.Connection, roots: Mapping[str, tuple[str, str]], lexicon: Lexicon, corrections: Corrections
) -> Iterator[tuple[str, str, str]]:
    for key in resolving.named_keys(db):
        found = roots.get(key) or known_root(key, lexicon, corrections)
        if found:
            yield key, *found


def _use(row: tuple[Any, ...]) -> Use:
    root, text, group, papers, statements, *weights, best, introduced = row
    return Use(root, text, group, papers, statements, tuple(weights), best, introduced)


def _decision_rows(decided: Iterable[Decision | Refusal], refusals: list[Refusal]) -> Iterator[tuple[Any, ...]]:
    """The decisions as rows; refusals are put into the list."""
    for item in decided:
        if isinstance(item, Refusal):
            refusals.append(item)
        else:
            yield item.root, item.group, item.id, item.name, " ".join(item.kinds), item.note, item.prior


def _facts(lexicon: Lexicon) -> Iterator[tuple[str, str, str, str]]:
    for entry in lexicon.entries:
        for relation, other in entry.links:
            yield name_key(entry.name), relation, name_key(other), f"{entry.name} is a {relation.replace('_', ' ')} {other}"


def _report(db: sqlite3.Connection, files: int, entries: int) -> Report:
    def number(query: str) -> int:
        return int(db.execute(query).fetchone()[0])

    papers = number("SELECT count(*) FROM paper")
    return Report(
        files=files, entries=entries, papers=papers, joined=number("SELECT count(*) FROM entry") - papers,
        statements=number("SELECT count(*) FROM statement"),
        entities=dict(db.execute("SELECT kind, count(*) FROM node WHERE kind != 'paper' GROUP BY kind ORDER BY kind")),
        links=dict(db.execute("SELECT relation, count(*) FROM edge GROUP BY relation ORDER BY relation")),
        problems=dict(db.execute("SELECT code, count(*) FROM problem GROUP BY code ORDER BY code")),
    )  # fmt: skip
