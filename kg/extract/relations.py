"""The relation of a paper to a name, read from the words around the name's places by learnt weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Floats, Numbers
from kg.extract.chunk import Chunk
from kg.extract.network import Network, softmax
from kg.extract.traits import TRAITS
from kg.extract.types import TypeFacts
from kg.vocabulary import TO_NAMED

RELATIONS = TO_NAMED
# Words at these distances have weights of their own; so have the sentence's first word, the name's last, all words left and right of
# it, the nearest cue left and right, and the nearest cue left for each kind group.
SLOTS = (
    *("-1", "-2", "-3", "-4-6", "-7-11", "+1", "+2", "+3-5", "first", "last", "left", "right", "-12-20", "cue left", "cue right"),
    *("cue R", "cue T", "cue M", "cue K"),
)
_LEFT = (0, 1, 2, 3, 3, 3, 4, 4, 4, 4, 4, *[12] * 9)
_RIGHT = (5, 6, 7, 7, 7)
CUE_LEFT, CUE_RIGHT, CUE_GROUP = 13, 14, 15
# What the lexicon and other papers know of a name says nothing of what this paper does with it.
FOR_RELATION = [
    i for i, name in enumerate(TRAITS) if not name.startswith(("lexicon", "phrase", "head", "rule lexicon", "rarest", "commonest"))
]
MARKS = 24
KIND_GROUPS = 4
NOTHING = 3


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


def place_marks(chunk: Chunk, rows: Numbers) -> Numbers:
    """Four of MARKS for each mention: title or not, where in the title or abstract, near its ends or not, where in the sentence."""
    title = chunk.is_title[rows]
    number, count = chunk.number[rows], chunk.sentences[rows]
    into = chunk.first[rows] - chunk.sentence_first[rows]
    where = np.where(title, np.where(into == 0, 2, 4), 5 + np.minimum(9, 10 * number // count))
    edge = np.where(title, 3, np.where(number == 1, 15, np.where(number == count - 1, 16, 17)))
    return np.column_stack([np.where(title, 0, 1), where, edge, 18 + np.minimum(3, into // 4)])


def nearest_cues(chunk: Chunk, rows: Numbers, words: Numbers, cues: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """For each mention the word of the nearest cue left and right of it in its sentence, −1 where there is none."""
    size = len(words)
    place = np.arange(size)
    left = np.maximum.accumulate(np.where(cues, place, -1))[np.maximum(chunk.first[rows] - 1, 0)]
    ahead = np.minimum.accumulate(np.where(cues, place, size)[::-1])[::-1]
    right = ahead[np.minimum(chunk.last[rows], size - 1)]
    has_left = (left >= chunk.sentence_first[rows]) & (left < chunk.first[rows])
    has_right = (right < chunk.sentence_last[rows]) & (right >= chunk.last[rows])
    return np.where(has_left, words[left], -1), np.where(has_right, words[np.minimum(right, size - 1)], -1)


def slot_words(chunk: Chunk, rows: Numbers, words: Numbers) -> Numbers:
    """For each mention the slot and word of each near place, as `slot * size + word` with the size taken out: columns of (slot, word)."""
    first, last = chunk.first[rows], chunk.last[rows]
    begin, end = chunk.sentence_first[rows], chunk.sentence_last[rows]
    top = len(words) - 1
    columns = []
    for k, slot in enumerate(_LEFT, 1):
        columns.append((slot, np.where(first - k >= begin, words[np.maximum(first - k, 0)], -1)))
    for k, slot in enumerate(_RIGHT):
        columns.append((slot, np.where(last + k < end, words[np.minimum(last + k, top)], -1)))
    columns += [(8, words[begin]), (9, words[last - 1])]
    return np.stack([np.column_stack([np.full(len(rows), slot), word]) for slot, word in columns], axis=1)


class RelationReader:
    """Gathers the weights of the words around each mention, and judges by their sum and the candidate's traits."""

    def __init__(self, words: Words, arrays: Mapping[str, npt.NDArray[Any]], facts: TypeFacts) -> None:
        self._facts = facts
        weights = arrays["context"].astype(np.int32)
        size = len(SLOTS) * words.size
        self._size = words.size
        self._near = weights[:size].reshape(len(SLOTS), words.size, -1)
        self._marks = weights[size : size + MARKS * (1 + KIND_GROUPS)].reshape(1 + KIND_GROUPS, MARKS, -1)
        self._kinds = weights[size + MARKS * (1 + KIND_GROUPS) :] + arrays["context_bias"].astype(np.int32)
        self._scale = float(arrays["context_scale"])
        self._network = Network(arrays, "relation")

    def _score(self, chunk: Chunk, rows: Numbers, groups: Numbers) -> Floats:
        """Mentions × relations: what the words around each mention speak for; whole numbers until the end."""
        words = self._facts.words(chunk.texts.tokens)
        near = slot_words(chunk, rows, words)
        weights = self._near[near[..., 0], near[..., 1]]
        weights[near[..., 1] < 0] = 0
        total = weights.sum(1)
        left, right = nearest_cues(chunk, rows, words, self._facts.cues(chunk.texts.tokens))
        for slots, cue in ((CUE_LEFT, left), (CUE_RIGHT, right), (CUE_GROUP + groups, left)):
            total += np.where(cue[:, None] >= 0, self._near[slots, np.maximum(cue, 0)], 0)
        marks = place_marks(chunk, rows)
        total = total + self._marks[0][marks].sum(1) + self._marks[1 + groups[:, None], marks].sum(1) + self._kinds[groups]
        for slot, begin, end in ((10, chunk.sentence_first, chunk.first), (11, chunk.last, chunk.sentence_last)):
            sums = np.zeros((len(words) + 1, total.shape[1]), np.int64)
            np.cumsum(self._near[slot][words], axis=0, out=sums[1:])
            total = total + sums[end[rows]] - sums[begin[rows]]
        result: Floats = total / self._scale
        return result

    def judge(self, chunk: Chunk, kept: Numbers, groups: Numbers, traits: Floats) -> tuple[Floats, Floats, Numbers]:
        """For the kept candidates with their kind groups: each relation's probability; what each mention alone speaks for; where theirs begin."""
        counts = np.diff(chunk.begins)[kept]
        begins = np.concatenate([[0], np.cumsum(counts)])
        if not len(kept):
            return np.zeros((0, len(RELATIONS))), np.zeros((0, len(RELATIONS))), begins
        rows = np.repeat(chunk.begins[kept] - begins[:-1], counts) + np.arange(begins[-1])
        scores = self._score(chunk, rows, np.repeat(groups, counts))
        mean = np.add.reduceat(scores, begins[:-1]) / counts[:, None]
        best = np.maximum.reduceat(softmax(scores), begins[:-1])
        inputs = np.hstack([mean, softmax(mean), best, traits[:, FOR_RELATION], np.eye(KIND_GROUPS)[groups]])
        return self._network.probabilities(inputs), softmax(scores), begins


@lru_cache(maxsize=1)
def read_words() -> Words:
    """The words that ship with the package."""
    return Words((files("kg.data") / "judge" / "words.txt").read_text("utf-8").split("\n"))
