"""Words of a text that are spelt the same, so that each spelling is looked up once."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from kg.extract.arrays import Numbers
from kg.extract.characters import Codes

_LONGEST = 16  # letters of one byte that are compared
_BITS = 17  # of a word's place in a table in which few words of a chunk meet
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)  # odd numbers whose products spread over the highest bits
_KEPT = np.tril(np.full((_LONGEST + 1, _LONGEST), 0xFF, np.uint8), -1).view("<u8").T.copy()  # for each length what is kept of _LONGEST letters


def find_alike(codes: Codes, starts: Numbers, ends: Numbers) -> Numbers:
    """For each word, which stands at these places of a text, the number of one that is spelt the same.

    That is the same one for nearly all with one spelling, and the word itself where it is long or has rare letters.

    >>> codes = np.frombuffer("to be or not to be".encode("utf-32-le"), np.uint32)
    >>> find_alike(codes, np.array([0, 3, 6, 9, 13, 16]), np.array([2, 5, 8, 12, 15, 18])).tolist()
    [4, 5, 2, 3, 4, 5]
    """
    letters = np.zeros(len(codes) + _LONGEST, np.uint8)
    letters[: len(codes)] = codes
    sizes = ends - starts
    is_plain = np.append(sizes <= _LONGEST, False)
    rare = np.flatnonzero(codes - np.uint32(1) >= 0xFF)  # 0, too, for it stands behind what is shorter
    is_plain[np.searchsorted(ends, rare, side="right")] = False
    plain = np.flatnonzero(is_plain)
    keys = sliding_window_view(letters, _LONGEST)[starts[plain]].view("<u8")
    first, second = keys.T & np.take(_KEPT, sizes[plain], axis=1)
    place = ((first * _MIX[0] ^ second * _MIX[1]) >> np.uint64(64 - _BITS)).astype(np.int64)
    room = np.empty(1 << _BITS, np.int64)
    room[place] = np.arange(len(plain))
    alike = np.take(room, place)
    is_alike = (np.take(first, alike) == first) & (np.take(second, alike) == second)
    found = np.arange(len(starts))
    found[plain[is_alike]] = plain[alike[is_alike]]
    return found
