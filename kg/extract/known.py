"""Words of which the tagger knows something, found by one look-up each: their features and their cluster."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import repeat

import numpy as np

from kg.extract.arrays import Numbers


class KnownWords:
    """Words by number; the last number is that of all unknown words.

    Args:
        words: all of which something is known.
        table: for each word, and last for the unknown ones: the features that are named for it, in the order of WORDS, and its cluster.
        codes: of clusters, last that of words without one.
    """

    def __init__(self, words: Sequence[str], table: Numbers, codes: Sequence[str]) -> None:
        self._number = dict(zip(words, range(len(words)), strict=True))
        self.features, self.clusters = table[:, :-1], table[:, -1]
        self.codes = codes

    def numbers(self, words: Collection[str]) -> Numbers:
        """The number of each word."""
        return np.fromiter(map(self._number.get, words, repeat(len(self._number))), np.int64, len(words))
