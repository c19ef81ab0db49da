"""The types of arrays that pass between the learnt parts, and arrays that grow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Column:
    """An array that grows at its end; `values` are the rows so far, to be asked for anew after each growth.

    >>> column = Column(np.zeros(2, np.int64))
    >>> column.extend([5, 7])
    >>> column.values.tolist()
    [0, 0, 5, 7]
    """

    def __init__(self, rows: npt.NDArray[Any]) -> None:
        self._room = rows
        self._size = len(rows)

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> npt.NDArray[Any]:
        """The rows so far."""
        return self._room[: self._size]

    def extend(self, rows: Sequence[Any] | npt.NDArray[Any]) -> None:
        """Put rows at the end."""
        size = self._size + len(rows)
        if size > len(self._room):
            room = np.empty((max(2 * len(self._room), size, 1024), *self._room.shape[1:]), self._room.dtype)
            room[: self._size] = self.values
            self._room = room
        if len(rows):
            self._room[self._size : size] = rows
        self._size = size
