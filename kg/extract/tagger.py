"""The tagger: a linear chain over tokens whose weights are gathered by token type for a whole batch of sentences.

Weights are whole numbers, so that their sums are the same whatever stands in the batch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np

from kg.extract.arrays import Floats, Ints, Numbers
from kg.extract.features import OFFSETS, feature_names

SCALE = 256.0
_MOST_TYPES = 150_000
_NEVER = int(30 * SCALE)  # what the first token of a sentence loses as the inside of a name
_PAD = (0,) * max(OFFSETS)
_FLAG = "L"  # begins the name of a feature that is a lexicon flag


class Features:
    """The weights of features: for each name and offset a row of weights, one for each label, or none."""

    def __init__(self, names: Sequence[str], rows: Ints, weights: Ints) -> None:
        self._number = {name: number for number, name in enumerate(names)}
        self._rows = rows
        self._weights = np.concatenate([weights, np.zeros((1, weights.shape[1]), np.int32)])  # the last row is none

    def sum(self, names: Sequence[str]) -> Ints:
        """Offsets × labels: the weights of all these features together."""
        numbers = [number for name in names if (number := self._number.get(name)) is not None]
        found: Ints = self._weights[self._rows[numbers]].sum(0, dtype=np.int32)
        return found


class Types(dict[str, int]):
    """Numbers of the token types of one kind of place, by token; a new one gets its row of weights when it is first asked for."""

    def __init__(self, tagger: Tagger, where: str) -> None:
        super().__init__()
        self._tagger = tagger
        self._where = where

    def __missing__(self, token: str) -> int:
        found = self[token] = self._tagger.add_type(token, self._where)
        return found


class Tagger:
    """Labels for tokens, with the probability of each."""

    def __init__(self, labels: Sequence[str], features: Features, transitions: Ints, clusters: dict[str, str]) -> None:
        self.labels = tuple(labels)
        self._features = features
        self._clusters = clusters
        self._transitions = transitions
        self._inner = np.array([i for i, label in enumerate(self.labels) if label[0] == "I"], np.int64)
        self._step = np.exp(transitions / SCALE)
        self._clear()

    def _clear(self) -> None:
        """Forget all types; number 0 is the pad beyond a sentence's ends."""
        self.tokens: list[str] = [""]
        self._running, self._starting, self._titled = Types(self, ""), Types(self, "S"), Types(self, "T")
        self._flags: dict[str, int] = {}
        self._new: list[Ints] = [self._features.sum(["PAD"]), np.zeros((len(OFFSETS), len(self.labels)), np.int32)]
        self.tokens.append("")  # number 1 has no weights: a token without a flag
        self._table = np.zeros((0, len(OFFSETS), len(self.labels)), np.int32)

    def add_type(self, token: str, where: str) -> int:
        """The number of a type that was not seen before."""
        self._new.append(self._features.sum(feature_names(token, where, self._clusters)))
        self.tokens.append(token)
        return len(self.tokens) - 1

    def _flag(self, name: str) -> int:
        found = self._flags.get(name)
        if found is None:
            self._new.append(self._features.sum([_FLAG + name]))
            self.tokens.append("")
            found = self._flags[name] = len(self.tokens) - 1
        return found

    def emissions(self, sentences: Sequence[tuple[Sequence[str], bool]], flags: Mapping[int, str]) -> tuple[Ints, Ints, Numbers]:
        """Scores of each token of each sentence, one after the other, where each sentence begins, and each token's type.

        `sentences` pairs tokens with whether they are a title; `flags` gives the lexicon's flag of a token by its number in the batch.
        """
        if len(self.tokens) > _MOST_TYPES:
            self._clear()
        ids: list[int] = [*_PAD]
        sizes: list[int] = []
        for tokens, is_title in sentences:
            if is_title:
                ids += [self._titled[token] for token in tokens]
            else:
                ids.append(self._starting[tokens[0]])
                ids += [self._running[token] for token in tokens[1:]]
            ids += _PAD
            sizes.append(len(tokens))
        begins = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        place = np.arange(begins[-1]) + len(_PAD) * np.repeat(np.arange(1, len(sizes) + 1), sizes)
        row_of = np.array(ids, np.int64)
        flag_of = np.ones(len(ids), np.int64)
        if flags:
            flag_of[place[list(flags)]] = [self._flag(name) for name in flags.values()]
        self._table = np.concatenate([self._table, np.stack(self._new)]) if self._new else self._table
        self._new = []
        scores = np.zeros((len(place), len(self.labels)), np.int32)
        for i, k in enumerate(OFFSETS):
            scores += self._table[row_of[place + k], i]
            if abs(k) <= 1:
                scores += self._table[flag_of[place + k], i]
        scores[begins[:-1, None], self._inner] -= _NEVER
        return scores, begins.astype(np.int32), row_of[place]

    def types(self) -> Sequence[str]:
        """The token of each type that was seen, by number."""
        return self.tokens

    def marginals(self, scores: Ints, begins: Ints) -> Floats:
        """The probability of each label of each token, forward and backward over all sentences at once."""
        potential = np.exp(np.minimum((scores - scores.max(1, keepdims=True)) / SCALE, 0.0))
        lengths = np.diff(begins)
        order = np.argsort(-lengths, kind="stable")
        starts, sizes = begins[:-1][order].astype(np.int64), lengths[order]
        forward = np.empty_like(potential)
        backward = np.empty_like(potential)
        steps = int(sizes[0]) if len(sizes) else 0
        active = [int(np.searchsorted(-sizes, -t, side="left")) for t in range(steps + 1)]  # sentences longer than t
        now = np.empty((0, len(self.labels)))
        for t in range(steps):
            at = starts[: active[t]] + t
            now = potential[at] if t == 0 else potential[at] * _chain(now[: len(at)], self._step)
            now = now / now.sum(1, keepdims=True)
            forward[at] = now
        later = np.ones((0, len(self.labels)))
        for t in range(steps - 1, -1, -1):
            at = starts[: active[t]] + t
            grown = np.ones((len(at), len(self.labels)))
            if len(later):
                grown[: len(later)] = _chain(later * potential[starts[: active[t + 1]] + t + 1], self._step.T)
            later = grown / grown.sum(1, keepdims=True)
            backward[at] = later
        both = forward * backward
        result: Floats = both / both.sum(1, keepdims=True)
        return result

    def best(self, scores: Ints, begins: Ints, bias: float = 0.0) -> Numbers:
        """The best label of each token; `bias` is taken from the score of "O"."""
        scores = scores.copy()
        scores[:, self.labels.index("O")] -= int(bias * SCALE)
        lengths = np.diff(begins)
        order = np.argsort(-lengths, kind="stable")
        starts, sizes = begins[:-1][order].astype(np.int64), lengths[order]
        steps = int(sizes[0]) if len(sizes) else 0
        active = [int(np.searchsorted(-sizes, -t, side="left")) for t in range(steps + 1)]
        pointers = np.zeros(scores.shape, np.int8)
        totals = np.zeros(scores.shape, np.int32)
        now = np.empty((0, scores.shape[1]), np.int32)
        for t in range(steps):
            at = starts[: active[t]] + t
            if t == 0:
                now = scores[at]
            else:
                paths = now[: len(at), :, None] + self._transitions[None]
                pointers[at] = paths.argmax(1)
                now = paths.max(1) + scores[at]
            totals[at] = now
        labels = np.zeros(len(scores), np.int64)
        for t in range(steps - 1, -1, -1):
            at = starts[: active[t]] + t
            labels[at] = totals[at].argmax(1)
            going_on = at[: active[t + 1]]
            labels[going_on] = pointers[going_on + 1, labels[going_on + 1]]
        return labels


def _chain(left: Floats, step: Floats) -> Floats:
    """The product of each row with the step matrix, summed in one order whatever the batch."""
    total: Floats = left[:, 0, None] * step[0]
    for i in range(1, step.shape[0]):
        total += left[:, i, None] * step[i]
    return total


@lru_cache(maxsize=1)
def read_tagger() -> Tagger:
    """The tagger that ships with the package."""
    folder = files("kg.data") / "tagger"
    header = json.loads((folder / "labels.json").read_text("utf-8"))
    clusters = dict(line.split("\t") for line in (folder / "clusters.tsv").read_text("utf-8").splitlines())
    names = (folder / "features.txt").read_text("utf-8").split("\n")
    with (folder / "weights.npz").open("rb") as stream, np.load(stream) as arrays:
        features = Features(names, arrays["rows"].astype(np.int32), arrays["weights"].astype(np.int32))
        return Tagger(header["labels"], features, arrays["transitions"].astype(np.int32), clusters)
