"""What stands around each mention, as numbers of words and of marks, and how the mentions of a paper stand to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg.extract.arrays import Bytes, Numbers, Shorts, Singles, reduce_groups
from kg.extract.chunk import Chunk
from kg.extract.types import BEFORE, Tokens

NOTHING = 3  # the number of the word that is not there
# Words at these places: 1 to 12 before the name, 1 to 6 behind, the sentence's first three, the name's first and last, the nearest cues
# left and right; and the means of the words 13 to 24 before and 7 to 14 behind, of all left and of all right.
_LEFT, _RIGHT, _FIRST = 12, 6, 3
SLOTS = _LEFT + _RIGHT + _FIRST + 4
MEANS = 4
_FAR_LEFT, _FAR_RIGHT = 24, 14
_OPEN = 1 + list(BEFORE).index("open")
MARKS = 53
_RUN_BITS = 6
_RUN = 1 << _RUN_BITS  # words that are summed one after the other, in all runs at once
_GAP = 3  # tokens between two names of one enumeration, at most


@dataclass(frozen=True, slots=True)
class Context:
    """For each of some mentions: words, ends of the four stretches whose mean counts, marks.

    `chain` is the first mention of the enumeration that it stands in; `sentence` and `document` are the same number for those that share one.
    """

    words: Numbers
    stretches: Numbers
    marks: Numbers
    chain: Numbers
    sentence: Numbers
    document: Numbers


def read_context(chunk: Chunk, rows: Numbers, tokens: Tokens) -> Context:
    """The context of some mentions of a chunk, of which the rows are given in order."""
    words, cues, before, calls = tokens.words, tokens.cues, tokens.before, tokens.calls
    first, last, begin, end = chunk.first[rows], chunk.last[rows], chunk.sentence_first[rows], chunk.sentence_last[rows]
    size, top = len(words), len(words) - 1
    place = np.arange(size)
    left = np.maximum.accumulate(np.where(cues, place, -1))[np.maximum(first - 1, 0)]
    left = np.where((left >= begin) & (left < first), left, -1)
    right = np.minimum.accumulate(np.where(cues, place, size)[::-1])[::-1][np.minimum(last, top)]
    right = np.where((right < end) & (right >= last), right, size)
    places = np.column_stack(
        [first[:, None] - np.arange(1, _LEFT + 1), last[:, None] + np.arange(_RIGHT), begin[:, None] + np.arange(_FIRST), first, last - 1, left, right]
    )
    there = (places >= begin[:, None]) & (places < end[:, None])
    found = np.where(there, words[np.clip(places, 0, top)], NOTHING)
    stretches = np.column_stack(
        [np.maximum(begin, first - _FAR_LEFT), np.maximum(begin, first - _LEFT), np.minimum(end, last + _RIGHT), np.minimum(end, last + _FAR_RIGHT), begin, first, last, end]
    )
    chain, length = _chains(first, last, begin, np.concatenate([[0], np.cumsum(before == _OPEN)]))
    document = chunk.owner[np.searchsorted(chunk.begins, rows, side="right") - 1]
    marks = _marks(chunk, rows, left, right, chain, length, calls)
    return Context(found, stretches, marks, chain, begin, document)


def _chains(first: Numbers, last: Numbers, begin: Numbers, opens: Numbers) -> tuple[Numbers, Numbers]:
    """For each mention the first of its enumeration, and how many links away that is."""
    size = len(first)
    order = np.argsort(last, kind="stable")
    before = order[np.maximum(np.searchsorted(last[order], first, side="right") - 1, 0)] if size else order
    gap = first - last[before]
    joined = (gap > 0) & (gap <= _GAP) & (begin[before] == begin) & (opens[first] - opens[last[before]] == gap)
    root, steps = np.where(joined, before, np.arange(size)), joined.astype(np.int64)
    for _ in range(4):
        steps = steps + steps[root]
        root = root[root]
    return root, steps


def _marks(chunk: Chunk, rows: Numbers, left: Numbers, right: Numbers, chain: Numbers, length: Numbers, calls: Bytes) -> Numbers:
    """Where in title, abstract and sentence a mention stands, how far its cues are, its place in an enumeration, and who acts before it."""
    title = chunk.is_title[rows]
    number, count = chunk.number[rows], chunk.sentences[rows]
    first, last, begin, end = chunk.first[rows], chunk.last[rows], chunk.sentence_first[rows], chunk.sentence_last[rows]
    into, rest = first - begin, end - last
    where = np.where(title, np.where(into == 0, 0, 1), 2 + np.minimum(9, 10 * number // count))
    edge = np.where(title, 12, np.where(number == 1, 13, np.where(number == count - 1, 14, 15)))
    gap_left = np.where(left < 0, 0, np.minimum(6, np.log2(np.maximum(first - left, 1)).astype(np.int64) + 1))
    gap_right = np.where(right >= end, 0, np.minimum(6, np.log2(np.maximum(right - last + 1, 1)).astype(np.int64) + 1))
    chained = np.bincount(chain, minlength=len(rows))[chain] if len(rows) else chain
    is_own = np.repeat(chunk.candidates.is_own, np.diff(chunk.begins))
    marks = np.zeros(len(calls) + 1, np.int64)
    np.add.at(marks, chunk.first[is_own] + 1, 1)
    named = np.cumsum(marks)
    authors = np.concatenate([[0], np.cumsum(calls == 2)])
    own_left = (named[first] > named[begin]).astype(np.int64)
    own_right = (named[end] > named[last]).astype(np.int64)
    we_left = (authors[first] > authors[begin]).astype(np.int64)
    return np.column_stack(
        [
            where, edge, 16 + np.minimum(4, np.log2(into + 1).astype(np.int64)), 21 + gap_left, 28 + gap_right,
            35 + np.minimum(3, length), 39 + np.minimum(3, chained - 1), 43 + own_left, 45 + own_right, 47 + we_left,
            49 + np.minimum(2, rest) , 52 * np.ones(len(rows), np.int64),
        ]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of the first so many words, in 16 bits, in which differences are exact: `rows[n, r]` is of all runs before r and n words of it."""

    rows: Shorts

    def between(self, begins: Numbers, ends: Numbers) -> Shorts:
        """The sum of the words from each begin to each end."""
        return self._at(ends) - self._at(begins)

    def _at(self, places: Numbers) -> Shorts:
        _, runs, width = self.rows.shape
        found: Shorts = np.take(self.rows.reshape(-1, width), (places & (_RUN - 1)) * runs + (places >> _RUN_BITS), axis=0)
        return found


def sum_words(table: Shorts, words: Numbers) -> Sums:
    """The sums of the words' rows of a table, whose last row is of no word and holds nothing."""
    numbers = np.full((len(words) // _RUN + 1, _RUN), len(table) - 1)
    numbers.ravel()[1 : len(words) + 1] = words
    rows: Shorts = np.take(table, numbers.T, axis=0)
    for place in range(1, _RUN):
        np.add(rows[place], rows[place - 1], out=rows[place])
    rows[:, 1:] += np.cumsum(rows[-1, :-1], axis=0, dtype=np.int16)
    return Sums(rows)


def means(sums: Sums, stretches: Numbers) -> Singles:
    """Mentions × (MEANS · columns): the mean, in whole numbers, of the rows over each stretch; nothing where it is empty."""
    begin, end = stretches[:, ::2], stretches[:, 1::2]
    total = sums.between(begin, end).astype(np.float32)
    total /= np.maximum(end - begin, 1).astype(np.float32)[:, :, None]
    return np.rint(total, out=total).reshape(len(stretches), -1)


def sum_by(rows: Singles, groups: Numbers) -> tuple[Singles, Numbers]:
    """The sum of the rows of each group, and which of these sums is that of each row; any numbers tell groups apart."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    begins = np.append(starts, len(order))
    which = np.empty(len(groups), np.int64)
    which[order] = np.repeat(np.arange(len(starts)), np.diff(begins))
    return reduce_groups(np.add, rows, order, begins), which
