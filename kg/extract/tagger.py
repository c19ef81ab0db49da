"""The tagger: a linear chain over tokens whose weights are gathered by token type for a whole batch of sentences.

Weights are whole numbers, so that their sums are the same whatever stands in the batch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from kg.extract.arrays import Floats, Ints, Numbers
from kg.extract.features import OFFSETS, attributes_of

SCALE = 256.0
_MOST_TYPES = 150_000
_NEVER = int(30 * SCALE)  # what the first token of a sentence loses as the inside of a name


class Types:
    """Rows of weights, one a token type, made when a type is first seen."""

    def __init__(self, weights: dict[str, Any], clusters: dict[str, str], labels: int) -> None:
        self._weights = weights
        self._clusters = clusters
        self._labels = labels
        self.clear()

    def clear(self) -> None:
        """Forget all types; the pad keeps row 0."""
        self._ids: dict[tuple[str, str], int] = {}
        self.tokens: list[str] = [""]
        self._rows: list[Ints] = []
        self._table = np.zeros((0, len(OFFSETS), self._labels), np.int32)
        self._add({k: [f"{k}PAD"] for k in OFFSETS})

    def _add(self, attributes: dict[int, list[str]]) -> int:
        row = np.zeros((len(OFFSETS), self._labels), np.int32)
        for i, k in enumerate(OFFSETS):
            for name in attributes[k]:
                found = self._weights.get(name)
                if found is not None:
                    row[i] += found
        self._rows.append(row)
        return len(self._table) + len(self._rows) - 1

    def id_of(self, token: str, where: str) -> int:
        """The row of a token type."""
        pair = (token, where)
        found = self._ids.get(pair)
        if found is None:
            found = self._ids[pair] = self._add(attributes_of(token, where, self._clusters))
            self.tokens.append(token)
        return found

    def table(self) -> Ints:
        """All rows: types × offsets × labels."""
        if self._rows:
            self._table = np.concatenate([self._table, np.stack(self._rows)])
            self._rows = []
        return self._table

    def is_full(self) -> bool:
        """Whether it is time to forget."""
        return len(self._ids) > _MOST_TYPES


class Tagger:
    """Labels for tokens, with the probability of each."""

    def __init__(self, labels: Sequence[str], weights: dict[str, Any], transitions: Ints, clusters: dict[str, str]) -> None:
        self.labels = tuple(labels)
        self._flags = {name[1:]: vector for name, vector in weights.items() if name.startswith("L")}
        self._types = Types(weights, clusters, len(self.labels))
        self._transitions = transitions
        self._inner = np.array([i for i, label in enumerate(self.labels) if label[0] == "I"], np.int64)
        self._step = np.exp(transitions / SCALE)

    def emissions(
        self, sentences: Sequence[tuple[Sequence[str], str]], flags: Sequence[dict[int, list[str]]]
    ) -> tuple[Ints, Ints, Numbers]:
        """Scores of each token of each sentence, one after the other, where each sentence begins, and each token's type.

        `sentences` pairs tokens with "T" for a title and "" otherwise; `flags` gives the lexicon flags of a token by its number.
        """
        if self._types.is_full():
            self._types.clear()
        ids: list[int] = [0, 0, 0]
        places: list[int] = []
        begins = [0]
        id_of = self._types.id_of
        extra: list[tuple[int, str]] = []
        for (tokens, where), found in zip(sentences, flags, strict=True):
            base = len(places)
            for number, names in found.items():
                extra += [(base + number, name) for name in names]
            places.extend(range(len(ids), len(ids) + len(tokens)))
            if where:
                ids.extend([id_of(token, where) for token in tokens])
            else:
                ids.append(id_of(tokens[0], "S"))
                ids.extend([id_of(token, "") for token in tokens[1:]])
            ids += (0, 0, 0)
            begins.append(len(places))
        table = self._types.table()
        row_of = np.array(ids, np.int64)
        place = np.array(places, np.int64)
        scores = np.zeros((len(places), len(self.labels)), np.int32)
        for i, k in enumerate(OFFSETS):
            scores += table[row_of[place + k], i]
        known = [(place_, self._flags[name]) for place_, name in extra if name in self._flags]
        if known:
            np.add.at(scores, [place_ for place_, _ in known], np.array([vector for _, vector in known], np.int32))
        first = np.array(begins[:-1], np.int64)
        scores[first[:, None], self._inner] -= _NEVER
        return scores, np.array(begins, np.int32), row_of[place]

    def types(self) -> Sequence[str]:
        """The token of each type that was seen, by number."""
        return self._types.tokens

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
        totals = np.zeros(scores.shape, np.int64)
        now = np.empty((0, scores.shape[1]), np.int64)
        for t in range(steps):
            at = starts[: active[t]] + t
            if t == 0:
                now = scores[at].astype(np.int64)
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
        weights, transitions = arrays["weights"].astype(np.int32), arrays["transitions"].astype(np.int32)
    return Tagger(header["labels"], dict(zip(names, weights, strict=False)), transitions, clusters)
