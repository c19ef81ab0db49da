"""Many documents' candidates as arrays: one row a mention, mentions of one candidate side by side, tokens numbered through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Floats, Numbers
from kg.extract.candidates import Candidate
from kg.extract.document import Document
from kg.extract.mentions import GROUPS, Mention
from kg.extract.places import sentence_number


@dataclass(frozen=True, slots=True)
class Chunk:
    """`owner[c]` is the document of candidate c, whose mentions are rows `begins[c]:begins[c + 1]`.

    `first` and `last` count tokens of the whole chunk, as do `sentence_first` and `sentence_last`; `types` gives each token's type.
    `number` is the sentence's number in its document of `sentences` sentences.
    """

    documents: Sequence[Document]
    candidates: list[Candidate]
    owner: Numbers
    begins: Numbers
    mentions: list[Mention]
    mass: Floats
    first: Numbers
    last: Numbers
    sentence_first: Numbers
    sentence_last: Numbers
    number: Numbers
    sentences: Numbers
    is_title: npt.NDArray[np.bool_]
    types: Numbers


def gather_chunk(documents: Sequence[Document], candidates: Sequence[Sequence[Candidate]], types: Numbers) -> Chunk:
    """Lay out the candidates of documents whose tokens have these types, one document after the other."""
    flat: list[Candidate] = []
    owner: list[int] = []
    mentions: list[Mention] = []
    begins = [0]
    rows: list[tuple[int, int, int, int, int, int, bool]] = []
    base = 0
    for which, (document, own) in enumerate(zip(documents, candidates, strict=True)):
        count = len(document.sentences)
        for candidate in own:
            flat.append(candidate)
            owner.append(which)
            mentions += candidate.mentions
            begins.append(len(mentions))
            for m in candidate.mentions:
                number = sentence_number(document, m.first)
                first, last = document.sentences[number]
                rows.append((base + m.first, base + m.last, base + first, base + last, number, count, m.start < document.title_end))
        base += len(document.tokens)
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    mass = np.array([m.mass for m in mentions], np.float64).reshape(len(mentions), len(GROUPS) + 3)
    places = (columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6].astype(np.bool_))
    return Chunk(documents, flat, np.array(owner, np.int64), np.array(begins, np.int64), mentions, mass, *places, types)
