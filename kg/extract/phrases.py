"""What papers at large say of a phrase: how often it was taken for a name of each group, and how common its words are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from math import log1p

from kg.extract.mentions import GROUPS

_NOTHING = (0.0,) * (len(GROUPS) + 2)


class Phrases:
    """Counts by phrase and by last word (each of the tagger's groups, then none), and the number of papers that a word stands in."""

    def __init__(self, phrases: Mapping[str, Sequence[float]], heads: Mapping[str, Sequence[float]], papers: Mapping[str, int]) -> None:
        self._phrases = {phrase: _shares(counts) for phrase, counts in phrases.items()}
        self._heads = {head: _shares(counts) for head, counts in heads.items()}
        self._papers = {word: log1p(count) for word, count in papers.items()}

    def shares(self, keys: Sequence[str]) -> tuple[float, ...]:
        """The counts of the first key that is known, as shares, shrunk where there are few, and the logarithm of their sum."""
        return next((found for key in keys if (found := self._phrases.get(key))), _NOTHING)

    def head_shares(self, word: str) -> tuple[float, ...]:
        """The same for names that end in a word."""
        return self._heads.get(word, _NOTHING)

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
