"""The RDF store of a graph: a folder beside the file, made once, and made again when the graph has changed.

The folder `graph.kg.rdf` holds one folder for each state of the graph file, named after its size and time, so that a store is never
changed once it has its name. Making is done under a lock in a folder of its own that is renamed when it is whole; who reads holds a
shared lock on the store, and stores of earlier states are removed when nobody does.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import kg
from kg.errors import StoreError
from kg.export.rdf.options import RdfOptions

_IN_USE = "in-use"
_PART = 500_000  # triples that Oxigraph sorts in memory at once


def find_store(graph: str | os.PathLike[str], options: RdfOptions | None = None) -> Path:
    """The folder of the RDF store of a graph file as it is now; it is made where there is none.

    Raises:
        StoreError: Where the graph cannot be opened, or no store can be written.
    """
    path = Path(graph)
    chosen = options or RdfOptions()
    try:
        state = path.stat()
    except OSError as error:
        raise StoreError(f"{path}: no such graph file. `kg build SOURCE... -o {path}` makes one.") from error
    made_by = sha256(repr((kg.__version__, *astuple(chosen))).encode()).hexdigest()[:8]
    name = f"{state.st_size:x}-{state.st_mtime_ns:x}-{state.st_ino:x}-{made_by}"
    reasons = []
    for folder in (path.with_name(f"{path.name}.rdf"), _cache_folder(path)):
        if (folder / name).is_dir():
            return folder / name
        try:
            return _make(path, folder, name, chosen)
        except OSError as error:  # the graph may lie in a folder that cannot be written
            reasons.append(f"\n  {folder}: {error.strerror or error}")
    raise StoreError(f"{path}: its RDF store cannot be written:{''.join(reasons)}")


def _cache_folder(path: Path) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "paper-kg" / f"{sha256(str(path.resolve()).encode()).hexdigest()[:16]}.rdf"


def _make(graph: Path, folder: Path, name: str, options: RdfOptions) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock"):
        if not (folder / name).is_dir():  # another process may have made it while this one waited
            for left in folder.glob("making-*"):
                shutil.rmtree(left, ignore_errors=True)
            making = folder / f"making-{os.getpid()}"
            making.mkdir()
            try:
                fill_store(graph, making / "store", options)
                (making / _IN_USE).touch()
                os.rename(making, folder / name)
            finally:
                shutil.rmtree(making, ignore_errors=True)
        _remove_others(folder, name)
    return folder / name


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def fill_store(graph: Path, target: Path, options: RdfOptions, *, part: int = _PART) -> None:
    """Write the triples of a graph file into a new store, so many at a time."""
    import pyoxigraph

    from kg.export.rdf.stream import iter_triples
    from kg.export.rdf.writing import as_file
    from kg.store.connection import open_reading

    db = open_reading(graph)
    try:
        store = pyoxigraph.Store(str(target))
        triples = iter_triples(db, options)
        while block := list(islice(triples, part)):
            # our own addresses are valid, so they are not checked again
            store.bulk_load(cast(BinaryIO, as_file(block)), pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
        store.optimize()
        store.flush()
    finally:
        db.close()


def _remove_others(folder: Path, name: str) -> None:
    """Remove the stores of other states that nobody reads; other options of the same state stay."""
    state = name.rpartition("-")[0]
    for other in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith((state, "making-"))):
        try:
            with (other / _IN_USE).open() as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(other, ignore_errors=True)
        except OSError:
            continue  # somebody reads it; it is removed the next time a store is made


def hold_store(folder: str | os.PathLike[str]) -> BinaryIO:
    """Take a share in a store; it is not removed before the file that is returned is closed."""
    held = (Path(folder) / _IN_USE).open("rb")
    fcntl.flock(held, fcntl.LOCK_SH)
    return held
