"""The relation of a paper to a name, read from the words around the name's places by learnt weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extract.candidates import Candidate
from kg.extract.context import MARKS, SLOTS, place_marks, slots_of
from kg.extract.document import Document
from kg.extract.network import Floats, Network, read_arrays, softmax
from kg.extract.places import sentence_number
from kg.vocabulary import TO_NAMED

KIND_GROUPS = "RTMK"
RELATIONS = TO_NAMED


class Words:
    """The words that have weights: each has a number; 0 to 3 are a number, a name, another word, and nothing."""

    def __init__(self, words: Sequence[str]) -> None:
        self._number = {word: i + 4 for i, word in enumerate(words)}
        self.size = len(words) + 4

    def number(self, token: str) -> int:
        """The number of a token."""
        found = self._number.get(token.lower())
        if found is not None:
            return found
        if token[0].isdigit():
            return 0
        return 1 if any(c.isupper() for c in token) else 2


class RelationReader:
    """Gathers the weights of the words around each mention, and judges by their sum and the candidate's traits."""

    def __init__(self, words: Words, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._words = words
        self._weights: npt.NDArray[np.int32] = arrays["context"].astype(np.int32)
        self._bias: npt.NDArray[np.int32] = arrays["context_bias"].astype(np.int32)
        self._scale = float(arrays["context_scale"])
        self._network = Network(arrays, "relation")
        self._marks_at = len(SLOTS) * words.size

    def _score(self, document: Document, candidate: Candidate, group: int, words: list[int]) -> Floats:
        rows = []
        size, base = self._words.size, self._marks_at
        for mention in candidate.mentions:
            marks = place_marks(document, mention, sentence_number(document, mention.first))
            ids = [slot * size + word for slot, word in slots_of(document, mention, words)]
            ids += [base + mark for mark in marks]
            ids += [base + MARKS * (1 + group) + mark for mark in marks]
            ids.append(base + MARKS * 5 + group)
            rows.append(self._weights[ids].sum(0) + self._bias)
        return np.array(rows, np.float64) / self._scale

    def judge(self, chosen: Sequence[tuple[Document, Candidate, int]], traits: Floats) -> list[tuple[Floats, Floats]]:
        """For each candidate with its kind group: the probability of each relation, and for each mention what it alone speaks for."""
        if not chosen:
            return []
        alone = []
        before: Document | None = None
        words: list[int] = []
        for document, candidate, group in chosen:
            if document is not before:
                before, words = document, [self._words.number(token) for token in document.tokens]
            alone.append(self._score(document, candidate, group, words))
        mean = np.array([scores.sum(0) / len(scores) for scores in alone])
        rows = np.hstack([mean, softmax(mean), traits, np.eye(4)[[group for _, _, group in chosen]]])
        return list(zip(self._network.probabilities(rows), [softmax(scores) for scores in alone], strict=True))


@lru_cache(maxsize=1)
def read_relation_reader() -> RelationReader:
    """The reader that ships with the package."""
    words = (files("kg.data") / "judge" / "words.txt").read_text("utf-8").split("\n")
    return RelationReader(Words(words), read_arrays())
