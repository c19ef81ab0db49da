"""The kind of a name and its relation to the paper, read from the context of its mentions by learnt weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.columns import rows_of
from kg.extract.arrays import Floats, Numbers, Singles, reduce_groups
from kg.extract.chunk import Chunk
from kg.extract.context import MARKS, SLOTS, Context, Sums, means, read_context, sum_by, sum_words
from kg.extract.network import STEP, Network, bound, hold, pieces_of, softmax
from kg.extract.types import TypeFacts
from kg.vocabulary import TO_NAMED

RELATIONS = TO_NAMED
KIND_GROUPS = 4
NEAR_STEP, AROUND_STEP = 128, 32  # what the words around say is whole numbers of 1/128, and what the mentions around add, of 1/32
_NEAR_MOST, _AROUND_MOST = 1023, 255  # of such a number: what is more counts as this


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
        return 1 if not token.islower() and any(map(str.isupper, token)) else 2


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

    All numbers are whole, and no sum of products reaches 2**24: single precision holds all of them exactly, in whatever order they are summed.
    """

    def __init__(self, words: Words, arrays: Mapping[str, npt.NDArray[Any]], facts: TypeFacts) -> None:
        self._facts = facts
        table = arrays["context_words"]
        self._words = table.astype(np.float32)
        self._summed = np.vstack([table, np.zeros_like(table[:1])]).astype(np.int16)
        near, wide = np.split(arrays["context_near"], [SLOTS * table.shape[1]])
        self._near, self._wide = near.astype(np.float32), wide.astype(np.float32)
        self._marks = np.concatenate([arrays["context_marks"], arrays["context_kinds"]]).astype(np.float32)
        own, chained, *shared = np.split(hold(arrays["context_around"], _NEAR_MOST), 4)  # for itself, its enumeration, its sentence, its paper
        self._alone_in_chain, self._chained, self._shared = own + chained, chained, shared
        self._around_bias = arrays["context_around_bias"].astype(np.float32)
        self._alone, self._alone_bias = hold(arrays["context_alone"], _AROUND_MOST), arrays["context_alone_bias"].astype(np.float32)
        self._near_unit, self._around_unit, self._alone_unit = arrays["context_units"].tolist()
        mean, best = np.split(arrays["context_pooled"].astype(np.int64), 2)
        self._same, self._best = hold(mean + best, _AROUND_MOST), hold(best, _AROUND_MOST)
        self._groups = arrays["context_groups"].astype(np.float32) * STEP
        self._network = Network(arrays, "relation")

    def judge(self, chunk: Chunk, kept: Numbers, groups: Numbers, traits: Singles) -> Reading:
        """What is read of the kept candidates, of which the kind groups and the traits are given."""
        counts = np.diff(chunk.begins)[kept]
        begins = np.concatenate([[0], np.cumsum(counts)])
        if not len(kept):
            nothing = np.zeros((0, len(RELATIONS)))
            return Reading(np.zeros((0, 1 + KIND_GROUPS)), nothing, nothing, begins)
        hidden = self._hidden(chunk, chunk.rows(kept), np.repeat(groups, counts))
        alone = np.concatenate([hidden[piece] @ self._alone for piece in pieces_of(len(hidden))])
        pieces = pieces_of(len(kept))
        scores = np.concatenate([self._scores(hidden, begins[piece.start : piece.stop + 1], traits[piece], groups[piece]) for piece in pieces])
        alone = softmax((alone + self._alone_bias).astype(np.float64) * self._alone_unit)
        return Reading(softmax(scores[:, len(RELATIONS) :]), softmax(scores[:, : len(RELATIONS)]), alone, begins)

    def _scores(self, hidden: Singles, begins: Numbers, traits: Singles, groups: Numbers) -> Floats:
        """What the mentions of some candidates say together: their mean, and the best where there are several."""
        counts = np.diff(begins)
        mean = reduce_groups(np.add, hidden, np.arange(begins[-1]), begins)
        mean /= counts[:, None].astype(np.float32)
        beside = np.rint(mean, out=mean) @ self._same
        beside += np.take(self._groups, groups, axis=0)
        several = np.flatnonzero(counts > 1)
        best = reduce_groups(np.maximum, hidden, rows_of(begins, several), np.append(0, np.cumsum(counts[several])))
        beside[several] += (best - mean[several]) @ self._best
        return self._network.scores(traits, beside)

    def _hidden(self, chunk: Chunk, rows: Numbers, groups: Numbers) -> Singles:
        """Mentions × hidden numbers: what the words around each say, in the light of its enumeration, sentence and paper."""
        tokens = self._facts.tokens(chunk.texts.tokens)
        context = read_context(chunk, rows, tokens)
        sums = sum_words(self._summed, tokens.words)
        pieces = pieces_of(len(rows))
        first = np.concatenate([self._first(context, sums, piece, groups[piece]) for piece in pieces])
        said, which = self._say(context, first)
        hidden = np.empty_like(first)
        for piece in pieces:
            chain, own = context.chain[piece], first[piece]
            around = own @ self._alone_in_chain
            around += np.take(said, which[piece], axis=0)
            chained = np.flatnonzero(chain != np.arange(piece.start, piece.start + len(chain)))
            around[chained] += (np.take(first, chain[chained], axis=0) - own[chained]) @ self._chained
            hidden[piece] = bound(around, self._around_unit * AROUND_STEP, _AROUND_MOST)
        return hidden

    def _say(self, context: Context, first: Singles) -> tuple[Singles, Numbers]:
        """What the mentions of each sentence and of its paper say to each of them, and the number of each mention's sentence."""
        in_sentence, in_paper = self._shared
        sums, which = sum_by(first, context.sentence)
        paper = np.empty(len(sums), np.int64)
        paper[which] = context.document
        all_sums, whose = sum_by(sums, paper)
        said = _mean(all_sums, whose[which]) @ in_paper
        said = np.take(said + self._around_bias, whose, axis=0)
        said += _mean(sums, which) @ in_sentence
        return said, which

    def _first(self, context: Context, sums: Sums, piece: slice, groups: Numbers) -> Singles:
        """What the words around some mentions say."""
        words = context.words[piece]
        near = np.take(self._words, words.ravel(), axis=0).reshape(len(words), -1) @ self._near
        near += means(sums, context.stretches[piece]) @ self._wide
        marks = np.zeros((len(words), MARKS + KIND_GROUPS), np.float32)
        every = np.arange(len(words))
        marks[every[:, None], context.marks[piece]] = 1.0
        marks[every, MARKS + groups] = 1.0
        near += marks @ self._marks
        return bound(near, self._near_unit * NEAR_STEP, _NEAR_MOST)


def _mean(sums: Singles, groups: Numbers) -> Singles:
    """The means, in whole numbers, of groups of which the sums are given, and the group of each row."""
    found: Singles = np.rint(sums / np.bincount(groups).astype(np.float32)[:, None])
    return found


@lru_cache(maxsize=1)
def read_words() -> Words:
    """The words that ship with the package."""
    return Words((files("kg.data") / "judge" / "words.txt").read_text("utf-8").split("\n"))
