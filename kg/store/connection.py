"""Open a graph file to read, and write a new one beside the old so that it appears whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from kg.errors import StoreError
from kg.store.copying import copy_file
from kg.store.schema import APPLICATION_ID, SCHEMA_VERSION, TABLES

MAPPED = 8 << 30  # bytes of a graph that are read where they lie in memory; SQLite takes at most 2 GB of them
_PAGE = 16384  # bytes: a file is a twenty-fifth smaller than with SQLite's usual 4096, and less is asked of the system
_LARGE = 500_000_000  # bytes of a graph: the copy of a smaller one is made in less time than what can be done meanwhile


def open_reading(path: str | os.PathLike[str]) -> sqlite3.Connection:
    """Open a graph file, read-only; works in a folder that cannot be written and beside a writer.

    Raises:
        StoreError: Where there is no such file, it is no graph, or its schema is of another version.
    """
    path = Path(path)
    if not path.is_file():
        raise StoreError(f"{path}: no such graph file. `kg build SOURCE... -o {path}` makes one.")
    try:
        # a graph file is replaced, never changed, so SQLite need not watch it
        connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        application, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: not a graph file ({error})") from error
    if application != APPLICATION_ID:
        connection.close()
        raise StoreError(f"{path}: a database, but not one of kg's graphs")
    if version != SCHEMA_VERSION:
        connection.close()
        raise StoreError(f"{path}: schema version {version}; this kg reads version {SCHEMA_VERSION}. Build it again from its sources.")
    connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    return connection


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


@contextmanager
def replacing(path: Path, *, extends: bool = False, meanwhile: Callable[[], None] | None = None) -> Iterator[tuple[sqlite3.Connection, Path]]:
    """Write a graph in a file of its own and put it in the place of `path` when all went well; else leave what was there.

    Args:
        path: Where the graph shall stand.
        extends: Start from a copy of the graph that stands there, not from an empty one.
        meanwhile: Called while that copy is made, where it takes its time.

    Yields:
        A connection to write with, and a folder for scratch files that is removed at the end.

    Raises:
        StoreError: Where the folder cannot be written, the disk is full, or another process writes the same graph.
    """
    scratch = path.parent / f".{path.name}.writing"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            try:
                yield from _write(path, scratch, extends, meanwhile)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    except sqlite3.OperationalError as error:
        if "full" in str(error) or "disk I/O" in str(error):
            raise StoreError(f"{path}: cannot be written: {error}. What stood there before is untouched.") from error
        raise
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}. What stood there before is untouched.") from error


@contextmanager
def scratch_graph(beside: Path) -> Iterator[tuple[sqlite3.Connection, Path]]:
    """A graph that nobody keeps, in a folder of its own that is removed at the end.

    Raises:
        StoreError: Where the folder cannot be written.
    """
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(dir=beside.parent, prefix=f".{beside.name}.")
    except OSError as error:
        raise StoreError(f"{beside}: cannot be written: {error.strerror or error}") from error
    with folder as name:
        connection = _begin(Path(name) / "graph", is_new=True)
        try:
            yield connection, Path(name)
        finally:
            connection.close()


def _begin(path: Path, *, is_new: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    if is_new:
        connection.execute(f"PRAGMA page_size = {_PAGE}")
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -262144", "temp_store = FILE", "threads = 2"):
        connection.execute(f"PRAGMA {pragma}")
    if not is_new:  # of a large graph little is read, and its pages are in memory already
        connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    connection.execute("BEGIN")
    if is_new:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        for statement in TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
    return connection


def prepare_sorting(db: sqlite3.Connection) -> None:
    """Set a connection that wrote rows up for making everything out of them.

    SQLite sorts in pieces as large as its cache: small ones stay in the processor's own, and are sorted while further rows are read.
    What is looked up at random then stands in temporary tables, or is read where it lies in the system's memory.
    """
    db.execute("PRAGMA main.cache_size = -16384")
    db.execute(f"PRAGMA mmap_size = {MAPPED}")
    db.execute("PRAGMA temp.cache_size = -65536")


@contextmanager
def writing_out(db: sqlite3.Connection) -> Iterator[None]:
    """Let the system bring to the disk what was committed so far, beside other work: less is left for the end.

    Raises:
        OSError: Where it cannot; the system tells that once, so a later attempt need not fail again.
    """
    with Path(db.execute("PRAGMA database_list").fetchone()[2]).open("rb") as graph, ThreadPoolExecutor(1) as pool:
        written = pool.submit(os.fsync, graph.fileno())
        yield
        written.result()


def _write(path: Path, scratch: Path, extends: bool, meanwhile: Callable[[], None] | None) -> Iterator[tuple[sqlite3.Connection, Path]]:
    new = scratch / "graph"
    if extends:
        open_reading(path).close()
        _copy(path, new, meanwhile)
    connection = _begin(new, is_new=not extends)
    try:
        yield connection, scratch
        connection.execute("COMMIT")
    finally:
        connection.close()
    with new.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(new, path)
    _sync_folder(path.parent)


def _copy(path: Path, new: Path, meanwhile: Callable[[], None] | None) -> None:
    with ThreadPoolExecutor(1) as pool:
        copied = pool.submit(copy_file, path, new)
        if meanwhile is not None and path.stat().st_size > _LARGE:
            meanwhile()
        copied.result()


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system can
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = path.parent / f".{path.name}.lock"
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_current = lock.exists() and lock.stat().st_ino == os.fstat(held.fileno()).st_ino
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            is_current = False
        if not is_current:
            raise StoreError(f"{path}: another process is writing this graph; try again when it has ended")
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)
