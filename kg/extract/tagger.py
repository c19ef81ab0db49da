"""The tagger: a linear chain over tokens whose weights are gathered by token type for a whole batch of sentences.

Weights are whole numbers, so that their sums are the same whatever stands in the batch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from kg.extract.affixes import Affixes
from kg.extract.arrays import Column, Floats, Ints, Numbers, Shorts, find_distinct
from kg.extract.chain import INSIDE, Order, find_best, find_marginals
from kg.extract.document import Texts
from kg.extract.features import OFFSETS, PLACES
from kg.extract.known import KnownWords
from kg.extract.tokens import Tokens
from kg.extract.weights import Features, TypeWeights

SCALE = 256.0
_NEVER = int(30 * SCALE)  # what the first token of a sentence loses as the inside of a name
_PADS = max(OFFSETS)  # beyond each end of a sentence
_BESIDE = 512  # types: what is worked on then stays in the processor's cache
_WIDTH = 16  # labels for which a row of weights has room: rows of 32 bytes are taken faster than shorter ones
_MOST = 4500  # of a weight that a type has at an offset: what is more counts as this, so that 16 bits hold the sum of all offsets
_FLAG = "L"  # begins the name of a feature that is a lexicon flag


class Tagger:
    """Labels for tokens, with the probability of each.

    The weights of a token are summed once for each place in which it is met: running text, a sentence's start, a title.
    """

    def __init__(self, labels: Sequence[str], features: Features, weights: TypeWeights, transitions: Ints) -> None:
        self.labels = tuple(labels)
        self._features = features
        self._weights = weights
        self._transitions = transitions
        self._step = np.exp(transitions / SCALE)
        self._flags: dict[str, int] = {}
        self._flag_table = Column(np.zeros((1, len(OFFSETS), _WIDTH), np.int16))  # number 0: a token without a flag
        self._begin(Tokens())

    def _begin(self, vocabulary: Tokens) -> None:
        """Forget all types; number 0 is the pad beyond a sentence's ends."""
        self._vocabulary = vocabulary
        self._table = Column(_widen(self._features.rows(self._features.numbers(["PAD"]))))
        self._types = Column(np.zeros((0, len(PLACES)), np.int32))

    def flag(self, name: str) -> int:
        """The number of a lexicon flag."""
        found = self._flags.get(name)
        if found is None:
            found = self._flags[name] = len(self._flag_table)
            self._flag_table.extend(_widen(self._features.rows(self._features.numbers([_FLAG + name]))))
        return found

    def types(self) -> Sequence[str]:
        """The tokens that were met, by number."""
        return self._vocabulary.names

    def _find_types(self, texts: Texts) -> Numbers:
        """The number of each token's row of weights; new ones are summed."""
        if texts.vocabulary is not self._vocabulary:
            self._begin(texts.vocabulary)
        self._types.extend(np.zeros((len(texts.vocabulary.names) - len(self._types), len(PLACES)), np.int32))
        place = np.repeat(np.where(texts.is_titled, 2, 0), np.diff(texts.sentences))
        place[texts.sentences[:-1][~texts.is_titled]] = 1
        types, which = self._types.values.reshape(-1), texts.tokens * len(PLACES) + place
        missing = find_distinct(which[types[which] == 0])
        if len(missing):
            types[missing] = np.arange(len(missing)) + len(self._table)
            tokens = list(map(texts.vocabulary.names.__getitem__, (missing // len(PLACES)).tolist()))
            for begin in range(0, len(missing), _BESIDE):
                piece = slice(begin, begin + _BESIDE)
                self._table.extend(_widen(self._weights.sum(tokens[piece], missing[piece] % len(PLACES))))
        found: Numbers = types[which].astype(np.int64)
        return found

    def emissions(self, texts: Texts, flags: Numbers, order: Order) -> Shorts:
        """Labels × tokens as they are ordered: the scores of each token, whose lexicon flag has this number, 0 for none."""
        sizes = np.diff(texts.sentences)
        place = np.arange(len(texts.tokens)) + _PADS * np.repeat(np.arange(len(sizes)), sizes)  # of each token, with pads between sentences
        size = len(texts.tokens) + _PADS * len(sizes)
        row_of = np.zeros(size + _PADS * 2, np.int64)
        row_of[place + _PADS] = self._find_types(texts) * len(OFFSETS)
        table = self._table.values.reshape(-1, _WIDTH)
        scores = np.take(table, row_of[:size], axis=0)
        for i in range(1, len(OFFSETS)):
            scores += np.take(table, row_of[i : size + i] + i, axis=0)
        flagged = np.flatnonzero(flags)
        for k in (-1, 0, 1):
            scores[place[flagged] - k] += self._flag_table.values[flags[flagged], OFFSETS.index(k)]
        found: Shorts = np.take(scores, place[order.tokens], axis=0).T[: len(self.labels)].copy()
        found[INSIDE, : len(sizes)] -= _NEVER
        return found

    def marginals(self, order: Order, scores: Shorts) -> Floats:
        """Tokens × labels: the probability of each label of each token."""
        return find_marginals(order, scores, self._step, SCALE)

    def best(self, order: Order, scores: Shorts, readings: Sequence[tuple[float, Numbers]]) -> Numbers:
        """Readings × tokens: the best label of each token; a reading's bias is taken from the score of no name, which is all that some tokens may be."""
        more = np.empty((len(readings), len(order.place)), np.int32)
        for own, (bias, outside) in zip(more, readings, strict=True):
            own[:] = -int(bias * SCALE)
            own[outside] += _NEVER
        return find_best(order, scores, self._transitions, more)


def _widen(weights: Ints | Shorts) -> Shorts:
    found = np.zeros((*weights.shape[:-1], _WIDTH), np.int16)
    np.clip(weights, -_MOST, _MOST, out=found[..., : weights.shape[-1]], casting="unsafe")
    return found


def load_tagger(folder: Path) -> Tagger:
    """A tagger as `training.tagger` writes it; its weights stay in their files until they are asked for."""
    labels = json.loads((folder / "labels.json").read_text("utf-8"))["labels"]
    names, words, codes = ((folder / f"{name}.txt").read_text("utf-8").split("\n") for name in ("features", "words", "clusters"))
    rows, weights, table = (np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ("rows", "weights", "words"))
    features = Features(names, rows, weights)
    return Tagger(labels, features, TypeWeights(features, Affixes(names, features.none), KnownWords(words, table, codes)), np.load(folder / "transitions.npy"))


@lru_cache(maxsize=1)
def read_tagger() -> Tagger:
    """The tagger that ships with the package."""
    with as_file(files("kg.data") / "tagger") as folder:
        return load_tagger(folder)
