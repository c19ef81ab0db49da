"""The kind of a name and its relation to the paper, read from the context of its mentions by learnt weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Floats, Numbers
from kg.extract.chunk import Chunk
from kg.extract.context import MARKS, SLOTS, mean_by, means, read_context
from kg.extract.network import Network, softmax
from kg.extract.types import TypeFacts
from kg.vocabulary import TO_NAMED

RELATIONS = TO_NAMED
KIND_GROUPS = 4
_BESIDE = 512  # mentions: what is worked on then stays in the processor's cache
_MOST = 1023  # of a hidden number: what is more counts as this


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


@dataclass(frozen=True, slots=True)
class Reading:
    """Of some candidates: the shares of no name and of each kind group, and each relation's probability.

    `alone` is what each mention alone says of the relation; `begins[c]:begins[c + 1]` are the mentions of candidate c.
    """

    kinds: Floats
    relations: Floats
    alone: Floats
    begins: Numbers


class RelationReader:
    """Reads kind and relation of names from the words around its mentions, from the mentions around those, and from the candidate's traits.

    Words and weights are whole numbers below 128, and no sum of their products reaches 2**24: single precision holds all of them exactly.
    """

    def __init__(self, words: Words, arrays: Mapping[str, npt.NDArray[Any]], facts: TypeFacts) -> None:
        self._facts = facts
        self._size = words.size
        self._words = arrays["context_words"].astype(np.float32)
        self._near, self._wide = np.split(arrays["context_near"].astype(np.float32), [SLOTS * arrays["context_words"].shape[1]])
        self._marks = arrays["context_marks"].astype(np.float64)
        self._kinds = arrays["context_kinds"].astype(np.float64)
        self._around, self._around_bias = arrays["context_around"].astype(np.float64), arrays["context_around_bias"].astype(np.float64)
        self._alone, self._alone_bias = arrays["context_alone"].astype(np.float64), arrays["context_alone_bias"].astype(np.float64)
        self._near_unit, self._around_unit, self._alone_unit, self._unit = arrays["context_units"].tolist()
        self._network = Network(arrays, "relation")

    def judge(self, chunk: Chunk, kept: Numbers, groups: Numbers, traits: Floats) -> Reading:
        """What is read of the kept candidates, of which the kind groups and the traits are given."""
        counts = np.diff(chunk.begins)[kept]
        begins = np.concatenate([[0], np.cumsum(counts)])
        if not len(kept):
            nothing = np.zeros((0, len(RELATIONS)))
            return Reading(np.zeros((0, 1 + KIND_GROUPS)), nothing, nothing, begins)
        rows = np.repeat(chunk.begins[kept] - begins[:-1], counts) + np.arange(begins[-1])
        hidden = self._hidden(chunk, rows, np.repeat(groups, counts))
        mean = np.rint(np.add.reduceat(hidden, begins[:-1]) / counts[:, None])
        best = np.maximum.reduceat(hidden, begins[:-1])
        inputs = np.hstack([mean * self._unit, best * self._unit, traits, np.eye(KIND_GROUPS)[groups]])
        alone = softmax((hidden @ self._alone + self._alone_bias) * self._alone_unit)
        scores = self._network.scores(inputs)
        return Reading(softmax(scores[:, len(RELATIONS) :]), softmax(scores[:, : len(RELATIONS)]), alone, begins)

    def _hidden(self, chunk: Chunk, rows: Numbers, groups: Numbers) -> Floats:
        """Mentions × hidden numbers: what the words around each say, in the light of its enumeration, sentence and paper."""
        tokens = self._facts.tokens(chunk.texts.tokens)
        context = read_context(chunk, rows, tokens)
        near = np.concatenate([self._gather(context.words[at : at + _BESIDE]) for at in range(0, len(rows), _BESIDE)])
        wide = means(self._words, tokens.words, context.stretches) @ self._wide
        marks = np.zeros((len(rows), MARKS))
        marks[np.arange(len(rows))[:, None], context.marks] = 1.0
        first = self._bounded((near + wide + marks @ self._marks + self._kinds[groups]) * self._near_unit)
        shared = [first, first[context.chain], mean_by(first, context.sentence), mean_by(first, context.document)]
        return self._bounded((np.hstack(shared) @ self._around + self._around_bias) * self._around_unit)

    def _gather(self, words: Numbers) -> npt.NDArray[np.float32]:
        found: npt.NDArray[np.float32] = np.take(self._words, words.ravel(), axis=0).reshape(len(words), -1) @ self._near
        return found

    def _bounded(self, numbers: Floats) -> Floats:
        found: Floats = np.minimum(np.rint(np.maximum(numbers, 0.0) / self._unit), _MOST)
        return found


@lru_cache(maxsize=1)
def read_words() -> Words:
    """The words that ship with the package."""
    return Words((files("kg.data") / "judge" / "words.txt").read_text("utf-8").split("\n"))
