"""What papers at large say of a phrase: how often it was taken for a name of each group, and how common its words are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import repeat
from math import log1p

import numpy as np

from kg.data import split_pairs
from kg.extract.arrays import Floats
from kg.extract.mentions import GROUPS

Counts = tuple[Sequence[str], Floats]
"""Names, and the counts of each as a row."""


class Phrases:
    """Counts by phrase and by last word (each of the tagger's groups, then none), and the number of papers that a word stands in."""

    def __init__(self, phrases: Counts, heads: Counts, papers: Mapping[str, int]) -> None:
        (names, counts), (words, word_counts) = phrases, heads
        self._phrases = dict(zip(names, range(1, len(names) + 1), strict=True))
        self._shares = _find_shares(counts)
        self._heads = dict(zip(words, range(1, len(words) + 1), strict=True))
        self._head_shares = _find_shares(word_counts)
        self._papers = papers

    def shares(self, names: Iterable[Sequence[str]]) -> Floats:
        """For each name the counts of the first of its keys that is known, as shares, shrunk where there are few, and the logarithm of their sum."""
        find = self._phrases.get
        numbers = (find(keys[0], 0) if len(keys) == 1 else next((number for key in keys if (number := find(key))), 0) for keys in names)
        found: Floats = self._shares[np.fromiter(numbers, np.int64)]
        return found

    def head_shares(self, words: Iterable[str]) -> Floats:
        """The same as `shares` for names that end in these words."""
        found: Floats = self._head_shares[np.fromiter(map(self._heads.get, words, repeat(0)), np.int64)]
        return found

    def commonness(self, words: Iterable[str]) -> Floats:
        """The logarithm of one and the number of papers that each word stands in."""
        return np.fromiter(map(log1p, map(self._papers.get, words, repeat(0))), np.float64)


def _find_shares(counts: Floats) -> Floats:
    """Counts as shares and the logarithm of their sum, after a row of nothing."""
    totals = counts.sum(1)
    shares = np.zeros((len(counts) + 1, len(GROUPS) + 2))
    shares[1:, :-1] = counts / (totals + 1.0)[:, None]
    shares[1:, -1] = list(map(log1p, totals.tolist()))
    return shares


def read_counts(text: str) -> Counts:
    """Lines of a name and its counts."""
    names, counts = split_pairs(text)
    return names, np.fromstring(",".join(counts), sep=",").reshape(len(names), -1)


@lru_cache(maxsize=1)
def read_phrases() -> Phrases:
    """The counts that ship with the package."""
    folder = files("kg.data") / "judge"
    words, papers = split_pairs((folder / "papers.tsv").read_text("utf-8"))
    phrases, heads = (read_counts((folder / f"{name}.tsv").read_text("utf-8")) for name in ("phrases", "heads"))
    return Phrases(phrases, heads, dict(zip(words, map(int, papers), strict=True)))
