"""Finds the lexicon's names in a text: one automaton over all spellings, then word boundaries and the longest match."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from kg.extract.arrays import Flags, Numbers, find_distinct
from kg.extract.characters import Characters, Codes, read_characters
from kg.extract.features import lexicon_flag
from kg.extract.forms import mark_words, read_forms
from kg.lexicon import Entry, Lexicon
from kg.names import has_plus, key

_PLURAL, _PLUS, _POINT = ord("s"), ord("+"), ord(".")
_SEEN, _COMMON, _ACRONYM = 1, 2, 4  # what was worked out of a spelling: that it was, that it is of common words, that it is an acronym


@dataclass(frozen=True, slots=True)
class Known:
    """What the lexicon knows of a place: the entries of that name. `is_exact`: the capitals are those of the lexicon too.

    `meaning` is the key of the own name of what it means, empty where that may be several things; `flag` is the name under which the
    tagger sees it.
    """

    entries: tuple[Entry, ...]
    is_exact: bool
    meaning: str
    flag: str

    @classmethod
    def of(cls, entries: tuple[Entry, ...], *, is_exact: bool) -> Known:
        """What there is to know of some entries."""
        kinds = tuple([kind for entry in entries for kind in entry.kinds])
        is_word, is_broad = any(entry.is_word for entry in entries), all(entry.is_broad for entry in entries)
        flag = lexicon_flag(kinds, is_exact=is_exact, is_word=is_word, is_broad=is_broad)
        return cls(entries, is_exact, key(entries[0].name) if len(entries) == 1 else "", flag)


@dataclass(frozen=True, slots=True)
class Hit:
    """A lexicon name in a text."""

    start: int
    end: int
    known: Known


@dataclass(frozen=True, slots=True)
class Hits:
    """The lexicon's names in a text, in order of place: where each begins and ends, and its number in `known`."""

    starts: Numbers
    ends: Numbers
    numbers: Numbers
    known: Mapping[int, Known]


class Matcher:
    """All spellings of one lexicon; what else there is to know of one is worked out when it is first found."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._names = _Names(lexicon)
        patterns = self._names.forms.marked
        self._known = _KnownNames(self._names)
        self._cases = _Cases(self._names)
        self._marks = np.zeros(len(patterns), np.uint8)
        self._automaton = (
            AhoCorasick(patterns, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA) if patterns else None
        )

    def find(self, text: str) -> list[Hit]:
        """The names in the text, longest first where they overlap, in order of place."""
        hits = self.find_all(text, read_characters(text), np.zeros(1, np.int64))
        rows = zip(hits.starts.tolist(), hits.ends.tolist(), hits.numbers.tolist(), strict=True)
        return [Hit(start, end, hits.known[number]) for start, end, number in rows]

    def find_all(self, text: str, characters: Characters, begins: Numbers) -> Hits:
        """The names in a text of many papers that begin at these places."""
        spans = self._spans(characters)
        if len(spans):
            starts, ends = spans[:, 1], spans[:, 2]
            codes, inside = np.pad(characters.codes, (0, 2)), np.pad(characters.are_in_words(), (0, 2))
            has_plural = inside[ends] & (codes[ends] == _PLURAL) & ~inside[ends + 1]
            is_whole = ~(inside[starts - 1] & (starts > 0)) & (~inside[ends] | has_plural) & ~_are_versions(codes, ends)
            for at in np.flatnonzero(is_whole & (codes[ends] == _PLUS)).tolist():
                is_whole[at] = not has_plus(text, int(ends[at]))
            spans[:, 2] += has_plural
            spans = self._without_words(text, characters, begins, spans[is_whole], has_plural[is_whole])
            spans = spans[np.lexsort((spans[:, 0], -spans[:, 2], spans[:, 1]))]
            reach = np.maximum.accumulate(spans[:, 2])
            spans = spans[np.append(True, spans[1:, 2] > reach[:-1])[: len(spans)]]
        exact = [self._cases[which, text[start:end]] for which, start, end in spans.tolist()]
        return Hits(spans[:, 1], spans[:, 2], 2 * spans[:, 0] + np.array(exact, np.int64), self._known)

    def _spans(self, characters: Characters) -> Numbers:
        """Number, start and end of every spelling that stands in a text, also where a word begins with it."""
        found = self._automaton.find_matches_as_indexes(mark_words(characters), overlapping=True) if self._automaton else []
        return np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found)).reshape(-1, 3)

    def _without_words(self, text: str, characters: Characters, begins: Numbers, spans: Numbers, has_plural: Flags) -> Numbers:
        """The spans but those where common words, or a word that an acronym looks like, do not stand as a name."""
        fresh = find_distinct(spans[self._marks[spans[:, 0]] == 0, 0])
        self._marks[fresh] = [self._marks_of(which) for which in fresh.tolist()]
        marks, (starts, ends) = self._marks[spans[:, 0]], spans[:, 1:].T
        is_common, is_acronym = marks & _COMMON > 0, marks & _ACRONYM > 0
        is_word = is_common & characters.are_small(starts, ends - has_plural)
        # "clips" are no CLIP, "movie" is no MOVi-E
        is_word |= is_acronym & (ends - starts - has_plural <= _SHORT) & characters.are_small(starts + has_plural, ends - has_plural)
        common = np.flatnonzero(is_common & ~is_word)
        begin = begins[np.searchsorted(begins, starts[common], side="right") - 1]
        for at, first, span in zip(common.tolist(), begin.tolist(), spans[common].tolist(), strict=True):
            is_word[at] = not self._is_name(text, first, *span)
        plural = np.flatnonzero(is_acronym & ~is_word & ~has_plural & (characters.codes[ends - 1] == _PLURAL))
        for at, (which, start, end) in zip(plural.tolist(), spans[plural].tolist(), strict=True):
            is_word[at] = self._is_plural(which, text[start:end])
        return spans[~is_word]

    def _marks_of(self, which: int) -> int:
        surfaces = self._names.surfaces_of(which)
        if any(map(str.islower, surfaces)):
            return _SEEN
        form = self._names.forms.form(which)
        is_acronym = form.isalnum() and all(map(_OWN_CAPITAL.search, surfaces))
        is_common = _is_common(form, read_common_words()) and all(map(_has_own_case, map(self._names.spelling, surfaces)))
        return _SEEN | _COMMON * is_common | _ACRONYM * is_acronym

    def _is_plural(self, which: int, surface: str) -> bool:
        """Whether an acronym's last letter stands here for the plural of another: "AIs" are no AIS."""
        return surface[:-1].isupper() and not self._cases[which, surface]

    def _is_name(self, text: str, begin: int, which: int, start: int, end: int) -> bool:
        """Whether common words stand here as a name: in the lexicon's capitals, and not as a sentence's first word."""
        surface = text[start:end]
        if not self._cases[which, surface]:
            return False
        return not surface[1:].islower() or text[begin:start].rstrip()[-1:] not in ("", ".", "!", "?", ":")


class _Names:
    """The names that each pattern stands for."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.forms = read_forms(lexicon)

    def surfaces_of(self, which: int) -> list[str]:
        """As the lexicon writes them."""
        return self.forms.names(which)

    def entries_of(self, which: int) -> tuple[Entry, ...]:
        """The entries that go by them."""
        return tuple({id(entry): entry for surface in self.surfaces_of(which) for entry in self._lexicon.find(surface)}.values())

    def spelling(self, surface: str) -> str:
        """A name with the capitals that count: a term's first letter may be large or small."""
        if not surface[1:].islower():
            return surface
        is_term = any(entry.is_broad or entry.kinds[0] in ("technique", "task") for entry in self._lexicon.find(surface))
        return surface.lower() if is_term else surface


class _KnownNames(dict[int, Known]):
    """What is known of each spelling in other capitals (even numbers) and in the lexicon's own (odd ones), made when it is first asked for."""

    def __init__(self, names: _Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, number: int) -> Known:
        found = self[number] = Known.of(self._names.entries_of(number // 2), is_exact=number % 2 == 1)
        return found


class _Cases(dict[tuple[int, str], bool]):
    """Whether a pattern stands in the capitals of the lexicon where it is spelt so, found out when it is first met."""

    def __init__(self, names: _Names) -> None:
        super().__init__()
        self._names = names
        self._exact: dict[int, frozenset[str]] = {}

    def __missing__(self, place: tuple[int, str]) -> bool:
        which, surface = place
        bare, exact = _bare(surface), self._exact.get(which)
        if exact is None:
            exact = self._exact[which] = frozenset(map(_bare, self._names.surfaces_of(which)))
        found = self[place] = bare in exact or bare[:-1] in exact
        return found


def _are_versions(codes: Codes, ends: Numbers) -> Flags:
    """Whether a number goes on behind each end, as that of "GPT-3" does in "GPT-3.7"."""
    around = np.stack([codes[ends - 1], codes[ends + 1]])
    found: Flags = (codes[ends] == _POINT) & ((around >= ord("0")) & (around <= ord("9"))).all(0)
    return found


@lru_cache(maxsize=1)
def read_common_words() -> frozenset[str]:
    """Words that papers mostly write small: a name that is made of them counts only in its own capitals."""
    return frozenset((files("kg.data") / "common_words.txt").read_text("utf-8").split())


def _is_common(form: str, common: frozenset[str]) -> bool:
    """Whether a folded spelling is of common words only."""
    return all(word in common or (word[-1:] == "s" and word[:-1] in common) or word.isdigit() for word in form.split())


def _has_own_case(surface: str) -> bool:
    """Whether a name is written with capitals of its own."""
    return not surface.islower() and (" " not in surface or _HAS_OWN_CAPITAL.search(surface) is not None)


_SHORT = 5  # letters: a name with capitals of its own is not meant by a word this short in small letters
_OWN_CAPITAL = re.compile(r"\w[A-Z]")
_HAS_OWN_CAPITAL = re.compile(r"\w[A-Z]|\b[A-Z]\b|\d")


def _bare(surface: str) -> str:
    return surface if surface.isalnum() else "".join(filter(str.isalnum, surface))
