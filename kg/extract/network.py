"""Small learnt networks whose sums are of whole numbers, so that a result never depends on what else is in the batch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Floats, Singles

WEIGHT = 1024  # weights and biases are whole numbers of 1/1024
STEP = 64  # what goes into a layer is whole numbers of 1/64
_FAR = 4  # standard deviations: what lies farther counts as this far
_MOST = 1023  # of a hidden number: what is more counts as this
_BESIDE = 2048  # rows: more would not stay near the processor; for fewer a product makes its weights ready too often


class Network:
    """One hidden layer over standardised numbers; `probabilities` gives a row of shares for each row of numbers, `scores` their logarithms.

    Products and sums of whole numbers are exact in single precision below 2**24, so every order of summing gives the same.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> None:
        mean, spread = (arrays[f"{prefix}_{name}"].astype(np.float64) for name in ("mean", "spread"))
        self._scale, self._shift = (STEP / spread).astype(np.float32), (STEP * mean / spread).astype(np.float32)
        self._first, self._second = hold(arrays[f"{prefix}_w1"], _FAR * STEP), hold(arrays[f"{prefix}_w2"], _MOST)
        self._first_bias, self._second_bias = (arrays[f"{prefix}_b{i}"].astype(np.float32) * STEP for i in (1, 2))

    def probabilities(self, rows: Singles) -> Floats:
        """Rows × classes, each row summing to 1."""
        pieces = [self.scores(rows[piece]) for piece in pieces_of(len(rows))]
        return softmax(np.concatenate(pieces)) if pieces else np.zeros((0, len(self._second_bias)))

    def scores(self, rows: Singles, beside: Singles | None = None) -> Floats:
        """Rows × classes; `beside` is what other numbers than those of the rows give the hidden layer, in 1/64 of 1/1024."""
        at = rows * self._scale
        at -= self._shift
        np.clip(np.rint(at, out=at), -_FAR * STEP, _FAR * STEP, out=at)
        hidden: Floats = at @ self._first
        hidden += self._first_bias
        if beside is not None:
            hidden += beside
        hidden = bound(hidden, 1 / WEIGHT, _MOST) @ self._second + self._second_bias
        return hidden.astype(np.float64) / (STEP * WEIGHT)


def pieces_of(size: int) -> list[slice]:
    """So many rows in pieces."""
    return [slice(at, at + _BESIDE) for at in range(0, size, _BESIDE)]


def hold(weights: npt.NDArray[Any], most: int) -> npt.NDArray[Any]:
    """Whole weights of numbers up to `most` in single precision where that holds all their sums exactly, else in double precision."""
    total = most * np.abs(weights.astype(np.int64)).sum(0).max()
    return weights.astype(np.float32 if total < 2**24 else np.float64)


def bound(numbers: npt.NDArray[Any], unit: float, most: int) -> Singles:
    """Numbers in another unit, in place of those that are given: whole ones from 0 to `most`."""
    numbers *= unit
    np.clip(np.rint(numbers, out=numbers), 0.0, most, out=numbers)
    return numbers.astype(np.float32, copy=False)


def softmax(scores: Floats) -> Floats:
    """Each row of scores as probabilities; columns are few, so they are taken one after the other."""
    columns = scores.T.copy()
    columns -= columns.max(0)
    np.exp(columns, out=columns)
    columns /= columns.sum(0)
    return columns.T


@lru_cache(maxsize=1)
def read_arrays() -> dict[str, npt.NDArray[Any]]:
    """The learnt weights that ship with the package."""
    with (files("kg.data") / "judge" / "weights.npz").open("rb") as stream, np.load(stream) as arrays:
        return {name: arrays[name] for name in arrays.files}
