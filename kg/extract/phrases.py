"""What papers at large say of a phrase: how often it was taken for a name of each group, and how common its words are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files


class Phrases:
    """Counts by phrase and by last word (each of the tagger's groups, then none), and the number of papers that a word stands in."""

    def __init__(self, phrases: Mapping[str, Sequence[float]], heads: Mapping[str, Sequence[float]], papers: Mapping[str, int]) -> None:
        self.phrases, self.heads, self.papers = phrases, heads, papers


def _read_counts(text: str) -> dict[str, tuple[float, ...]]:
    rows = (line.split("\t") for line in text.splitlines())
    return {name: tuple(map(float, counts.split(","))) for name, counts in rows}


@lru_cache(maxsize=1)
def read_phrases() -> Phrases:
    """The counts that ship with the package."""
    folder = files("kg.data") / "judge"
    papers = dict(line.split("\t") for line in (folder / "papers.tsv").read_text("utf-8").splitlines())
    return Phrases(
        _read_counts((folder / "phrases.tsv").read_text("utf-8")),
        _read_counts((folder / "heads.tsv").read_text("utf-8")),
        {word: int(count) for word, count in papers.items()},
    )
