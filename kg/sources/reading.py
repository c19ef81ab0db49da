"""Find the files that a user names, tell their formats, and read them."""

from __future__ import annotations

import codecs
import gzip
import io
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from glob import glob, has_magic
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from kg.errors import SourceError
from kg.records import Edge, Entity, Entry, Problem, Stated
from kg.sources import jsonl, listing, rdf
from kg.sources.text import Line, decode_lines

_HEAD = 1 << 18
_UNREADABLE = (EOFError, OSError, zlib.error)


Item = Entry | Stated | Entity | Edge | Problem
"""What a source yields: entries, some with what they say; entities and edges that were resolved already; and what went wrong."""


class Format(Protocol):
    """A module that reads one format."""

    NAME: str
    is_format: Callable[[str], bool]
    read: Callable[[Iterable[Line | Problem], str], Iterator[Item]]


FORMATS: dict[str, Format] = {module.NAME: cast(Format, module) for module in (jsonl, rdf, listing)}

_LINEWISE = frozenset({jsonl.NAME})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: `name` as the user gave it, `path` where its bytes are, `digest` of its bytes as they lie there."""

    name: str
    path: Path
    digest: str
    size: int
    format: str


def find_files(sources: Iterable[str], spool: Path, format: str | None = None) -> tuple[list[SourceFile], list[Problem]]:
    """List the files that sources name: files, folders (all files below, hidden ones aside), globs, and `-` for standard input.

    Args:
        sources: What the user names, in any order; the answer is sorted by name.
        spool: A folder for what must be written down before it can be read twice.
        format: A key of FORMATS that every file is read as, whatever it looks like.

    Returns:
        The files, and a problem for each file whose format nobody knows or that stands there twice.

    Raises:
        SourceError: Where a source does not exist or cannot be read, or where no file can be used.
    """
    files: dict[str, SourceFile] = {}
    problems: list[Problem] = []
    for name, path in sorted(set(_named_paths(sources, spool))):
        found = _look_at(name, path, format)
        if isinstance(found, Problem):
            problems.append(found)
        elif found.digest in files:
            problems.append(Problem("same-file", "info", name, 0, f"has the same bytes as {files[found.digest].name}; read once"))
        else:
            files[found.digest] = found
    if not files:
        reasons = "".join(f"\n  {p.file}: {p.message}" for p in problems)
        raise SourceError(f"no file here that kg can read.{reasons}")
    return list(files.values()), problems


def read_entries(file: SourceFile) -> Iterator[Item]:
    """Read one file as its format says; bytes that break off or do not unpack end the stream with a problem."""
    broken: list[Problem] = []
    with _open(file.path) as stream:
        yield from FORMATS[file.format].read(decode_lines(_lines(stream, file.name, broken), file.name), file.name)
    yield from broken


@dataclass(frozen=True, slots=True)
class FilePiece:
    """Neighbouring lines of a file, whose format can be read line by line; `begin` is the number of the first."""

    format: str
    name: str
    begin: int
    lines: tuple[bytes, ...]


def cut_file(file: SourceFile, broken: list[Problem], lines: int = 1000) -> Iterator[FilePiece]:
    """Cut a file whose lines stand for themselves into pieces; bytes that break off are put into `broken`."""
    with _open(file.path) as stream:
        rest = _lines(stream, file.name, broken)
        begin = 1
        while piece := tuple(islice(rest, lines)):
            yield FilePiece(file.format, file.name, begin, piece)
            begin += len(piece)


def read_piece(piece: FilePiece) -> Iterator[Item]:
    """Read a piece as `read_entries` reads the whole file."""
    return FORMATS[piece.format].read(decode_lines(piece.lines, piece.name, piece.begin), piece.name)


def has_own_lines(file: SourceFile) -> bool:
    """Whether each line of a file can be read without the others."""
    with _open(file.path) as stream:
        mark = b"".join(islice(_lines(stream, file.name, []), 1))[:2]
    return file.format in _LINEWISE and mark not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _lines(stream: BinaryIO, name: str, broken: list[Problem]) -> Iterator[bytes]:
    number = 0
    try:
        for line in stream:
            number += 1
            yield line
    except _UNREADABLE as error:
        broken.append(Problem("broken-off", "error", name, number, f"cannot be read beyond this line: {error}"))


def _named_paths(sources: Iterable[str], spool: Path) -> Iterator[tuple[str, Path]]:
    for source in sources:
        path = Path(source)
        if source == "-":
            yield "-", _spool_input(spool)
        elif path.is_dir():
            yield from (
                (str(p), p) for p in path.rglob("*") if p.is_file() and not any(q.startswith(".") for q in p.relative_to(path).parts)
            )
        elif path.exists():
            yield source, path
        elif has_magic(source) and (matches := glob(source, recursive=True)):
            yield from ((match, Path(match)) for match in matches if Path(match).is_file())
        else:
            raise SourceError(f"{source}: no such file or folder")


def _spool_input(spool: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=spool, prefix="input-", delete=False) as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
    return Path(copy.name)


def _look_at(name: str, path: Path, format: str | None) -> SourceFile | Problem:
    try:
        digest, size = _digest(path), path.stat().st_size
        with _open(path) as stream:
            head = b"".join(_head_lines(_lines(stream, name, [])))
    except OSError as error:
        raise SourceError(f"{name}: cannot be read: {error.strerror or error}") from error
    if not head.strip():
        return Problem("empty-file", "warning", name, 0, "the file is empty")
    text = "\n".join(line.text for line in decode_lines(head.splitlines(keepends=True), name) if isinstance(line, Line))
    known = format or next((key for key, module in FORMATS.items() if module.is_format(text)), None)
    if known is None:
        return Problem("unknown-format", "error", name, 1, f"not a format that kg knows ({', '.join(FORMATS)}); --format forces one")
    return SourceFile(name, path, digest, size, known)


def _head_lines(lines: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for line in lines:
        yield line[:_HEAD]
        size += len(line)
        if size > _HEAD:
            return


def _digest(path: Path) -> str:
    hasher = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            hasher.update(block)
    return hasher.hexdigest()


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as stream:
        is_packed = stream.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path)) if is_packed else cast(BinaryIO, io.BufferedReader(io.FileIO(path), 1 << 20))
