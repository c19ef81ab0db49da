"""Saved pages of a paper listing: titles and abstracts in turn, with or without blank lines between, under the page's own chrome.

Two layouts are told apart by what they hold. *Spaced*: a blank line stands between title and abstract. *Glued*: no blank lines, and the first
title is glued to the word "Subscribe". Damage is normal, so a line is judged by its own look (title or body), not only by its turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from kg.records import Entry, Place, Problem
from kg.sources.text import Line

NAME = "listing"
_CHROME = re.compile(
    r"(?:new|Get trending papers in your email inbox.*|Subscribe|Daily Papers|by\s?AK and the research community"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}|Papers|Trending Papers|Previous|Next|Submitted by|Upvote|-|\d{1,6})"
)
_GLUED = re.compile(r"Subscribe(?=[^\s.,])")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*(?:\s|$)")
_OPEN_END = re.compile(r"(?:[:,–—-]|\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|the|to|towards?|via|with))$", re.I)
_TITLE_LENGTH = 260
_BODY_LENGTH = 300
_ABSTRACT = 240  # what is shorter than this alone makes no listing


def is_format(head: str) -> bool:
    """Whether the first characters of a file look like a listing: its chrome, or a title followed by an abstract."""
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    if any(line.startswith("Get trending papers in your email inbox") for line in lines[:12]):
        return True
    looks = [_is_body(line) for line in lines if not _CHROME.fullmatch(line)]
    pairs = sum(1 for title, body in pairwise(looks) if not title and body)
    return pairs >= 1 and 3 * pairs >= len(looks) and any(len(line) >= _ABSTRACT for line in lines)


def read(lines: Iterable[Line | Problem], file: str) -> Iterator[Entry | Problem]:
    """Read entries; an entry without abstract is kept and reported, a body without title is reported."""
    kept: list[Line] = []
    has_blanks = has_body = False
    for line in lines:
        if isinstance(line, Problem):
            yield line
            continue
        kept.append(line)
    texts = [line for line in kept if line.text.strip()]
    has_blanks = len(kept) - len(texts) >= max(2, len(texts) // 4)
    has_body = any(_is_body(line.text) for line in texts)
    if not has_body:
        yield Problem("not-a-listing", "error", file, 1, "no abstract found in the whole file")
        return
    yield from _entries(_paragraphs(kept, has_blanks), file)


def _is_body(text: str) -> bool:
    """Whether a line looks like an abstract, or a part of one, rather than like a title."""
    text = text.strip()
    if len(text) >= _BODY_LENGTH:
        return True
    ends = len(_SENTENCE_END.findall(text))
    return (len(text) > _TITLE_LENGTH and ends > 0) or ends >= 2 or (text.endswith(".") and len(text) > 60) or "://" in text


def _paragraphs(lines: list[Line], has_blanks: bool) -> Iterator[tuple[bool, Line]]:
    """Yield (is_body, paragraph), chrome left out; in a spaced layout neighbouring lines are one paragraph."""
    block: list[Line] = []
    for line in [*lines, Line(0, "")]:
        text = _GLUED.sub("", line.text.strip(), count=1) if line.text.lstrip().startswith("Subscribe") else line.text.strip()
        if text and not _CHROME.fullmatch(text):
            block.append(Line(line.number, text))
            if has_blanks:
                continue
        elif has_blanks and text:
            continue
        yield from _joined(block)
        block = []


def _joined(block: list[Line]) -> Iterator[tuple[bool, Line]]:
    """A block of neighbouring lines: a title over several lines, an abstract over several lines, or a title right above its abstract."""
    if not block:
        return
    has_title = len(block) > 1 and not _is_body(block[0].text) and not block[0].text.endswith(".")
    if has_title and _is_body(block[1].text) and len(block[0].text) < len(block[1].text):
        yield False, block[0]
        block = block[1:]
    text = (" " if not any(_is_body(line.text) for line in block) and len(block) <= 3 else "\n").join(line.text for line in block)
    yield _is_body(text), Line(block[0].number, text)


def _entries(paragraphs: Iterable[tuple[bool, Line]], file: str) -> Iterator[Entry | Problem]:
    title: Line | None = None
    body: list[Line] = []
    for is_body, line in paragraphs:
        if is_body:
            if title is None:
                yield Problem("no-title", "warning", file, line.number, f"text without a title left out: {line.text[:80]!r}")
            else:
                body.append(line)
        elif title is not None and not body and (_OPEN_END.search(title.text) or line.text[:1].islower()):
            title = Line(title.number, f"{title.text} {line.text}")
        else:
            if title is not None:
                yield from _entry(title, body, file)
            title, body = line, []
    if title is not None:
        yield from _entry(title, body, file)


def _entry(title: Line, body: list[Line], file: str) -> Iterator[Entry | Problem]:
    if not body:
        yield Problem("no-abstract", "warning", file, title.number, f"no abstract: {title.text[:80]!r}")
    yield Entry(title=title.text, abstract="\n".join(line.text for line in body), place=Place(file, title.number))
