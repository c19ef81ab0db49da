"""Words of which the tagger knows something, found by one look-up each: their cluster, and their features."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, repeat

import numpy as np

from kg.extract.arrays import Numbers
from kg.extract.features import UNKNOWN, WORDS, family_of


class KnownWords:
    """Words by number, which leads to the features that are named for the word; the last number is that of all unknown words.

    Args:
        names: of all features, sorted.
        clusters: the code of each word's cluster.

    Attributes:
        features: words × WORDS: the number of a feature, that of nothing where there is none.
        clusters: the number of each word's cluster.
        codes: the code of each cluster, last that of words without one.
    """

    def __init__(self, names: Sequence[str], clusters: Mapping[str, str]) -> None:
        families = [family_of(names, family) for family in WORDS]
        words = dict.fromkeys(chain(*(own for own, _ in families), clusters))
        self._number = dict(zip(words, range(len(words)), strict=True))
        self.features = np.full((len(words) + 1, len(WORDS)), len(names))
        for column, (own, numbers) in enumerate(families):
            self.features[self.numbers(own), column] = numbers
        self.codes = [*sorted(set(clusters.values())), UNKNOWN]
        number_of = dict(zip(self.codes, range(len(self.codes)), strict=True))
        self.clusters = np.full(len(words) + 1, number_of[UNKNOWN])
        self.clusters[self.numbers(clusters)] = list(map(number_of.__getitem__, clusters.values()))

    def numbers(self, words: Collection[str]) -> Numbers:
        """The number of each word."""
        return np.fromiter(map(self._number.get, words, repeat(len(self._number))), np.int64, len(words))
