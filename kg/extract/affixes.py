"""Begins and ends of words as numbers: a byte for each letter, so that one search in a sorted array finds those of many words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from kg.extract.arrays import Numbers
from kg.extract.features import AFFIXES

_LONGEST = 4
_APART = "\n" * _LONGEST  # stands in no word, and counts as no letter
_OTHER = 255  # a letter that no known begin or end has


class Affixes:
    """The features of begins and ends of words, by their numbers.

    Args:
        names: of features, sorted.
        none: the number of what is no feature.

    >>> Affixes(["h=x", "p3=gen", "p4=gen", "s2=en"], 9).numbers(["gen", "gentle"]).tolist()
    [[1, 2, 3, 9, 9], [1, 9, 9, 9, 9]]
    """

    def __init__(self, names: Sequence[str], none: int) -> None:
        families = [_family_of(names, family) for family in AFFIXES]
        letters = sorted(map(ord, set("".join("".join(own) for own, _ in families))))
        self._letters = np.full(letters[-1] + 2, _OTHER, np.uint8)
        self._letters[letters] = np.arange(len(letters)) + 1
        self._letters[ord("\n")] = 0
        keys = np.concatenate([self._keys(own)[:, family] for family, (own, _) in enumerate(families)])
        order = np.argsort(keys)
        self._known = keys[order]
        self._numbers = np.concatenate([numbers for _, numbers in families])[order]
        self._none = none

    def numbers(self, words: Sequence[str]) -> Numbers:
        """Words × AFFIXES: the number of each feature, that of nothing where it is unknown."""
        keys = self._keys(words)
        place = np.minimum(np.searchsorted(self._known, keys), len(self._known) - 1)
        found: Numbers = np.where(self._known[place] == keys, self._numbers[place], self._none)
        return found

    def _keys(self, words: Sequence[str]) -> Numbers:
        """Words × AFFIXES: what is the same for the same letters in the same family."""
        text = _APART.join(["", *words, ""])
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        windows = sliding_window_view(np.take(self._letters, codes, mode="clip"), _LONGEST)
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        ends = np.cumsum(sizes + len(_APART))
        head, tail = _pack(windows[ends - sizes]), _pack(windows[ends - _LONGEST])
        keys: Numbers = np.stack([head & 0xFFFFFF, head, tail >> 16, tail >> 8, tail], axis=1) + (np.arange(len(AFFIXES)) << 32)
        return keys


def _pack(letters: npt.NDArray[np.uint8]) -> Numbers:
    """Four letters each as one number, the first in the lowest byte."""
    return letters.view("<u4")[:, 0].astype(np.int64)


def _family_of(names: Sequence[str], family: str) -> tuple[list[str], Numbers]:
    """What follows in sorted names on a family's sign, and the numbers of these names."""
    begin, end = bisect_left(names, family), bisect_left(names, family[:-1] + chr(ord(family[-1]) + 1))
    return [name[len(family) :] for name in names[begin:end]], np.arange(begin, end)
