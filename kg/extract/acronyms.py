"""Acronyms that a text defines: "Maximum Mean Discrepancy (MMD)", "MMD (Maximum Mean Discrepancy)", "MMD: Maximum Mean Discrepancy"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kg.extract.document import Texts
from kg.extract.longforms import LONGEST, SMALL, Words, find_letters, find_long_form, read_word, read_words, spell, ways_to_read
from kg.extract.tokens import ACRONYM, CAPITALS

Place = tuple[int, int]
"""A start and an end in a text."""

_OPEN = re.compile(r"\(\s*(?:\\[a-z]+\{|\*\*)?([A-Za-z0-9][\w./+&^{}$-]{0,14}?)(?:\}|\*\*)?s?\s*[),;]")
_LONG_BEHIND = re.compile(r"\(([A-Za-z][^()]{6,90})\)")
_LONG_NEXT = re.compile(r",\s+(?:(?:an?|the)\s+)?(?=[A-Z])")
_LAST_SHORT = re.compile(r"\b[A-Z][\w-]*[A-Z0-9][\w-]*\Z")
_TITLE_NAME = re.compile(r"\s*([A-Z][\w$^{}+-]{1,19}?)\s*(?::|--|–|—)\s+(?=\S)")
_INITIAL = re.compile(r"[A-Z](?<![^\W_].)")
_BEHIND = 2  # characters that the last one looks at behind a match


@dataclass(frozen=True, slots=True)
class Definition:
    """A long form at `start:end` and its acronym at `short_start:short_end`."""

    start: int
    end: int
    short_start: int
    short_end: int


def find_definitions(texts: Texts) -> list[list[Definition]]:
    """The acronyms that each of many documents defines, by the characters of all; a long form does not reach across the end of a title.

    >>> from kg.extract.document import read_documents
    >>> from kg.records import Paper
    >>> texts = read_documents([Paper("p", "Multi-modal Large Language Models (MLLMs)", "")])
    >>> [(texts.text[d.start : d.end], texts.text[d.short_start : d.short_end]) for d in find_definitions(texts)[0]]
    [('Multi-modal Large Language Models', 'MLLM')]
    """
    places = zip(texts.begins.tolist(), texts.title_ends.tolist(), texts.ends.tolist(), _places_of_capitals(texts), strict=True)
    return [_define(texts.text, *place) for place in places]


def _places_of_capitals(texts: Texts) -> list[list[Place]]:
    """The tokens of each document that look like an acronym of capitals or have one: in no others does one stand."""
    tokens = np.flatnonzero(texts.vocabulary.facts[texts.tokens] & CAPITALS > 0)
    places = list(zip(texts.starts[tokens].tolist(), texts.stops[tokens].tolist(), strict=True))
    return [places[first:last] for first, last in pairwise(np.searchsorted(tokens, texts.first_token).tolist())]


def _define(text: str, begin: int, title_end: int, end: int, capitals: Sequence[Place]) -> list[Definition]:
    """The acronyms that the document at `begin:end` defines."""
    found = [*_in_brackets(text, begin, title_end, end), *_before_brackets(text, begin, end), *_after_commas(text, begin, end)]
    if title_end > begin:
        found += _of_title(text, begin, title_end)
        shorts = _read_capitals(text, capitals, end, text[begin:title_end])
        known = {text[d.short_start : d.short_end] for d in found} if shorts else set()
        found += [d for d in _initials_of_title(text, begin, title_end, shorts) if text[d.short_start : d.short_end] not in known]
    return found


def _in_brackets(text: str, begin: int, title_end: int, end: int) -> Iterator[Definition]:
    """Maximum Mean Discrepancy (MMD)."""
    for match in _OPEN.finditer(text, begin, end):
        short = match[1].rstrip("-./{}^")
        if sum(map(str.isupper, short)) < 2 and not (len(short) > 1 and short[0].isupper() and any(map(str.isdigit, short))):
            continue
        last = begin + len(text[begin : match.start()].rstrip(" \n~"))
        start = find_long_form(text, title_end + 1 if last > title_end else begin, last, short)
        if start is not None and last - start > len(short):
            yield Definition(start, last, match.start(1), match.start(1) + len(short))


def _before_brackets(text: str, begin: int, end: int) -> Iterator[Definition]:
    """MMD (Maximum Mean Discrepancy)."""
    for match in _LONG_BEHIND.finditer(text, begin, end):
        short = _find_short(text, begin, begin + len(text[begin : match.start()].rstrip()), match[1][0].upper())
        if short:
            words = read_words(text, *match.span(1))
            if 2 <= len(words) <= 10 and find_letters(words, text[slice(*short)]) == words[0][0]:
                yield Definition(*match.span(1), *short)


def _after_commas(text: str, begin: int, end: int) -> Iterator[Definition]:
    """MMD, Maximum Mean Discrepancy."""
    for match in _LONG_NEXT.finditer(text, begin, end):
        comma = match.start()
        short = _find_short(text, begin, comma - text[comma - 1 : comma].isspace(), text[match.end()])
        if short:
            yield from _spelled(text, short, match.end(), end)


def _find_short(text: str, begin: int, end: int, initial: str) -> Place | None:
    """The acronym that ends a text, but for braces and asterisks, if it begins with this letter."""
    bare = text[begin:end].rstrip("}*")
    match = _LAST_SHORT.search(bare, bare.rfind(" ") + 1)
    return (begin + match.start(), begin + match.end()) if match and match[0][0] == initial else None


def _of_title(text: str, begin: int, title_end: int) -> Iterator[Definition]:
    """MMD: Maximum Mean Discrepancy and more."""
    match = _TITLE_NAME.match(text, begin, title_end)
    if match:
        yield from _spelled(text, match.span(1), match.end(), title_end)


def _spelled(text: str, short: Place, begin: int, end: int) -> Iterator[Definition]:
    """The words from `begin` on, if they spell an acronym of three letters or more, with the capital words that follow."""
    first = read_word(text, begin, end)
    if not first or first[2][0] != text[short[0]].lower():
        return
    words = read_words(text, begin, min(end, begin + LONGEST))
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


def _read_capitals(text: str, places: Sequence[Place], end: int, title: str) -> dict[str, Place]:
    """The acronyms of three capitals or more at these places whose letters all begin words of the title, and where each stands first."""
    found: dict[str, Place] = {}
    initials = set(_INITIAL.findall(title)) if places and not title.isupper() else set()
    for start, stop in places if initials else ():
        for match in ACRONYM.finditer(text, start, min(stop + _BEHIND, end)):
            if initials.issuperset(match[0]):
                found.setdefault(match[0], match.span())
    return found


def _initials_of_title(text: str, begin: int, title_end: int, shorts: Mapping[str, Place]) -> Iterator[Definition]:
    """Of these acronyms those whose letters are the initials of words that end a phrase of the title, capitals too."""
    if not shorts:
        return
    words = [word for word in read_words(text, begin, title_end) if word[2] not in SMALL]
    initials = "".join("-" if any(map(str.isupper, text[start + 1 : end])) else text[start] for start, end, _ in words)
    for short, place in shorts.items():
        at = initials.find(short)
        if at >= 0:
            last = at + len(short)
            if last == len(words) or not _goes_on(text, words, last):
                yield Definition(words[at][0], words[last - 1][1], *place)
