"""Small learnt networks whose sums are of whole numbers, so that a result never depends on what else is in the batch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Floats

_UNIT = 1024.0
_BESIDE = 512  # rows: what is worked on then stays in the processor's cache
_FAR = 4.0  # standard deviations: what lies farther counts as this far


class Network:
    """One hidden layer over standardised numbers; `probabilities` gives a row of shares for each row of numbers, `scores` their logarithms.

    Numbers and weights are rounded to 1/1024. Products and sums of such whole numbers stay far below 2**53, so double precision holds
    them exactly and every order of summing gives the same.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> None:
        self._mean: Floats = arrays[f"{prefix}_mean"].astype(np.float64)
        self._spread: Floats = arrays[f"{prefix}_spread"].astype(np.float64) / _UNIT
        self._layers = [(arrays[f"{prefix}_w{i}"].astype(np.float64), arrays[f"{prefix}_b{i}"].astype(np.float64) * _UNIT) for i in (1, 2)]

    def probabilities(self, rows: Floats) -> Floats:
        """Rows × classes, each row summing to 1."""
        return softmax(self.scores(rows))

    def scores(self, rows: Floats) -> Floats:
        """Rows × classes."""
        found = [self._scores(rows[begin : begin + _BESIDE]) for begin in range(0, len(rows), _BESIDE)]
        return np.concatenate(found) if found else np.zeros((0, len(self._layers[1][1])))

    def _scores(self, rows: Floats) -> Floats:
        at = rows - self._mean
        at /= self._spread  # in units, which is exact as a unit is a power of two
        np.clip(at, -_FAR * _UNIT, _FAR * _UNIT, out=at)
        np.rint(at, out=at)
        (first, first_bias), (second, second_bias) = self._layers
        hidden: Floats = at @ first
        hidden += first_bias
        np.maximum(hidden, 0.0, out=hidden)
        hidden /= _UNIT
        np.rint(hidden, out=hidden)
        scores: Floats = (hidden @ second + second_bias) / (_UNIT * _UNIT)
        return scores


def softmax(scores: Floats) -> Floats:
    """Each row of scores as probabilities."""
    grown = np.exp(scores - scores.max(1, keepdims=True))
    result: Floats = grown / grown.sum(1, keepdims=True)
    return result


@lru_cache(maxsize=1)
def read_arrays() -> dict[str, npt.NDArray[Any]]:
    """The learnt weights that ship with the package."""
    with (files("kg.data") / "judge" / "weights.npz").open("rb") as stream, np.load(stream) as arrays:
        return {name: arrays[name] for name in arrays.files}
