"""Many documents' candidates as arrays: one row a mention, mentions of one candidate side by side, tokens numbered through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg.columns import rows_of
from kg.extract.arrays import Flags, Floats, Numbers
from kg.extract.candidates import Candidates
from kg.extract.document import Texts
from kg.extract.mentions import Mentions


@dataclass(frozen=True, slots=True)
class Chunk:
    """`owner[c]` is the document of candidate c, whose mentions are rows `begins[c]:begins[c + 1]`; `which` is the candidate of each row.

    `first` and `last` count tokens of all documents, as do `sentence_first` and `sentence_last`.
    `number` is the sentence's number in its document of `sentences` sentences; `rule` is one of `kg.extract.mentions.RULES`.
    """

    texts: Texts
    candidates: Candidates
    owner: Numbers
    begins: Numbers
    which: Numbers
    rule: Numbers
    mass: Floats
    start: Numbers
    end: Numbers
    first: Numbers
    last: Numbers
    sentence_first: Numbers
    sentence_last: Numbers
    number: Numbers
    sentences: Numbers
    is_title: Flags

    def __len__(self) -> int:
        """How many candidates there are."""
        return len(self.owner)

    def rows(self, which: Numbers) -> Numbers:
        """The mentions of some candidates, one candidate after the other."""
        return rows_of(self.begins, which)

    def surfaces(self, which: int) -> list[str]:
        """The spelling of each mention of a candidate."""
        return self.spelt(slice(self.begins[which], self.begins[which + 1]))

    def spelt(self, rows: Numbers | slice) -> list[str]:
        """The spelling of each of some mentions."""
        return list(map(self.candidates.spellings.names.__getitem__, self.candidates.spelling[rows].tolist()))


def gather_chunk(texts: Texts, mentions: Mentions, candidates: Candidates) -> Chunk:
    """Lay out the candidates of documents, one document after the other."""
    rows, owner = candidates.rows, candidates.owner
    first, start = mentions.first[rows], mentions.start[rows]
    which = np.repeat(np.arange(len(owner)), np.diff(candidates.begins))
    document = owner[which]
    sentence = np.searchsorted(texts.sentences, first, side="right") - 1
    return Chunk(
        texts, candidates, owner, candidates.begins, which, mentions.rule[rows], mentions.mass[rows], start, mentions.end[rows], first,
        mentions.last[rows], texts.sentences[sentence], texts.sentences[sentence + 1], sentence - texts.first_sentence[document],
        np.diff(texts.first_sentence)[document], start < texts.title_ends[document],
    )  # fmt: skip
