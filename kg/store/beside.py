"""Tables of a graph that another process makes: it reads what is written of the graph so far, and writes to a file of its own.

Their rows are then copied as they are, which costs a small part of making them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from kg.store.connection import MAPPED
from kg.store.schema import MORE_INDEXES, TABLES
from kg.workers import Workers, give_back_memory, note_begun

Work = Callable[[sqlite3.Connection], None]
"""Makes tables; it crosses to another process, so it is a function of a module. The graph's tables are there to be read."""

_OFTEN = 20_000  # steps of SQLite's machine after which is asked whether the work is still wanted


class Beside:
    """Work beside the work on a graph; use it in a `with` statement.

    Args:
        db: The connection that makes the graph. No table that some work reads may change from its start until what it makes is taken.
        workers: Where processes have started, they do the work; else it is done at once.
    """

    def __init__(self, db: sqlite3.Connection, workers: Workers) -> None:
        self._db, self.workers = db, workers
        self._graph = Path(db.execute("PRAGMA database_list").fetchone()[2])
        self._files: list[Path] = []

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for file in self._files:
            file.unlink(missing_ok=True)

    def start(self, work: Work) -> Made:
        """Write out what the graph holds by now, and begin with the work; returns when it has begun, so that indexes may be made."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")
        file = self._graph.with_name(f"{self._graph.name}.{len(self._files)}")
        file.touch()
        self._files.append(file)
        return Made(self._db, file, self.workers.start(_make, (str(self._graph), str(file), work)))


class Made:
    """Tables that are made beside a graph."""

    def __init__(self, db: sqlite3.Connection, file: Path, done: Future[None]) -> None:
        self._db, self._file, self._done = db, file, done

    def take(self, tables: Sequence[str]) -> None:
        """Wait for the work, and put the rows of its tables in the place of what the graph's tables of the same names hold."""
        self._done.result()
        self._db.execute("COMMIT")
        self._db.execute("ATTACH ? AS beside", (str(self._file),))
        self._db.execute("BEGIN")
        for table in tables:
            self._db.execute(f"DELETE FROM main.{table}")
            self._db.execute(f"INSERT INTO main.{table} SELECT * FROM beside.{table}")
        self._db.execute("COMMIT")
        self._db.execute("DETACH beside")
        self._db.execute("BEGIN")
        self._file.unlink()


def create_table(db: sqlite3.Connection, name: str) -> None:
    """Make one of the graph's tables, which work fills."""
    db.execute(next(statement for statement in (TABLES + MORE_INDEXES).split(";\n") if f" TABLE {name} " in statement))


def _make(paths: tuple[str, str, Work]) -> None:
    """Do some work in a file, until it is done or its file is gone."""
    graph, file, work = paths
    give_back_memory()
    db = sqlite3.connect(f"file:{quote(file)}", uri=True, isolation_level=None)
    try:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -16384", "temp_store = FILE"):
            db.execute(f"PRAGMA {pragma}")
        # the graph is written to meanwhile, but no page of a table that the work reads
        db.execute("ATTACH ? AS graph", (f"file:{quote(graph)}?mode=ro&immutable=1",))
        db.execute("PRAGMA graph.cache_size = -65536")
        db.execute(f"PRAGMA graph.mmap_size = {MAPPED}")
        db.execute("SELECT count(*) FROM graph.sqlite_schema").fetchone()  # reads which tables there are
        note_begun()
        db.set_progress_handler(lambda: not Path(file).exists(), _OFTEN)
        db.execute("BEGIN")
        work(db)
        db.execute("COMMIT")
    finally:
        db.close()
