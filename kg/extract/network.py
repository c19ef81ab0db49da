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
_FAR = 4.0  # standard deviations: what lies farther counts as this far


class Network:
    """One hidden layer over standardised numbers; `probabilities` gives a row of shares for each row of numbers.

    Numbers and weights are rounded to 1/1024. Products and sums of such whole numbers stay far below 2**53, so double precision holds
    them exactly and every order of summing gives the same.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> None:
        self._mean: Floats = arrays[f"{prefix}_mean"].astype(np.float64)
        self._spread: Floats = arrays[f"{prefix}_spread"].astype(np.float64)
        self._layers = [(arrays[f"{prefix}_w{i}"].astype(np.float64), arrays[f"{prefix}_b{i}"].astype(np.float64) * _UNIT) for i in (1, 2)]

    def probabilities(self, rows: Floats) -> Floats:
        """Rows × classes, each row summing to 1."""
        at = np.rint(np.clip((rows - self._mean) / self._spread, -_FAR, _FAR) * _UNIT)
        (first, first_bias), (second, second_bias) = self._layers
        hidden = np.rint(np.maximum(at @ first + first_bias, 0.0) / _UNIT)
        return softmax((hidden @ second + second_bias) / (_UNIT * _UNIT))


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
