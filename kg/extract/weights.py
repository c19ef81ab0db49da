"""The tagger's weights: those of features, and those of token types, which are sums over their features."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, repeat

import numpy as np

from kg.extract.affixes import Affixes
from kg.extract.arrays import Ints, Numbers, Shorts, Table, reduce_groups
from kg.extract.features import CAPITALS, PLACES, WORDS, divide, names_of_clusters, names_of_forms, shapes_of
from kg.extract.known import KnownWords

_MOST_FORMS = 8_000  # are remembered
_PART, _TOKEN = WORDS.index("-="), WORDS.index("x=")


class Features:
    """The weights of features: for each feature and offset a row of weights, one for each label.

    Args:
        names: of the first features; the others are found by the word that they are named for.
        rows: features × offsets: the number of the row of weights; one row more, for what has none.
        weights: rows × labels; the last is none.
    """

    def __init__(self, names: Sequence[str], rows: Ints, weights: Shorts) -> None:
        self.none = len(rows) - 1  # the number of what has no weights
        self._number = dict(zip(names, range(len(names)), strict=True))
        self._rows, self._weights = rows, weights

    def numbers(self, names: Collection[str]) -> Numbers:
        """The number of each name, that of nothing where a feature has no weights."""
        return np.fromiter(map(self._number.get, names, repeat(self.none)), np.int64, len(names))

    def rows(self, numbers: Numbers) -> Shorts:
        """For each feature offsets × labels: its weights."""
        rows = np.take(self._rows, numbers, axis=0)
        found: Shorts = np.take(self._weights, rows.ravel(), axis=0).reshape(*rows.shape, self._weights.shape[1])
        return found

    def sum(self, columns: Iterable[Numbers]) -> Ints:
        """For each row of the columns offsets × labels: the weights of its features."""
        first, *others = columns
        total: Ints = self.rows(first).astype(np.int32)
        for numbers in others:
            total += self.rows(numbers)
        return total


class TypeWeights:
    """The weights of token types, each the sum over its features, of which `kg.extract.features` tells the names."""

    def __init__(self, features: Features, affixes: Affixes, words: KnownWords) -> None:
        self._features, self._affixes, self._words = features, affixes, words
        codes = words.codes
        self._clusters = features.sum(map(features.numbers, names_of_clusters(codes)))
        self._begins = [code[:4] for code in codes]
        self._parts = features.numbers(["-c=" + code for code in codes])
        self._placed = np.stack([features.numbers([f"{place}c={code[:6]}" for code in codes]) for place in PLACES])
        self._capitals = features.numbers(CAPITALS)
        self._forms = Table(self._sum_forms, self._clusters[:0], _MOST_FORMS)

    def _sum_forms(self, forms: Sequence[str]) -> Ints:
        return self._features.sum(map(self._features.numbers, names_of_forms(forms)))

    def sum(self, tokens: Sequence[str], places: Numbers) -> Ints:
        """For each type offsets × labels: its weights; places are numbers of PLACES."""
        words = [token.lower() for token in tokens]
        divided = list(map(divide, words))
        counts = np.fromiter(map(len, divided), np.int64, len(divided))
        known, parts = self._words.numbers(words), self._words.numbers(list(chain.from_iterable(divided)))
        clusters = self._find_clusters(known, parts, counts)
        features, owners, placed = self._words.features, np.repeat(np.arange(len(counts)), counts), np.flatnonzero(places)
        total = np.take(self._clusters, clusters, axis=0)
        total += self._forms.rows(self._read_forms(tokens, places, clusters))
        total += self._features.sum([features[known, 0], features[self._words.numbers(tokens), _TOKEN], *self._affixes.numbers(words).T])
        self._add(total, [
            (placed, features[known[placed], places[placed]]), (placed, self._placed[places[placed], clusters[placed]]),
            (owners, features[parts, _PART]), (owners, self._parts[self._words.clusters[parts]]), self._read_capitals(tokens),
        ])  # fmt: skip
        return total

    def _add(self, total: Ints, more: Sequence[tuple[Numbers, Numbers]]) -> None:
        """Add the weights of features that only some types have: numbers of types, and one feature for each."""
        which, numbers = (np.concatenate(column) for column in zip(*more, strict=True))
        has_weights = numbers != self._features.none
        which, numbers = which[has_weights], numbers[has_weights]
        order = np.argsort(which, kind="stable")
        begins = np.flatnonzero(np.diff(which[order], prepend=-1, append=len(total)))
        total[which[order[begins[:-1]]]] += reduce_groups(np.add, self._features.rows(numbers).astype(np.int32), order, begins)

    def _read_forms(self, tokens: Sequence[str], places: Numbers, clusters: Numbers) -> list[str]:
        wheres = map(PLACES.__getitem__, places.tolist())
        begins = map(self._begins.__getitem__, clusters.tolist())
        return [f"{where}{shape} {begin}" for where, shape, begin in zip(wheres, shapes_of(tokens), begins, strict=True)]

    def _read_capitals(self, tokens: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The tokens of capitals alone, and the feature of each."""
        which = np.array([number for number, token in enumerate(tokens) if len(token) > 1 and token.isupper()], np.int64)
        sizes = np.array([len(tokens[number]) for number in which.tolist()], np.int64)
        return which, self._capitals[np.minimum(sizes, len(self._capitals) + 1) - 2]

    def _find_clusters(self, known: Numbers, parts: Numbers, counts: Numbers) -> Numbers:
        """The cluster of each word, of one without that of its last part."""
        clusters = self._words.clusters
        found = clusters[known]
        lacking = np.flatnonzero((found == clusters[-1]) & (counts > 0))
        found[lacking] = clusters[parts[np.cumsum(counts)[lacking] - 1]]
        return found
