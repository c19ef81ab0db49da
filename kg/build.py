"""The order of the stages: files into entries, entries into papers, papers into statements, statements into a graph.

The only module that knows all of them.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import kg
from kg.collecting import uncollected
from kg.errors import SourceError, StoreError
from kg.lexicon import Lexicon
from kg.pieces import Planned, Reader, pack_entry, prepare, read_planned, state_planned
from kg.planning import Intake, Progress, check_strict, count_planned, cut_plan, plan_papers
from kg.records import Entry, Problem, Statement
from kg.resolution import decide_names, join_names, resolve_again, resolve_roots, start_counting
from kg.resolve.corrections import Corrections, read_corrections
from kg.sources import find_files
from kg.statement_files import writing_statements
from kg.statements import pack_statements
from kg.store.beside import Beside
from kg.store.connection import open_reading, prepare_sorting, replacing, scratch_graph, writing_out
from kg.store.naming import Span
from kg.store.reading import count_links, read_problems
from kg.store.rows import Batch
from kg.store.schema import INDEXES, MORE_INDEXES
from kg.store.stated import has_stated
from kg.store.words import add_words, forget_words, start_words, take_words, write_words
from kg.store.writing import Writer
from kg.workers import Workers, give_back_memory

_SERIAL = 300  # below this many papers starting processes costs more than it saves


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
        statements: Files or folders of statements that `kg.extract_statements` wrote, here or anywhere: what they say of a paper is taken
            where it fits the paper's text, and only other papers are read.
    """

    format: str | None = None
    lexicon: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    learned: bool = True
    processes: int = 0
    strict: bool = False
    statements: tuple[str, ...] = ()


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
        reader = Reader((), False)
        for entry, statements in rows:
            name = entry.place.file
            if name not in sources:
                sources[name] = writer.write_source(name, name, "statements")
            db.execute("UPDATE source SET entries = entries + 1 WHERE id = ?", (sources[name],))
            packed, _ = reader.read([Planned(((sources[name], name, pack_entry(entry)[0]),), pack_statements(statements))])
            writer.write_batch(Batch.unpack(packed))
        _finish(db, lexicon or Lexicon(), Corrections(), Workers(1))
        return _report(db, len(sources), sum(n for (n,) in db.execute("SELECT entries FROM source")))


def extract_statements(
    sources: Iterable[str], output: str | os.PathLike[str], *, options: Options | None = None, progress: Progress | None = None
) -> tuple[int, list[Problem]]:
    """Write what every paper of some sources states, sorted by paper: a file that `Options.statements` takes.

    Args:
        sources: Files, folders, globs, `-` for standard input.
        output: `.jsonl`, `.jsonl.gz` or `.parquet`.
        options: How to read and extract; corrections play no part.
        progress: Called now and then.

    Returns:
        How many papers were written, and the problems of the sources.

    Raises:
        SourceError: Where a source cannot be read at all, or with `strict` has a problem.
    """
    chosen, path, told = options or Options(), Path(output), progress or _silent
    given = _Given.read(chosen)
    with scratch_graph(path) as (db, folder), writing_statements(path) as sink:
        files, problems = find_files(sources, folder, chosen.format)
        writer = Writer(db)
        writer.write_problems(problems)
        check_strict(problems, strict=chosen.strict)
        with Workers(chosen.processes) as workers:
            Intake(db, writer, workers, strict=chosen.strict, progress=told).read(files)
        plan_papers(db)
        with Workers(chosen.processes, given.preparation(db)) as workers:
            total = count_planned(db)
            done = 0
            for rows in workers.map(state_planned, cut_plan(db), serial=total < _SERIAL):
                sink.write(rows)
                done += len(rows)
                told("extracting", done, total)
        return done, list(read_problems(db))


def _finish(db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections, workers: Workers) -> None:
    """Resolve all statements of a new graph, and make everything easy to find."""
    prepare_sorting(db)
    give_back_memory()
    whole = Span(0, 0, is_whole=True)
    with Beside(db, workers) as beside:
        usage = start_counting(beside)
        _make(db, INDEXES)
        refused = resolve_roots(db, lexicon, corrections, whole)
        usage.take(["usage"])
        decide_names(db, lexicon, corrections, whole, workers, refused)
        papers = start_words(beside, "paper_words")
        join_names(db, lexicon, whole, beside)
        entities = start_words(beside, "entity_words")
        with writing_out(db):
            _make(db, MORE_INDEXES)
            take_words(papers, "paper_words")
            take_words(entities, "entity_words")
    _note_count(db)


def _note_count(db: sqlite3.Connection) -> None:
    """Note how many papers there are, which many questions need."""
    db.execute("INSERT OR REPLACE INTO meta SELECT 'papers', count(*) FROM node WHERE kind = 'paper'")


def _make(db: sqlite3.Connection, indexes: str) -> None:
    for statement in indexes.split(";\n"):
        if statement.strip():
            db.execute(statement)


def _extend(db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections, span: Span, workers: Workers) -> None:
    """Resolve what an addition touched, and make it easy to find."""
    with Beside(db, workers) as beside:
        resolve_again(db, lexicon, corrections, span, beside)
    if span.is_whole:
        forget_words(db)
        write_words(db)
    else:
        add_words(db, span.paper)
    _note_count(db)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a user gave that decides what the graph says: the lines of files, not their names."""

    lexicon: tuple[str, ...]
    corrections: tuple[str, ...]
    learned: bool

    @classmethod
    def read(cls, options: Options) -> _Given:
        return cls(read_own_lines(options.lexicon), read_own_lines(options.corrections), options.learned)

    @classmethod
    def noted(cls, db: sqlite3.Connection, options: Options) -> _Given:
        """What a graph notes, and the corrections of today after it."""
        meta = dict(db.execute("SELECT name, value FROM meta"))
        old = tuple(json.loads(meta["corrections"]))
        new = tuple(line for line in read_own_lines(options.corrections) if line not in old)
        return cls(tuple(json.loads(meta["lexicon"])), old + new, meta["learned"] == "1")

    def preparation(self, db: sqlite3.Connection) -> Callable[[], None]:
        """What makes the reader of a process; where no statements came with papers, papers will surely be read."""
        is_loaded = db.execute("SELECT 1 WHERE EXISTS (SELECT 1 FROM planned) AND NOT EXISTS (SELECT 1 FROM given)").fetchone() is not None
        return partial(prepare, self.lexicon, self.learned, is_loaded)

    def note(self, db: sqlite3.Connection) -> None:
        noted = {
            "kg_version": kg.__version__,
            "lexicon": json.dumps(self.lexicon),
            "corrections": json.dumps(self.corrections),
            "learned": str(int(self.learned)),
        }
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", sorted(noted.items()))


def read_own_lines(paths: Iterable[str]) -> tuple[str, ...]:
    """The lines of a user's own files of names or corrections; raises SourceError where one cannot be read."""
    try:
        return tuple(line for path in paths for line in Path(path).read_text("utf-8").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}") from error


def _silent(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


def _run(sources: Sequence[str], path: Path, options: Options, progress: Progress, *, extends: bool) -> Report:
    with uncollected(), replacing(path, extends=extends, meanwhile=partial(_make_ready, path, options)) as (db, scratch):
        before = dict(db.execute("SELECT name, value FROM meta"))
        given = _Given.noted(db, options) if extends else _Given.read(options)
        if given.lexicon:
            Lexicon.of(given.lexicon)  # what is wrong with it is told before files are read
        given.note(db)
        is_other = dict(db.execute("SELECT name, value FROM meta")) != before
        files, problems = find_files(sources, scratch, options.format)
        writer = Writer(db)
        span = writer.span()
        writer.write_problems(p for p in problems if not _is_noted(db, p))
        check_strict(problems, strict=options.strict)
        # what extraction needs is made ready while other processes read files
        with Workers(options.processes, meanwhile=None if options.statements else partial(prepare, given.lexicon, given.learned, True)) as workers:
            intake = Intake(db, writer, workers, strict=options.strict, progress=progress)
            intake.read(files)
            intake.take_statements(options.statements)
            intake.note_unmatched()
        plan_papers(db)
        lexicon = Lexicon.of(given.lexicon)
        with Workers(options.processes, given.preparation(db)) as workers:
            _write_planned(db, writer, workers, progress)
            progress("resolving", 0, None)
            corrections = read_corrections(given.corrections)
            if extends:
                _extend(db, lexicon, corrections, replace(span, is_whole=is_other or has_stated(db)), workers)
            else:
                _finish(db, lexicon, corrections, workers)
        return _report(db, len(files), intake.entries)


def _make_ready(graph: Path, options: Options) -> None:
    """Make ready what the extraction of an addition will need."""
    if not options.statements:
        with closing(open_reading(graph)) as db:
            given = _Given.noted(db, options)
        prepare(given.lexicon, given.learned, True)


def _is_noted(db: sqlite3.Connection, p: Problem) -> bool:
    return db.execute("SELECT 1 FROM problem WHERE code = ? AND file = ? AND line = ?", (p.code, p.file, p.line)).fetchone() is not None


def _write_planned(db: sqlite3.Connection, writer: Writer, workers: Workers, progress: Progress) -> None:
    """Write every planned paper and what it says; the order stays, and only a few pieces of the plan are held at a time."""
    total = count_planned(db)
    done = 0
    for packed, problems in workers.map(read_planned, cut_plan(db), serial=total < _SERIAL):
        batch = Batch.unpack(packed)
        writer.write_batch(batch)
        writer.write_problems(problems)
        done += len(batch.papers)
        progress("extracting", done, total)


def _report(db: sqlite3.Connection, files: int, entries: int) -> Report:
    def number(query: str) -> int:
        return int(db.execute(query).fetchone()[0])

    papers = number("SELECT count(*) FROM node WHERE kind = 'paper'")
    return Report(
        files=files, entries=entries, papers=papers, joined=number("SELECT count(*) FROM entry") - papers,
        statements=number("SELECT count(*) FROM statement"),
        entities=dict(db.execute("SELECT kind, count(*) FROM node WHERE kind != 'paper' GROUP BY kind ORDER BY kind")),
        links=dict(sorted(count_links(db).items())),
        problems=dict(db.execute("SELECT code, count(*) FROM problem GROUP BY code ORDER BY code")),
    )  # fmt: skip
