"""What papers at large say of a phrase: how often it was taken for a name of each group, and how common its words are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from math import log1p

import numpy as np

from kg.extract.arrays import Floats, Numbers
from kg.extract.mentions import GROUPS

_NOTHING = (0.0,) * (len(GROUPS) + 2)


class Phrases:
    """Counts by phrase and by last word (each of the tagger's groups, then none), and the number of papers that a word stands in."""

    def __init__(self, phrases: Mapping[str, Sequence[float]], heads: Mapping[str, Sequence[float]], papers: Mapping[str, int]) -> None:
        self._phrases = {phrase: number for number, phrase in enumerate(phrases, 1)}
        self._shares = np.array([_NOTHING, *map(_shares, phrases.values())])
        self._heads = {head: number for number, head in enumerate(heads, 1)}
        self._head_shares = np.array([_NOTHING, *map(_shares, heads.values())])
        self._papers = {word: log1p(count) for word, count in papers.items()}

    def shares(self, names: Iterable[Sequence[str]]) -> Floats:
        """For each name the counts of the first of its keys that is known, as shares, shrunk where there are few, and the logarithm of their sum."""
        find = self._phrases.get
        numbers = (find(keys[0], 0) if len(keys) == 1 else next((number for key in keys if (number := find(key))), 0) for keys in names)
        found: Floats = self._shares[np.fromiter(numbers, np.int64)]
        return found

    def head(self, word: str) -> int:
        """The number of a word that names end in, 0 where it is not known."""
        return self._heads.get(word, 0)

    def head_shares(self, heads: Numbers) -> Floats:
        """The same as `shares` for names that end in these words, given by their numbers."""
        found: Floats = self._head_shares[heads]
        return found

    def commonness(self, word: str) -> float:
        """The logarithm of one and the number of papers that a word stands in."""
        return self._papers.get(word, 0.0)


def _shares(counts: Sequence[float]) -> tuple[float, ...]:
    total = sum(counts)
    return (*(count / (total + 1.0) for count in counts), log1p(total))


def read_counts(text: str) -> dict[str, tuple[float, ...]]:
    """Lines of a name and its counts."""
    rows = (line.split("\t") for line in text.splitlines())
    return {name: tuple(map(float, counts.split(","))) for name, counts in rows}


@lru_cache(maxsize=1)
def read_phrases() -> Phrases:
    """The counts that ship with the package."""
    folder = files("kg.data") / "judge"
    papers = dict(line.split("\t") for line in (folder / "papers.tsv").read_text("utf-8").splitlines())
    return Phrases(
        read_counts((folder / "phrases.tsv").read_text("utf-8")),
        read_counts((folder / "heads.tsv").read_text("utf-8")),
        {word: int(count) for word, count in papers.items()},
    )
