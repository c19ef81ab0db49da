"""Bytes into lines of text, whatever state they are in; what had to be mended is reported."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.records import Problem


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end; `number` counts from 1."""

    number: int
    text: str


def decode_lines(raw: Iterable[bytes], file: str, begin: int = 1) -> Iterator[Line | Problem]:
    """Decode lines as UTF-8 (or UTF-16 where its mark says so); drop marks, line ends and NUL bytes, replace what is no text.

    `begin` is the number of the first line; only a file's first line can hold a mark.
    """
    lines = iter(raw)
    if begin > 1:
        for number, line in enumerate(lines, begin):
            yield from _decode(number, line, file)
        return
    first = next(lines, b"")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        lines = iter((first + b"".join(lines)).decode("utf-16", "replace").encode().splitlines(keepends=True))
        first = next(lines, b"")
    yield from _decode(1, first.removeprefix(codecs.BOM_UTF8), file)
    for number, line in enumerate(lines, 2):
        yield from _decode(number, line, file)


def _decode(number: int, line: bytes, file: str) -> Iterator[Line | Problem]:
    if b"\0" in line:
        yield Problem("nul-bytes", "warning", file, number, f"{line.count(0)} NUL bytes removed")
        line = line.replace(b"\0", b"")
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        yield Problem("invalid-utf8", "warning", file, number, f"byte {error.start} of the line is no UTF-8; replaced by U+FFFD")
        text = line.decode(errors="replace")
    yield Line(number, text.rstrip("\r\n"))
