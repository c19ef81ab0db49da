"""Acronyms that a text defines: "Maximum Mean Discrepancy (MMD)" and "MMD (Maximum Mean Discrepancy)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.document import Texts

_OPEN = re.compile(r"\(\s*(?:\\[a-z]+\{|\*\*)?([A-Za-z0-9][\w./+&^{}-]{0,14}?)(?:\}|\*\*)?s?\s*[),;]")
_LONG_BEHIND = re.compile(r"\b([A-Z][\w-]*[A-Z0-9][\w-]*)\s*\(([A-Za-z][^()]{6,90})\)")
_WORD = re.compile(r"[^\W_]+")
CLASS_WORDS = frozenset(
    ["model", "method", "framework", "approach", "algorithm", "technique", "system", "task", "problem", "dataset", "benchmark", "paradigm",
     "strategy", "mechanism", "module", "architecture", "pipeline", "setting", "scheme", "procedure", "loss", "objective", "corpus",
     "challenge", "suite"]
)  # fmt: skip  # what kind of thing a name names; a name alone it is not
_SMALL = frozenset(["of", "for", "the", "and", "in", "with", "to", "a", "an", "on", "by", "from", "via", "as"])


@dataclass(frozen=True, slots=True)
class Definition:
    """A long form at `start:end` and its acronym at `short_start:short_end`."""

    start: int
    end: int
    short_start: int
    short_end: int


def _find_long_form(words: Sequence[tuple[int, int, str]], short: str) -> int | None:
    """The start of the shortest run of last words whose letters spell the acronym, the first letter at a word's start."""
    letters = [c for c in short.lower() if c.isalnum()]
    at = len(letters) - 1
    for number in range(len(words) - 1, -1, -1):
        start, _, word = words[number]
        inner = len(word) - 1
        # a word gives the last letters it can, its first letter before all
        while at >= 0 and inner >= 0:
            if word[inner] == letters[at] and (inner == 0 or at > 0):
                at -= 1
            inner -= 1
        if at < 0:
            return start
        if at == 0 and word[0] == letters[0]:
            return start
    return None


def _initials_match(words: Sequence[tuple[int, int, str]], short: str) -> int | None:
    """The start of the words whose first letters are the acronym; small words may stand between."""
    letters = [c for c in short.lower() if c.isalpha()]
    at = len(letters) - 1
    for start, _, word in reversed(words):
        if at < 0:
            break
        if word[0] == letters[at]:
            at -= 1
            if at < 0:
                return start
        elif word not in _SMALL:
            return None
    return None


def _long_form_start(text: str, end: int, short: str, title_end: int) -> int | None:
    bare = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    letters = [c for c in bare if c.isalnum()]
    most = min(len(letters) + 4, 2 * len(letters) + 1)
    edge = max(text.rfind(sign, 0, end) for sign in ("(", ")", ";")) + 1
    begin = max(0, end - 120, text.rfind(". ", 0, end) + 1, edge, title_end + 1 if end > title_end else 0)
    words = [(begin + m.start(), begin + m.end(), m.group().lower()) for m in _WORD.finditer(text[begin:end])][-most:]
    for some in (words, _without_class_words(words)):
        start = _initials_match(some, bare)
        if start is not None:
            return _hyphenated_start(text, start, begin)
    start = _find_long_form(words, bare)
    if start is None or _is_class_word(text[start:end]):
        return None
    return _hyphenated_start(text, start, begin)


def _without_class_words(words: Sequence[tuple[int, int, str]]) -> Sequence[tuple[int, int, str]]:
    """The words before "models" in "mixture-of-experts models (MoEs)"."""
    last = len(words)
    while last and _is_class_word(words[last - 1][2]):
        last -= 1
    return words[:last]


def _is_class_word(word: str) -> bool:
    return word.lower().rstrip("s") in CLASS_WORDS


def _hyphenated_start(text: str, start: int, begin: int) -> int:
    """The start of the word "multi-modal" where "modal" was found, if both begin alike."""
    before = re.search(r"([^\W_]+)-$", text[begin:start])
    return begin + before.start() if before and before.group(1)[0].lower() == text[start].lower() else start


def find_definitions(text: str, title_end: int = -1) -> list[Definition]:
    """The acronyms that a text defines, in order of place; a long form does not reach across the end of the title.

    >>> d = find_definitions("We minimise the Maximum Mean Discrepancy (MMD).")[0]
    >>> "We minimise the Maximum Mean Discrepancy (MMD)."[d.start:d.end]
    'Maximum Mean Discrepancy'
    >>> d = find_definitions("Multi-modal Large Language Models (MLLMs)")[0]
    >>> d.start
    0
    """
    if "(" not in text:
        return []
    found: list[Definition] = []
    for match in _OPEN.finditer(text):
        short = match.group(1).rstrip("-./{}^")
        if sum(c.isupper() for c in short) < 2 and not (len(short) > 1 and short[0].isupper() and any(c.isdigit() for c in short)):
            continue
        end = match.start()
        while end and text[end - 1] in " \n~":
            end -= 1
        start = _long_form_start(text, end, short, title_end)
        if start is not None and end - start > len(short):
            found.append(Definition(start, end, match.start(1), match.start(1) + len(short)))
    for match in _LONG_BEHIND.finditer(text):
        short = match.group(1)
        words = [(m.start(), m.end(), m.group().lower()) for m in _WORD.finditer(match.group(2))]
        if 2 <= len(words) <= 10 and _find_long_form(words, short) == words[0][0] and words[0][2][0] == short[0].lower():
            found.append(Definition(match.start(2), match.end(2), match.start(1), match.end(1)))
    return found


def find_all_definitions(texts: Texts) -> list[list[Definition]]:
    """The acronyms that each of many documents defines, by the characters of all."""
    found = []
    for begin, end, title_end in zip(texts.begins.tolist(), texts.ends.tolist(), texts.title_ends.tolist(), strict=True):
        own = find_definitions(texts.text[begin:end], title_end - begin)
        found.append([Definition(d.start + begin, d.end + begin, d.short_start + begin, d.short_end + begin) for d in own])
    return found
