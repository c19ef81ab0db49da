"""Where exports go: a file that appears whole or not at all, or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kg.errors import KgError


class ExportError(KgError):
    """An export that cannot be written."""


@contextmanager
def writing(output: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open `output` for bytes, `-` for standard output; a file takes its name when all is written.

    Raises:
        ExportError: Where it cannot be written.
    """
    if str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as stream:
                yield stream
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written: {error.strerror or error}") from error
