"""What is measured of a candidate: a fixed list of named numbers, on which its kind and its truth are judged."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Column, Floats, Numbers, Singles, find_distinct
from kg.extract.characters import read_characters
from kg.extract.chunk import Chunk
from kg.extract.kin import KIN, measure_kin
from kg.extract.mentions import GROUPS, RULES
from kg.extract.phrases import Phrases
from kg.extract.spellings import Spellings
from kg.extract.types import AFTER, BEFORE, TypeFacts
from kg.lexicon import Entry
from kg.vocabulary import NAMED

_SHIFT = 32  # bits: the number of a spelling lies below
_BRACKET = ord("(")
_FOLLOWING = 12  # so many names from one on, it included, are looked at
_NEAR = 4  # tokens: a name that begins fewer behind another is near
_BACK = 12  # how many tokens before a name "we" and "propose" are looked for

_MASS = (
    *(f"max {g}" for g in GROUPS), *(f"mean {g}" for g in GROUPS),
    "max total", "mean total", "best weakest", "best begin", "best end", "best product", "best z",
)  # fmt: skip
_PLACE = (
    "mentions",
    "spellings",
    "in title",
    "in title only",
    "first sentence",
    "last sentence",
    "at title start",
    *(f"rule {r}" for r in RULES),
)
_LEXICON = (
    *(f"lexicon {kind}" for kind in NAMED),
    "lexicon word",
    "lexicon broad",
    "lexicon meanings",
    "lexicon exact",
    "lexicon in a longer one",
)
_FORM = (
    "letters", "all small", "all capitals", "inner capital", "digit", "hyphen", "starts capital", "title case", "backslash", "words",
    *(f"head {g}" for g in GROUPS), "head none", "head seen", "rarest", "commonest",
)  # fmt: skip
_SELF = ("long form", "is own", "in brackets", *(f"phrase {g}" for g in GROUPS), "phrase none", "phrase seen")
_CONTEXT = (*(f"after {n}" for n in AFTER), *(f"before {n}" for n in BEFORE), "introduced near", "we near")
_OTHERS = ("inside total", "inside share", "around total", "around share", "neighbours R", "neighbours T", "neighbours M", "neighbours K")
TRAITS = (*_MASS, *_PLACE, *_LEXICON, *_FORM, *_SELF, *_CONTEXT, *_OTHERS, *KIN)
PLACE = {name: i for i, name in enumerate(TRAITS)}


class Forms:
    """Measures the forms of spellings, each once."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._begin(Spellings())

    def _begin(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._rows = Column(np.zeros((0, len(_FORM))))

    def rows(self, spellings: Spellings, numbers: Numbers) -> Floats:
        """The traits _FORM of some spellings, given by their numbers."""
        if spellings is not self._spellings:
            self._begin(spellings)
        if len(self._rows) < len(spellings):
            self._rows.extend(self._measure(spellings.names[len(self._rows) :]))
        found: Floats = self._rows.values[numbers]
        return found

    def _measure(self, names: Sequence[str]) -> Floats:
        length = np.fromiter(map(len, names), np.int64, len(names))
        small, upper, hyphen, backslash = (
            np.fromiter(column, np.bool_, len(names))
            for column in (map(str.islower, names), map(str.isupper, names), ["-" in name for name in names], ["\\" in name for name in names])
        )
        begins = np.cumsum(length + 1) - length - 1
        characters = read_characters("\n".join(names))
        in_word, is_capital = np.append(False, ~characters.are_spaces()), characters.are_capitals()
        is_first = in_word[1:] & ~in_word[:-1]
        inner = np.logical_or.reduceat(characters.have_small() & ~is_first, begins)
        digit = np.logical_or.reduceat(characters.are_digits(), begins)
        count, capitals = (np.add.reduceat(column.astype(np.int64), begins) for column in (is_first, is_first & is_capital))
        heads, rarest, commonest = self._measure_words("\n".join(names).lower().split(), count)
        return np.column_stack(
            [
                np.minimum(length, 60), small, upper & (length > 1), inner, digit, hyphen, is_capital[begins], capitals / count, backslash,
                count, heads, rarest, commonest,
            ]
        )  # fmt: skip

    def _measure_words(self, words: Sequence[str], count: Numbers) -> tuple[Floats, Floats, Floats]:
        """For names of so many words each: how often their heads are names, how common the rarest word is, and the most common."""
        bare = [word.strip("-.,") for word in words]
        common = np.where([word[:1].isalnum() for word in bare], self._phrases.commonness(bare), -1.0)  # −1: no word
        ends = np.cumsum(count)
        heads = self._phrases.head_shares(bare[end - 1].rstrip("s") for end in ends.tolist())
        rarest = np.minimum.reduceat(np.where(common >= 0.0, common, np.inf), ends - count)
        return heads, np.where(np.isinf(rarest), 0.0, rarest), np.maximum(np.maximum.reduceat(common, ends - count), 0.0)


class Gauge:
    """Measures the candidates of a chunk; remembers what is the same for every candidate of one spelling."""

    def __init__(self, phrases: Phrases, facts: TypeFacts) -> None:
        self._facts = facts
        self._phrases = phrases
        self._forms = Forms(phrases)
        self._known: dict[tuple[int, ...], tuple[float, ...]] = {}

    def measure(self, chunk: Chunk) -> Singles:
        """Candidates × TRAITS."""
        if not len(chunk):
            return np.zeros((0, len(TRAITS)), np.float32)
        totals = chunk.mass[:, : len(GROUPS)].sum(1)
        best = _best_rows(chunk, totals)
        parts = [
            _mass_traits(chunk, totals, best),
            _place_traits(chunk),
            self._lexicon_traits(chunk),
            self._forms.rows(chunk.candidates.spellings, chunk.candidates.spelling[best]),
            self._self_traits(chunk, best),
            self._context_traits(chunk),
            _overlap_traits(chunk, totals),
            _neighbour_traits(chunk),
            measure_kin(chunk, totals),
        ]
        found: Singles = np.hstack(parts, dtype=np.float32, casting="same_kind")
        return found

    def _lexicon_traits(self, chunk: Chunk) -> Floats:
        entries, known, starts = chunk.candidates.entries, chunk.candidates.known, chunk.begins[:-1]
        traits = np.zeros((len(chunk), len(NAMED) + 3))
        at = [number for number, own in enumerate(entries) if own]
        found = chain.from_iterable(self._known_traits(entries[number]) for number in at)
        traits[at] = np.fromiter(found, np.float64).reshape(-1, len(NAMED) + 3)
        hit = (known >= 0).astype(np.float64)
        exact = np.array([*(k.is_exact for k in chunk.candidates.knowns), False], np.float64)[known]
        longer = (np.minimum.reduceat(hit, starts) == 0.0) & (traits[:, -1] > 0)
        return np.column_stack([traits, np.maximum.reduceat(exact, starts), longer])

    def _known_traits(self, entries: Sequence[Entry]) -> tuple[float, ...]:
        which = tuple(map(id, entries))
        found = self._known.get(which)
        if found is None:
            kinds = [max((1.0 if e.kinds[0] == kind else 0.5 for e in entries if kind in e.kinds), default=0.0) for kind in NAMED]
            marks = (float(any(e.is_word for e in entries)), float(any(e.is_broad for e in entries)), float(len(entries)))
            found = self._known[which] = (*kinds, *marks)
        return found

    def _self_traits(self, chunk: Chunk, best: Numbers) -> Floats:
        candidates, begin = chunk.candidates, chunk.start[best]
        long_form = np.fromiter(map(bool, candidates.long_forms), np.bool_, len(chunk))
        bracket = (begin > chunk.texts.begins[chunk.owner]) & (chunk.texts.characters.codes[begin - 1] == _BRACKET)
        return np.column_stack([long_form, candidates.is_own, bracket, self._phrases.shares(candidates.keys)])

    def _context_traits(self, chunk: Chunk) -> Floats:
        after, before, calls = self._facts.classes(chunk.texts.tokens)
        starts, top = chunk.begins[:-1], len(after) - 1
        near = np.where(chunk.last < chunk.sentence_last, after[np.minimum(chunk.last, top)], 0)
        far = np.where(chunk.last + 1 < chunk.sentence_last, after[np.minimum(chunk.last + 1, top)], 0)
        ahead = np.where(chunk.first > chunk.sentence_first, before[np.maximum(chunk.first - 1, 0)], 0)
        behind = _count(chunk, np.where(near > 0, near, far), len(AFTER) + 1) + _count(chunk, after[chunk.last - 1], len(AFTER) + 1)
        shared = np.hstack([behind[:, 1:], _count(chunk, ahead, len(BEFORE) + 1)[:, 1:]]) / np.diff(chunk.begins)[:, None]
        introduced, we = (np.maximum.reduceat(_nearness(chunk, np.flatnonzero(calls == call)), starts) for call in (1, 2))
        return np.column_stack([shared, introduced, we])


def _count(chunk: Chunk, classes: npt.NDArray[Any], size: int) -> Numbers:
    """Candidates × classes: how many of its mentions are of each class; a class is given for each mention."""
    return np.bincount(chunk.which * size + classes, minlength=len(chunk) * size).reshape(-1, size)


def _nearness(chunk: Chunk, tokens: Numbers) -> Floats:
    """One by how many tokens the last of some tokens stands before each mention in its sentence; 0 where none is near."""
    last = np.append(tokens, -_BACK)[np.searchsorted(tokens, chunk.first) - 1]
    back = chunk.first - last
    found: Floats = np.where((last >= chunk.sentence_first) & (back < _BACK), 1.0 / back, 0.0)
    return found


def _best_rows(chunk: Chunk, totals: Floats) -> Numbers:
    """For each candidate its mention with the highest total, the first of equals."""
    best = np.maximum.reduceat(totals, chunk.begins[:-1])
    rows = np.flatnonzero(totals == best[chunk.which])
    found: Numbers = rows[np.searchsorted(rows, chunk.begins[:-1])]
    return found


def _mass_traits(chunk: Chunk, totals: Floats, best: Numbers) -> Floats:
    starts, count = chunk.begins[:-1], np.diff(chunk.begins)[:, None]
    groups = chunk.mass[:, : len(GROUPS)]
    product = chunk.mass[:, 5] * chunk.mass[:, 6] * chunk.mass[:, 7]
    tops = np.maximum.reduceat(np.column_stack([totals, chunk.mass[:, 5:8], product]), starts)
    mean_total = np.add.reduceat(totals, starts)[:, None] / count
    return np.hstack(
        [
            np.maximum.reduceat(groups, starts),
            np.add.reduceat(groups, starts) / count,
            tops[:, :1],
            mean_total,
            tops[:, 1:],
            chunk.mass[best, 4:5],
        ]
    )


def _place_traits(chunk: Chunk) -> Floats:
    starts = chunk.begins[:-1]
    count = np.diff(chunk.begins)
    distinct = find_distinct((chunk.which << _SHIFT) + chunk.candidates.spelling)
    spellings = np.bincount(distinct >> _SHIFT, minlength=len(chunk))
    title = chunk.is_title.astype(np.float64)
    at_end = (chunk.number == chunk.sentences - 1).astype(np.float64)
    at_start = chunk.start[starts] - chunk.texts.begins[chunk.owner] < 3
    return np.column_stack(
        [
            np.log1p(count), np.log1p(spellings), np.maximum.reduceat(title, starts), np.minimum.reduceat(title, starts),
            chunk.number[starts] / chunk.sentences[starts], np.maximum.reduceat(at_end, starts), at_start, _count(chunk, chunk.rule, len(RULES)) > 0,
        ]
    )  # fmt: skip


def _followers(chunk: Chunk, order: Numbers, gap: int) -> tuple[Numbers, Numbers]:
    """Mentions in order of their begin, and some that follow each: those that begin before its end or fewer than `gap` tokens behind."""
    first, last = chunk.first[order], chunk.last[order]
    at, found = np.arange(len(order)), []
    for step in range(1, _FOLLOWING):
        at = at[at + step < len(order)]
        at = at[first[at + step] - last[at] < gap]
        found.append((at, at + step))
    a, b = map(np.concatenate, zip(*found, strict=True))
    return order[a], order[b]


def _overlap_traits(chunk: Chunk, totals: Floats) -> Floats:
    """For each candidate: the best total of names that hold one of its places, the share of its places held, and the other way round."""
    a, b = _followers(chunk, np.lexsort((-chunk.last, chunk.first)), 0)  # a begins before b, or where b begins and is longer
    differ = chunk.which[a] != chunk.which[b]
    a, b = a[differ], b[differ]
    one, other, size = chunk.which[a], chunk.which[b], len(chunk)
    inside = (chunk.last[b] <= chunk.last[a]) & (chunk.last[a] - chunk.first[a] > chunk.last[b] - chunk.first[b])
    held, holding = np.zeros(size), np.zeros(size)
    np.maximum.at(held, other, totals[a] * np.where(inside, 1.0, 0.5))
    np.maximum.at(held, one[~inside], totals[b[~inside]] * 0.5)
    np.maximum.at(holding, one[inside], totals[b[inside]])
    shares = (np.bincount(ends[inside], minlength=size) / np.diff(chunk.begins) for ends in (other, one))
    return np.column_stack([held, next(shares), holding, next(shares)])


def _neighbour_traits(chunk: Chunk) -> Floats:
    """For each candidate the best of each kind among the names that stand at most three tokens away."""
    a, b = _followers(chunk, np.lexsort((chunk.last, chunk.first)), _NEAR)
    near = (chunk.first[b] > chunk.last[a]) & (chunk.sentence_first[a] == chunk.sentence_first[b])
    rows = np.zeros((len(chunk), 4))
    for one, other in ((a[near], b[near]), (b[near], a[near])):
        np.maximum.at(rows, chunk.which[one], chunk.mass[other, :4])
    return rows
