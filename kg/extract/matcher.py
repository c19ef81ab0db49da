"""Finds the lexicon's names in a text: one automaton over all spellings, then word boundaries and the longest match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

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
        spelt: dict[str, set[str]] = {}
        for surface, entries in lexicon.spellings():
            forms = spelling_variants(surface)
            if surface.islower() and surface[-1:] == "y" and surface[-2:-1] not in "aeiou":
                forms |= {form[:-1] + "ies" for form in forms}
            for form in forms:
                if len(form) > 1:
                    found.setdefault(form, {}).update((id(entry), entry) for entry in entries)
                    exact.setdefault(form, set()).add(_bare(surface))
                    is_term = any(entry.is_broad or entry.kinds[0] in ("technique", "task") for entry in entries)
                    spelt.setdefault(form, set()).add(surface.lower() if is_term and surface[1:].islower() else surface)
        patterns = sorted(found)
        self._entries = [tuple(found[form].values()) for form in patterns]
        self._exact = [frozenset(exact[form]) for form in patterns]
        common = read_common_words()
        self._is_common = [_is_common(form, spelt[form], common) for form in patterns]
        self._is_acronym = [form.isalnum() and all(_OWN_CAPITAL.search(surface) for surface in spelt[form]) for form in patterns]
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
            is_plural = end < size and folded[end].isalnum()
            if is_plural:
                if text[end] != "s" or (end + 1 < size and folded[end + 1].isalnum()):
                    continue
                if self._is_acronym[which] and end - start <= _SHORT and text[start + 1 : end].islower():  # "clips" are no CLIP
                    continue
                end += 1
            elif self._is_acronym[which] and end - start <= _SHORT and text[start:end].islower():  # "movie" is no MOVi-E
                continue
            elif (
                self._is_acronym[which]
                and text[end - 1] == "s"
                and text[start : end - 1].isupper()
                and not self._has_case(text[start:end], which)
            ):
                continue  # "AIs" are no AIS
            if not self._is_common[which] or self._is_name(text, start, end, which):
                spans.append((start, -end, which))
        spans.sort()
        hits: list[Hit] = []
        reach = 0
        for start, minus_end, which in spans:
            if -minus_end <= reach:
                continue
            reach = -minus_end
            hits.append(Hit(start, reach, self._entries[which], self._has_case(text[start:reach], which)))
        return hits

    def _has_case(self, surface: str, which: int) -> bool:
        bare, exact = _bare(surface), self._exact[which]
        return bare in exact or bare[:-1] in exact

    def _is_name(self, text: str, start: int, end: int, which: int) -> bool:
        """Whether common words stand here as a name: in the lexicon's capitals, and not as a sentence's first word."""
        surface = text[start:end]
        return self._has_case(surface, which) and (not surface[1:].islower() or text[:start].rstrip()[-1:] not in ("", ".", "!", "?", ":"))


@lru_cache(maxsize=1)
def read_common_words() -> frozenset[str]:
    """Words that papers mostly write small: a name that is made of them counts only in its own capitals."""
    return frozenset((files("kg.data") / "common_words.txt").read_text("utf-8").split())


def _is_common(form: str, surfaces: set[str], common: frozenset[str]) -> bool:
    """Whether a folded spelling is of common words only, while the lexicon writes the name with capitals of its own."""
    if any(surface.islower() or (" " in surface and not _HAS_OWN_CAPITAL.search(surface)) for surface in surfaces):
        return False
    return all(word in common or (word[-1:] == "s" and word[:-1] in common) or word.isdigit() for word in form.split())


_SHORT = 5  # letters: a name with capitals of its own is not meant by a word this short in small letters
_OWN_CAPITAL = re.compile(r"\w[A-Z]")
_HAS_OWN_CAPITAL = re.compile(r"\w[A-Z]|\b[A-Z]\b|\d")


def _bare(surface: str) -> str:
    return "".join(c for c in surface if c.isalnum())


_PART = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d_-]+")
_PREFIX = re.compile(r"\b(multi|cross|pre|fine|semi|non|inter|intra|post) ?(?=[a-z]{4})")


def spelling_variants(name: str) -> set[str]:
    """The forms of a name that differ in hyphen and space only, folded as the matcher folds a text.

    >>> sorted(spelling_variants("MS-COCO")), sorted(spelling_variants("multimodal large language model"))
    (['ms coco', 'mscoco'], ['multi modal large language model', 'multimodal large language model'])
    >>> sorted(spelling_variants("A2D")), sorted(spelling_variants("GPT4"))
    (['a2d'], ['gpt 4', 'gpt4'])
    """
    parts = _PART.findall(name)
    variants = {fold(name)}
    if not name.isascii() or not parts:
        return variants
    words = [part.lower() for part in parts]
    if len(words) <= 3:
        joined = {words[0]}
        for left, right in pairwise(_PART.finditer(name)):
            is_one_token = left.end() == right.start() and any(len(part) == 1 and part.isalpha() for part in (left.group(), right.group()))
            gaps = ("",) if is_one_token else (" ", "")  # "A2D" is not "a 2D"
            joined = {start + gap + right.group().lower() for start in joined for gap in gaps}
        variants |= joined
    elif len(name.split()) == 1:
        variants.add(fold(name).replace(" ", ""))
    return variants | {_PREFIX.sub(rf"\1{gap}", variant) for variant in variants for gap in ("", " ") if _PREFIX.search(variant)}
