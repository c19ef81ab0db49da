"""Many documents' candidates as arrays: one row a mention, mentions of one candidate side by side, tokens numbered through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.extract.arrays import Flags, Floats, Numbers
from kg.extract.candidates import Candidate
from kg.extract.document import Texts
from kg.extract.mentions import Mention


@dataclass(frozen=True, slots=True)
class Chunk:
    """`owner[c]` is the document of candidate c, whose mentions are rows `begins[c]:begins[c + 1]`.

    `first` and `last` count tokens of all documents, as do `sentence_first` and `sentence_last`.
    `number` is the sentence's number in its document of `sentences` sentences.
    """

    texts: Texts
    candidates: list[Candidate]
    owner: Numbers
    begins: Numbers
    mentions: list[Mention]
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


def gather_chunk(texts: Texts, candidates: Sequence[Sequence[Candidate]], mass: Floats) -> Chunk:
    """Lay out the candidates of documents, one document after the other; `mass` has a row for each mention (`Mentions.mass`)."""
    flat = [candidate for own in candidates for candidate in own]
    mentions = [mention for candidate in flat for mention in candidate.mentions]
    owner = np.repeat(np.arange(len(candidates)), [len(own) for own in candidates])
    count = np.fromiter((len(candidate.mentions) for candidate in flat), np.int64, len(flat))
    begins = np.concatenate([[0], np.cumsum(count)])
    places = np.array([(m.start, m.end, m.first, m.last, m.number) for m in mentions], np.int64).reshape(-1, 5).T
    start, end, first, last, row = np.ascontiguousarray(places)
    document = np.repeat(owner, count)
    sentence = np.searchsorted(texts.sentences, first, side="right") - 1
    return Chunk(
        texts, flat, owner, begins, mentions, mass[row], start, end, first, last,
        texts.sentences[sentence], texts.sentences[sentence + 1], sentence - texts.first_sentence[document],
        np.diff(texts.first_sentence)[document], start < texts.title_ends[document],
    )  # fmt: skip
