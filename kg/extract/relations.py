"""The kind of a name and its relation to the paper, read from the context of its mentions by learnt weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Floats, Numbers, Shorts, Singles, reduce_groups
from kg.extract.chunk import Chunk
from kg.extract.context import MARKS, SLOTS, Context, mean_by, means, read_context, sum_words
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

    Words and weights are whole numbers below 128, and no sum of their products reaches 2**24: single precision holds all of them exactly, in
    whatever order they are summed.
    """

    def __init__(self, words: Words, arrays: Mapping[str, npt.NDArray[Any]], facts: TypeFacts) -> None:
        self._facts = facts
        self._size = words.size
        self._words = arrays["context_words"].astype(np.float32)
        near, wide = np.split(arrays["context_near"], [SLOTS * arrays["context_words"].shape[1]])
        self._near, self._wide = near.astype(np.float32), wide.astype(np.float32)
        self._marks = np.concatenate([arrays["context_marks"], arrays["context_kinds"]]).astype(np.float32)
        self._around = np.split(_held(arrays["context_around"], _MOST), 4)  # for itself, its enumeration, its sentence, its paper
        self._around_bias = arrays["context_around_bias"].astype(np.float64)
        self._alone, self._alone_bias = _held(arrays["context_alone"], _MOST), arrays["context_alone_bias"].astype(np.float64)
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
        alone = softmax((hidden @ self._alone + self._alone_bias) * self._alone_unit)
        pieces = [slice(at, at + _BESIDE) for at in range(0, len(kept), _BESIDE)]
        scores = np.concatenate([self._scores(hidden, begins[piece.start : piece.stop + 1], traits[piece], groups[piece]) for piece in pieces])
        return Reading(softmax(scores[:, len(RELATIONS) :]), softmax(scores[:, : len(RELATIONS)]), alone, begins)

    def _scores(self, hidden: Singles, begins: Numbers, traits: Floats, groups: Numbers) -> Floats:
        """What the mentions of some candidates say together."""
        mean = np.rint(reduce_groups(np.add, hidden, begins) / np.diff(begins)[:, None])
        best = reduce_groups(np.maximum, hidden, begins)
        return self._network.scores(np.hstack([mean * self._unit, best * self._unit, traits, np.eye(KIND_GROUPS)[groups]]))

    def _hidden(self, chunk: Chunk, rows: Numbers, groups: Numbers) -> Singles:
        """Mentions × hidden numbers: what the words around each say, in the light of its enumeration, sentence and paper."""
        tokens = self._facts.tokens(chunk.texts.tokens)
        context = read_context(chunk, rows, tokens)
        sums = sum_words(self._words, tokens.words)
        pieces = [slice(at, at + _BESIDE) for at in range(0, len(rows), _BESIDE)]
        first = np.concatenate([self._first(context, sums, piece, groups[piece]) for piece in pieces])
        own, chained, in_sentence, in_paper = self._around
        shared = [(first @ chained, context.chain)]
        for weights, number in ((in_sentence, context.sentence), (in_paper, context.document)):
            mean, which = mean_by(first, number)
            shared.append((mean @ weights, which))
        for piece in pieces:
            around = first[piece] @ own
            for said, which in shared:
                around += np.take(said, which[piece], axis=0)
            first[piece] = self._bounded(around + self._around_bias, self._around_unit)
        return first

    def _first(self, context: Context, sums: Shorts, piece: slice, groups: Numbers) -> Singles:
        """What the words around some mentions say."""
        words = context.words[piece]
        near = np.take(self._words, words.ravel(), axis=0).reshape(len(words), -1) @ self._near
        near += means(sums, context.stretches[piece]) @ self._wide
        marks = np.zeros((len(words), MARKS + KIND_GROUPS), np.float32)
        every = np.arange(len(words))
        marks[every[:, None], context.marks[piece]] = 1.0
        marks[every, MARKS + groups] = 1.0
        near += marks @ self._marks
        return self._bounded(near, self._near_unit)

    def _bounded(self, numbers: Floats | Singles, unit: float) -> Singles:
        """Whole numbers in steps of our unit, none below 0; as that is a power of two, to divide both numbers by it is exact."""
        scaled = np.multiply(numbers, unit / self._unit, dtype=np.float64)
        np.clip(np.rint(scaled, out=scaled), 0.0, _MOST, out=scaled)
        found: Singles = scaled.astype(np.float32)
        return found


def _held(weights: npt.NDArray[Any], most: int) -> npt.NDArray[Any]:
    """Whole weights of numbers up to `most` in single precision where that holds all their sums exactly, else in double precision."""
    total = most * np.abs(weights.astype(np.int64)).sum(0).max()
    return weights.astype(np.float32 if total < 2**24 else np.float64)


@lru_cache(maxsize=1)
def read_words() -> Words:
    """The words that ship with the package."""
    return Words((files("kg.data") / "judge" / "words.txt").read_text("utf-8").split("\n"))
