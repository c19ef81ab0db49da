"""Acronyms that a text defines: "Maximum Mean Discrepancy (MMD)", "MMD (Maximum Mean Discrepancy)", "MMD: Maximum Mean Discrepancy"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.document import Texts
from kg.extract.longforms import SMALL, Words, find_letters, find_long_form, read_words, spell, ways_to_read

_OPEN = re.compile(r"\(\s*(?:\\[a-z]+\{|\*\*)?([A-Za-z0-9][\w./+&^{}$-]{0,14}?)(?:\}|\*\*)?s?\s*[),;]")
_LONG_BEHIND = re.compile(r"\b([A-Z][\w-]*[A-Z0-9][\w-]*)[}*]*\s*\(([A-Za-z][^()]{6,90})\)")
_LONG_NEXT = re.compile(r"\b([A-Z][\w-]*[A-Z0-9][\w-]*)[}*]*\s?,\s+(?:(?:an?|the)\s+)?(?=[A-Z])")
_TITLE_NAME = re.compile(r"\s*([A-Z][\w$^{}+-]{1,19}?)\s*(?::|--|–|—)\s+(?=\S)")
_CAPITALS = re.compile(r"(?<![\w$^-])[A-Z]{3,8}(?=s?(?![\w$^-]))")
_LONGEST = 120  # characters of a long form


@dataclass(frozen=True, slots=True)
class Definition:
    """A long form at `start:end` and its acronym at `short_start:short_end`."""

    start: int
    end: int
    short_start: int
    short_end: int


def find_definitions(text: str, title_end: int = -1) -> list[Definition]:
    """The acronyms that a text defines; a long form does not reach across the end of the title.

    >>> d = find_definitions("We minimise the Maximum Mean Discrepancy (MMD).")[0]
    >>> "We minimise the Maximum Mean Discrepancy (MMD)."[d.start:d.end]
    'Maximum Mean Discrepancy'
    >>> d = find_definitions("Multi-modal Large Language Models (MLLMs)")[0]
    >>> d.start
    0
    """
    found: list[Definition] = []
    if "(" in text:
        found += _in_brackets(text, title_end)
        found += _before_brackets(text)
    found += _after_commas(text)
    if title_end > 0:
        found += _of_title(text, title_end)
        known = {text[d.short_start : d.short_end] for d in found}
        found += [d for d in _initials_of_title(text, title_end) if text[d.short_start : d.short_end] not in known]
    return found


def _in_brackets(text: str, title_end: int) -> Iterator[Definition]:
    """Maximum Mean Discrepancy (MMD)."""
    for match in _OPEN.finditer(text):
        short = match.group(1).rstrip("-./{}^")
        if sum(c.isupper() for c in short) < 2 and not (len(short) > 1 and short[0].isupper() and any(c.isdigit() for c in short)):
            continue
        end = match.start()
        while end and text[end - 1] in " \n~":
            end -= 1
        start = find_long_form(text, end, short, title_end)
        if start is not None and end - start > len(short):
            yield Definition(start, end, match.start(1), match.start(1) + len(short))


def _before_brackets(text: str) -> Iterator[Definition]:
    """MMD (Maximum Mean Discrepancy)."""
    for match in _LONG_BEHIND.finditer(text):
        short, words = match.group(1), read_words(text, *match.span(2))
        if 2 <= len(words) <= 10 and words[0][2][0] == short[0].lower() and find_letters(words, short) == words[0][0]:
            yield Definition(match.start(2), match.end(2), match.start(1), match.end(1))


def _after_commas(text: str) -> Iterator[Definition]:
    """MMD, Maximum Mean Discrepancy."""
    for match in _LONG_NEXT.finditer(text):
        yield from _spelled(text, match.span(1), match.end(), len(text))


def _of_title(text: str, title_end: int) -> Iterator[Definition]:
    """MMD: Maximum Mean Discrepancy and more."""
    match = _TITLE_NAME.match(text, 0, title_end)
    if match:
        yield from _spelled(text, match.span(1), match.end(), title_end)


def _spelled(text: str, short: tuple[int, int], begin: int, end: int) -> Iterator[Definition]:
    """The words from `begin` on, if they spell an acronym of three letters or more, with the capital words that follow."""
    words = read_words(text, begin, min(end, begin + _LONGEST))
    for letters in ways_to_read(text[slice(*short)], text[begin:end]):
        count = spell(text, words, letters) if len(letters) > 2 else None
        if count is not None and count > 1:
            while count < len(words) and _goes_on(text, words, count):
                count += 1
            yield Definition(words[0][0], words[count - 1][1], *short)
            return


def _goes_on(text: str, words: Words, number: int) -> bool:
    """Whether a capital word follows the one before it with nothing between them."""
    before, (start, _, word) = words[number - 1], words[number]
    return text[before[1] : start] in (" ", "-", "\n") and text[start].isupper() and word not in SMALL


def _initials_of_title(text: str, title_end: int) -> Iterator[Definition]:
    """Acronyms in capitals whose letters are the initials of words that end a phrase of the title, capitals too."""
    title = text[:title_end]
    if title.isupper():
        return
    words = [word for word in read_words(text, 0, title_end) if word[2] not in SMALL]
    initials = "".join(text[start] if not any(c.isupper() for c in text[start + 1 : end]) else "-" for start, end, _ in words)
    seen = set()
    for match in _CAPITALS.finditer(text):
        short = match.group()
        at = initials.find(short)
        if at >= 0 and short not in seen:
            seen.add(short)
            last = at + len(short)
            if last == len(words) or not _goes_on(text, words, last):
                yield Definition(words[at][0], words[last - 1][1], *match.span())


def find_all_definitions(texts: Texts) -> list[list[Definition]]:
    """The acronyms that each of many documents defines, by the characters of all."""
    found = []
    for begin, end, title_end in zip(texts.begins.tolist(), texts.ends.tolist(), texts.title_ends.tolist(), strict=True):
        own = find_definitions(texts.text[begin:end], title_end - begin)
        found.append([Definition(d.start + begin, d.end + begin, d.short_start + begin, d.short_end + begin) for d in own])
    return found
