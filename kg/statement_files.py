"""Files of statements: JSON lines, or Parquet with the columns `paper` and `statements` (a JSON list); what `kg extract` writes anywhere and
`kg build --statements` takes in. A folder stands for all its files, as cluster tools write them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from kg.errors import KgError, SourceError
from kg.records import Problem
from kg.statements import from_json, pack_statements

_PIECE = 500
_PARQUET = ".parquet"


@dataclass(frozen=True, slots=True)
class StatementPiece:
    """Neighbouring rows of a file, each the JSON text of an object that `kg.statements.from_json` reads; `begin` is the number of the first."""

    file: str
    begin: int
    rows: tuple[str, ...]


class StatementSink(Protocol):
    """Takes papers with what they state, as JSON texts."""

    def write(self, rows: Sequence[tuple[str, str]], /) -> None:
        """Write (id of the paper, JSON list of its statements)."""


def cut_statements(paths: Iterable[str]) -> Iterator[StatementPiece]:
    """The rows of files of statements, a piece at a time.

    Raises:
        SourceError: Where a file cannot be read.
    """
    for path in sorted(file for name in paths for file in _files(Path(name))):
        rows = _parquet_rows(path) if path.suffix == _PARQUET else _lines(path)
        begin = 1
        try:
            while piece := tuple(islice(rows, _PIECE)):
                yield StatementPiece(str(path), begin, piece)
                begin += len(piece)
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise SourceError(f"{path}: cannot be read beyond row {begin - 1}: {error}") from error


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise SourceError(f"{path}: no such file or folder")
    return [p for p in path.rglob("*") if p.is_file() and p.name[0] not in "._"] if path.is_dir() else [path]


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as stream:
        yield from (line for line in stream if line.strip())


def _parquet_rows(path: Path) -> Iterator[str]:
    for batch in _parquet().ParquetFile(path).iter_batches(_PIECE, columns=["paper", "statements"]):
        for paper, statements in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            yield f'{{"paper": {json.dumps(paper)}, "statements": {statements}}}'


def _parquet() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise KgError("Parquet needs pyarrow: pip install 'paper-kg[parquet]'; JSON lines need nothing") from error
    return pyarrow.parquet


def pack_piece(piece: StatementPiece) -> tuple[list[tuple[str, bytes]], list[Problem]]:
    """The papers of a piece with their statements as `kg.statements` packs them, and problems."""
    found = []
    problems = []
    for number, row in enumerate(piece.rows, piece.begin):
        try:
            paper, statements = from_json(json.loads(row))
            found.append((paper, pack_statements(statements)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(Problem("bad-statements", "error", piece.file, number, f"not a paper's statements: {error!r}"))
    return found, problems


@contextmanager
def writing_statements(path: Path) -> Iterator[StatementSink]:
    """Write a file of statements in the form that its name asks for: `.parquet`, `.jsonl`, `.jsonl.gz`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.writing")
    try:
        with _ParquetSink(part) if path.suffix == _PARQUET else _LineSink(part, is_packed=path.suffix == ".gz") as sink:
            yield sink
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _LineSink:
    def __init__(self, path: Path, *, is_packed: bool) -> None:
        self._file = path.open("wb")
        self._stream = gzip.GzipFile(filename="", fileobj=self._file, mode="wb", mtime=0) if is_packed else self._file

    def __enter__(self) -> _LineSink:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._file.close()

    def write(self, rows: Sequence[tuple[str, str]], /) -> None:
        lines = (f'{{"paper": {json.dumps(paper, ensure_ascii=False)}, "statements": {statements}}}\n' for paper, statements in rows)
        self._stream.write("".join(lines).encode("utf-8", "surrogatepass"))


class _ParquetSink:
    def __init__(self, path: Path) -> None:
        parquet = _parquet()
        import pyarrow

        self._schema = pyarrow.schema([("paper", pyarrow.string()), ("statements", pyarrow.string())])
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._table = pyarrow.Table.from_arrays

    def __enter__(self) -> _ParquetSink:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, rows: Sequence[tuple[str, str]], /) -> None:
        import pyarrow

        columns = [pyarrow.array(column, pyarrow.string()) for column in zip(*rows, strict=True)]
        if columns:
            self._writer.write_table(self._table(columns, schema=self._schema))
