"""JSON lines: one object a line with `title` and `abstract`, and optionally id, authors, year, date, venue, doi, arxiv_id, url, categories,
references; every other field is kept as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from kg.records import Entry, Place, Problem
from kg.sources.text import Line

NAME = "jsonl"
_ARXIV = re.compile(r"(?:arxiv[:.]|arxiv\.org/(?:abs|pdf)/)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?", re.I)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.I)
_HALF = re.compile("[\ud800-\udfff]")
_KNOWN = {"id", "title", "abstract", "authors", "year", "date", "venue", "doi", "arxiv_id", "url", "categories", "references"}


def is_format(head: str) -> bool:
    """Whether the first line that is not blank begins a JSON object."""
    first = next((line.strip() for line in head.splitlines() if line.strip()), "")
    return bool(re.match(r'\{\s*("|\}|$)', first)) and not re.match(r'\{\s*"@(?:context|graph|id)"', first)


def read(lines: Iterable[Line | Problem], file: str) -> Iterator[Entry | Problem]:
    """Read entries; a line that is no object or has no title is a problem and no entry."""
    for line in lines:
        if isinstance(line, Problem):
            yield line
        elif line.text.strip():
            yield from _read_line(line, file)


def _read_line(line: Line, file: str) -> Iterator[Entry | Problem]:
    try:
        record = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        yield Problem("bad-json", "error", file, line.number, f"not JSON: {error}")
        return
    if not isinstance(record, dict):
        yield Problem("bad-json", "error", file, line.number, f"a JSON object is wanted, this is {type(record).__name__}")
        return
    if "\\u" in line.text and _HALF.search(mended := json.dumps(record, ensure_ascii=False)):
        yield Problem("half-character", "warning", file, line.number, "half of a surrogate pair, which is no character; replaced by U+FFFD")
        record = json.loads(_HALF.sub("�", mended))
    title = record.get("title")
    if not isinstance(title, str) or not title.strip():
        yield Problem("no-title", "error", file, line.number, "no title; the entry is left out")
        return
    entry, wrong = _entry(record, Place(file, line.number))
    if not entry.abstract:
        yield Problem("no-abstract", "warning", file, line.number, f"no abstract: {title[:80]!r}")
    for field in wrong:
        yield Problem("bad-field", "warning", file, line.number, f"{field} has an unexpected form; kept as an extra field")
    yield entry


def _entry(record: dict[str, Any], place: Place) -> tuple[Entry, list[str]]:
    """The entry, and the fields whose value has not the form that their name promises; those are kept as extra fields."""
    wrong: list[str] = []

    def take(field: str, read: Any, empty: Any) -> Any:
        if record.get(field) is None:
            return empty
        value = read(record[field])
        if value is None:
            wrong.append(field)
            return empty
        return value

    source_id = take("id", _string, "")
    url = take("url", _string, "")
    doi = take("doi", read_doi, "")
    arxiv_id = take("arxiv_id", read_arxiv_id, "") or (read_arxiv_id(doi.partition("/")[2]) if doi.startswith("10.48550/") else "") or ""
    if not arxiv_id and source_id.casefold().startswith("arxiv"):
        arxiv_id = read_arxiv_id(source_id) or ""
    if not arxiv_id and "arxiv.org/" in url:
        arxiv_id = read_arxiv_id(re.sub(r"^https?://(?:www\.|export\.)?", "", url)) or ""
    entry = Entry(
        title=record["title"], abstract=take("abstract", _string, ""), place=place, source_id=source_id,
        authors=take("authors", _names, ()), year=take("year", _year, None) or _year(str(record.get("date", ""))[:4]),
        date=take("date", _string, ""), venue=take("venue", _string, ""), doi=doi, arxiv_id=arxiv_id, url=url,
        categories=take("categories", _strings, ()), references=take("references", _references, ()),
        extra=tuple(sorted(
            (name, json.dumps(value, ensure_ascii=False, sort_keys=True))
            for name, value in record.items() if (name not in _KNOWN or name in wrong) and value is not None
        )),
    )  # fmt: skip
    return entry, wrong


def read_arxiv_id(text: object) -> str | None:
    """The arXiv identifier in a text that is nothing else, without version.

    >>> read_arxiv_id("arXiv:2103.00020v2"), read_arxiv_id("arxiv.org/abs/cs/0112017"), read_arxiv_id("1234")
    ('2103.00020', 'cs/0112017', None)
    """
    match = _ARXIV.fullmatch(text.strip()) if isinstance(text, str) else None
    return match[1].lower() if match else None


def read_doi(text: object) -> str | None:
    """The DOI in a text that is nothing else, in lower case.

    >>> read_doi("https://doi.org/10.1000/ABC.1")
    '10.1000/abc.1'
    """
    match = _DOI.fullmatch(text.strip()) if isinstance(text, str) else None
    return match[1].lower() if match else None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else None


def _strings(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return tuple(part for part in re.split(r"[;,\s]+", value) if part)
    return tuple(value) if isinstance(value, list) and all(isinstance(part, str) for part in value) else None


def _year(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if re.fullmatch(r"(?:1[5-9]|20)\d\d", text) else None


def _names(value: object) -> tuple[str, ...] | None:
    """Authors as a list of strings or of objects with a name, or as one string."""
    if isinstance(value, str):
        return tuple(part.strip() for part in re.split(r";|\s+and\s+|,(?=\s*[^,]+\s)", value) if part.strip())
    if not isinstance(value, list):
        return None
    names = [part.get("name") if isinstance(part, dict) else part for part in value]
    strings = [name for name in names if isinstance(name, str)]
    return tuple(strings) if len(strings) == len(names) else None


def _references(value: object) -> tuple[str, ...] | None:
    """References as strings (an identifier or a citation's text), or as objects with doi, arxiv_id or title."""
    if not isinstance(value, list):
        return None
    texts = []
    for part in value:
        if isinstance(part, dict):
            arxiv_id, doi = read_arxiv_id(part.get("arxiv_id")), read_doi(part.get("doi"))
            part = f"arXiv:{arxiv_id}" if arxiv_id else f"doi:{doi}" if doi else part.get("title")
        if not isinstance(part, str):
            return None
        texts.append(part)
    return tuple(texts)
