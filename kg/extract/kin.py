"""Names of one paper that begin or end alike: "risk prediction" beside "clinical risk prediction" is often the same, said shorter."""

from __future__ import annotations

import numpy as np

from kg.extract.arrays import Floats, Numbers, find_distinct
from kg.extract.chunk import Chunk

KIN = tuple(f"{size} {alike}" for alike in ("begins alike", "ends alike", "is alike at both ends") for size in ("longer", "shorter"))
_SPELLING, _WORD = 32, 20  # bits: of a spelling's number, of a word's
_FARTHEST = 12  # names that begin or end alike, looked at from one of them


def measure_kin(chunk: Chunk, totals: Floats) -> Floats:
    """Candidates × KIN: the best total of another name of the paper that has more or fewer words and begins or ends alike, or both."""
    distinct = find_distinct((chunk.which << _SPELLING) + chunk.candidates.spelling)
    own = distinct >> _SPELLING
    first, last, count = chunk.candidates.spellings.ends(distinct & ((1 << _SPELLING) - 1))
    best, document = np.maximum.reduceat(totals, chunk.begins[:-1]), chunk.owner[own] << 2 * _WORD
    rows = np.zeros((len(chunk), len(KIN)))
    for column, alike in enumerate((first << _WORD, last, (first << _WORD) + last)):
        _measure_alike(rows[:, 2 * column : 2 * column + 2], own, document + alike, count, best)
    return rows


def _measure_alike(rows: Floats, own: Numbers, alike: Numbers, count: Numbers, best: Floats) -> None:
    """Fill two columns for candidates `own`, which are alike where the numbers `alike` are equal: the best longer and the best shorter one."""
    order = np.lexsort((count, alike))
    own, alike, count = own[order], alike[order], count[order]
    for step in range(1, min(_FARTHEST, len(own))):
        same = alike[step:] == alike[:-step]
        if not same.any():
            break
        longer = same & (count[step:] > count[:-step]) & (own[step:] != own[:-step])
        one, other = own[:-step][longer], own[step:][longer]
        np.maximum.at(rows[:, 0], one, best[other])
        np.maximum.at(rows[:, 1], other, best[one])
