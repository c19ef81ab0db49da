"""What is measured of a candidate: a fixed list of named numbers, on which its kind and its truth are judged."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from kg.extract.arrays import Floats, Numbers, Table
from kg.extract.candidates import Candidate
from kg.extract.chunk import Chunk
from kg.extract.mentions import GROUPS, RULES
from kg.extract.phrases import Phrases
from kg.extract.types import AFTER, BEFORE, TypeFacts
from kg.vocabulary import NAMED

_RULE_NUMBER = {rule: number for number, rule in enumerate(RULES)}
_BRACKET = ord("(")
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
TRAITS = (*_MASS, *_PLACE, *_LEXICON, *_FORM, *_SELF, *_CONTEXT, *_OTHERS)
PLACE = {name: i for i, name in enumerate(TRAITS)}


WordForm = tuple[bool, bool, bool, float, tuple[float, ...]]
"""What is measured of a word in a name: an inner capital, a capital, a digit, how common it is (−1: no word), its shares as a head."""


class Forms:
    """Measures the forms of names, each of their words once."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._read = lru_cache(maxsize=50_000)(self._read_word)

    def _read_word(self, word: str) -> WordForm:
        lower = word.lower().strip("-.,")
        common = self._phrases.commonness(lower) if lower[:1].isalnum() else -1.0
        shares = self._phrases.head_shares(lower.rstrip("s"))
        return word[1:] != word[1:].lower(), word[:1].isupper(), any(map(str.isdigit, word)), common, shares

    def measure(self, surface: str) -> tuple[float, ...]:
        """The traits _FORM of a name."""
        inner, capital, digit, common, heads = zip(*map(self._read, surface.split() or [surface]), strict=True)
        seen = common if min(common) >= 0.0 else [share for share in common if share >= 0.0] or [0.0]
        return (
            min(len(surface), 60), surface.islower(), surface.isupper() and len(surface) > 1, any(inner), any(digit), "-" in surface,
            surface[0].isupper(), sum(capital) / len(capital), "\\" in surface, len(capital), *heads[-1], min(seen), max(seen),
        )  # fmt: skip


class Gauge:
    """Measures the candidates of a chunk; remembers what is the same for every candidate of one spelling."""

    def __init__(self, phrases: Phrases, facts: TypeFacts) -> None:
        self._facts = facts
        self._forms = Table(Forms(phrases).measure, len(_FORM))
        self._shares = Table(phrases.shares, len(GROUPS) + 2)
        self._known: dict[tuple[int, ...], tuple[float, ...]] = {}

    def measure(self, chunk: Chunk) -> Floats:
        """Candidates × TRAITS."""
        if not chunk.candidates:
            return np.zeros((0, len(TRAITS)))
        totals = chunk.mass[:, : len(GROUPS)].sum(1)
        best = _best_rows(chunk, totals)
        parts = [
            _mass_traits(chunk, totals, best),
            _place_traits(chunk),
            self._lexicon_traits(chunk),
            self._form_traits(chunk, best),
            self._self_traits(chunk, best),
            self._context_traits(chunk),
            _overlap_traits(chunk, totals),
            _neighbour_traits(chunk),
        ]
        return np.hstack(parts)

    def _form_traits(self, chunk: Chunk, best: Numbers) -> Floats:
        text = chunk.texts.text
        return self._forms.rows(text[begin:end] for begin, end in zip(chunk.start[best].tolist(), chunk.end[best].tolist(), strict=True))

    def _lexicon_traits(self, chunk: Chunk) -> Floats:
        known = np.array([self._known_traits(candidate) for candidate in chunk.candidates])
        starts = chunk.begins[:-1]
        hit = np.array([m.known is not None for m in chunk.mentions], np.float64)
        exact = np.array([m.known is not None and m.known.is_exact for m in chunk.mentions], np.float64)
        longer = (np.minimum.reduceat(hit, starts) == 0.0) & (known[:, -1] > 0)
        return np.column_stack([known, np.maximum.reduceat(exact, starts), longer])

    def _known_traits(self, candidate: Candidate) -> tuple[float, ...]:
        entries = candidate.entries
        which = tuple(map(id, entries))
        found = self._known.get(which)
        if found is None:
            kinds = [max((1.0 if e.kinds[0] == kind else 0.5 for e in entries if kind in e.kinds), default=0.0) for kind in NAMED]
            marks = (float(any(e.is_word for e in entries)), float(any(e.is_broad for e in entries)), float(len(entries)))
            found = self._known[which] = (*kinds, *marks)
        return found

    def _self_traits(self, chunk: Chunk, best: Numbers) -> Floats:
        long_form = np.fromiter((bool(candidate.long_form) for candidate in chunk.candidates), np.float64)
        is_own = np.fromiter((candidate.is_own for candidate in chunk.candidates), np.float64)
        begin = chunk.start[best]
        bracket = (begin > chunk.texts.begins[chunk.owner]) & (chunk.texts.codes[begin - 1] == _BRACKET)
        shares = self._shares.rows(candidate.keys for candidate in chunk.candidates)
        return np.column_stack([long_form, is_own, bracket, shares])

    def _context_traits(self, chunk: Chunk) -> Floats:
        after, before, calls = self._facts.classes(chunk.texts.tokens)
        starts, count = chunk.begins[:-1], np.diff(chunk.begins)[:, None]
        size = len(chunk.texts.tokens)
        near = np.where(chunk.last < chunk.sentence_last, after[np.minimum(chunk.last, size - 1)], 0)
        far = np.where(chunk.last + 1 < chunk.sentence_last, after[np.minimum(chunk.last + 1, size - 1)], 0)
        behind = np.eye(len(AFTER) + 1)[np.where(near > 0, near, far)] + np.eye(len(AFTER) + 1)[after[chunk.last - 1]]
        ahead = np.eye(len(BEFORE) + 1)[np.where(chunk.first > chunk.sentence_first, before[np.maximum(chunk.first - 1, 0)], 0)]
        introduced, we = np.zeros(len(chunk.first)), np.zeros(len(chunk.first))
        for back in range(_BACK - 1, 0, -1):
            inside = chunk.first - back >= chunk.sentence_first
            call = np.where(inside, calls[np.maximum(chunk.first - back, 0)], 0)
            introduced[call == 1] = 1.0 / back
            we[call == 2] = 1.0 / back
        shared = np.add.reduceat(np.hstack([behind[:, 1:], ahead[:, 1:]]), starts) / count
        return np.column_stack([shared, np.maximum.reduceat(introduced, starts), np.maximum.reduceat(we, starts)])


def _best_rows(chunk: Chunk, totals: Floats) -> Numbers:
    """For each candidate its mention with the highest total, the first of equals."""
    candidate = np.repeat(np.arange(len(chunk.candidates)), np.diff(chunk.begins))
    order = np.lexsort((np.arange(len(totals)), -totals, candidate))
    best: Numbers = order[chunk.begins[:-1]]
    return best


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
    text = chunk.texts.text
    spellings = [len({text[m.start : m.end] for m in candidate.mentions}) for candidate in chunk.candidates]
    rules = np.eye(len(RULES))[[_RULE_NUMBER[m.rule] for m in chunk.mentions]]
    title = chunk.is_title.astype(np.float64)
    at_end = (chunk.number == chunk.sentences - 1).astype(np.float64)
    at_start = chunk.start[starts] - chunk.texts.begins[chunk.owner] < 3
    return np.column_stack(
        [
            np.log1p(count), np.log1p(spellings), np.maximum.reduceat(title, starts), np.minimum.reduceat(title, starts),
            chunk.number[starts] / chunk.sentences[starts], np.maximum.reduceat(at_end, starts), at_start, np.maximum.reduceat(rules, starts),
        ]
    )  # fmt: skip


def _overlap_traits(chunk: Chunk, totals: Floats) -> Floats:
    """For each candidate: the best total of names that hold one of its places, the share of its places held, and the other way round."""
    rows = np.zeros((len(chunk.candidates), 4))
    which = np.repeat(np.arange(len(chunk.candidates)), np.diff(chunk.begins))
    order = np.lexsort((-chunk.last, chunk.first))
    first, last, own, total = chunk.first[order], chunk.last[order], which[order], totals[order]
    for step in range(1, 12):
        if step >= len(order):
            break
        a, b = slice(None, -step), slice(step, None)  # a begins before b, or where b begins and is longer
        meets = (first[b] < last[a]) & (own[a] != own[b])
        if not meets.any():
            break
        inside = meets & (last[b] <= last[a]) & (last[a] - first[a] > last[b] - first[b])
        np.maximum.at(rows[:, 0], own[b][inside], total[a][inside])
        np.add.at(rows[:, 1], own[b][inside], 1.0)
        np.maximum.at(rows[:, 2], own[a][inside], total[b][inside])
        np.add.at(rows[:, 3], own[a][inside], 1.0)
        cross = meets & ~inside
        np.maximum.at(rows[:, 0], own[b][cross], total[a][cross] * 0.5)
        np.maximum.at(rows[:, 0], own[a][cross], total[b][cross] * 0.5)
    count = np.diff(chunk.begins)
    rows[:, 1] /= count
    rows[:, 3] /= count
    return rows


def _neighbour_traits(chunk: Chunk) -> Floats:
    """For each candidate the best of each kind among the names that stand at most three tokens away."""
    rows = np.zeros((len(chunk.candidates), 4))
    which = np.repeat(np.arange(len(chunk.candidates)), np.diff(chunk.begins))
    order = np.lexsort((chunk.last, chunk.first))
    first, last, own, start = chunk.first[order], chunk.last[order], which[order], chunk.sentence_first[order]
    mass = chunk.mass[order, :4]
    for step in range(1, 12):
        if step >= len(order):
            break
        a, b = slice(None, -step), slice(step, None)
        gap = first[b] - last[a]
        near = (gap > 0) & (gap <= 3) & (start[a] == start[b])
        np.maximum.at(rows, own[a][near], mass[b][near])
        np.maximum.at(rows, own[b][near], mass[a][near])
        if not (gap <= 3).any():
            break
    return rows
