"""Finds the lexicon's names in a text: one automaton over all spellings, then word boundaries and the longest match."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from kg.lexicon import Entry, Lexicon

_FOLD = {ord(c): " " for c in "-‐‑‒–—_\n\t\r\u00a0"} | {ord("’"): "'"}
_FOLD |= {code: chr(code + 32) for code in range(65, 91)}


def fold(text: str) -> str:
    """The text with the same length, no case, and a space for each hyphen, underscore and line break.

    >>> fold("MS-COCO")
    'ms coco'
    """
    folded = text.translate(_FOLD)
    return folded if folded.isascii() else "".join(c if len(c.lower()) != 1 else c.lower() for c in folded)


@dataclass(frozen=True, slots=True)
class Hit:
    """A lexicon name in a text. `is_exact`: the capitals are those of the lexicon too."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    is_exact: bool


class Matcher:
    """All spellings of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        found: dict[str, dict[int, Entry]] = {}
        exact: dict[str, set[str]] = {}
        for surface, entries in lexicon.spellings():
            forms = spelling_variants(surface)
            if surface.islower() and surface[-1:] == "y" and surface[-2:-1] not in "aeiou":
                forms |= {form[:-1] + "ies" for form in forms}
            for form in forms:
                if len(form) > 1:
                    found.setdefault(form, {}).update((id(entry), entry) for entry in entries)
                    exact.setdefault(form, set()).add(_bare(surface))
        patterns = sorted(found)
        self._entries = [tuple(found[form].values()) for form in patterns]
        self._exact = [frozenset(exact[form]) for form in patterns]
        self._automaton = (
            AhoCorasick(patterns, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA) if patterns else None
        )

    def find(self, text: str) -> list[Hit]:
        """The names in the text, longest first where they overlap, in order of place."""
        if self._automaton is None:
            return []
        folded = fold(text)
        size = len(folded)
        spans: list[tuple[int, int, int]] = []
        for which, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if start and folded[start - 1].isalnum():
                continue
            if end < size and folded[end].isalnum():
                if folded[end] != "s" or (end + 1 < size and folded[end + 1].isalnum()):
                    continue
                spans.append((start, -(end + 1), which))
            else:
                spans.append((start, -end, which))
        spans.sort()
        hits: list[Hit] = []
        reach = 0
        for start, minus_end, which in spans:
            if -minus_end <= reach:
                continue
            reach = -minus_end
            surface = _bare(text[start:reach])
            exact = self._exact[which]
            hits.append(Hit(start, reach, self._entries[which], surface in exact or surface[:-1] in exact))
        return hits


def _bare(surface: str) -> str:
    return "".join(c for c in surface if c.isalnum())


_PART = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d_-]+")


def spelling_variants(name: str) -> set[str]:
    """The forms of a name that differ in hyphen and space only, folded as the matcher folds a text.

    >>> sorted(spelling_variants("MS-COCO"))
    ['ms coco', 'mscoco']
    """
    parts = _PART.findall(name)
    variants = {fold(name)}
    if not name.isascii() or not parts:
        return variants
    words = [part.lower() for part in parts]
    if len(words) <= 3:
        joined = {words[0]}
        for word in words[1:]:
            joined = {left + gap + word for left in joined for gap in (" ", "")}
        return variants | joined
    variants.add(fold(name).replace(" ", "") if len(name.split()) == 1 else fold(name))
    return variants
