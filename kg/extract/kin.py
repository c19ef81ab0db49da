"""Names of one paper that begin or end alike: "risk prediction" beside "clinical risk prediction" is often the same, said shorter."""

from __future__ import annotations

import numpy as np

from kg.extract.arrays import Column, Floats, Numbers
from kg.extract.chunk import Chunk
from kg.extract.spellings import Keys, Spellings

KIN = tuple(f"{size} {alike}" for alike in ("begins alike", "ends alike", "is alike at both ends") for size in ("longer", "shorter"))
_SPELLING, _WORD = 32, 20  # bits: of a spelling's number, of a word's
_FARTHEST = 12  # names that begin or end alike, looked at from one of them


class KinGauge:
    """Measures how names of one paper hang together by their first and last words; remembers the words of each spelling."""

    def __init__(self) -> None:
        self._begin(Spellings())

    def _begin(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._words = Keys()
        self._ends = Column(np.zeros((0, 3), np.int64))  # for each spelling its first word, its last, and how many they are

    def _read(self, spelling: str) -> tuple[int, int, int]:
        words = spelling.replace("-", " ").split() or [spelling]
        return self._words[_bare(words[0])], self._words[_bare(words[-1])], len(words)

    def measure(self, chunk: Chunk, totals: Floats) -> Floats:
        """Candidates × KIN: the best total of another name of the paper that has more or fewer words and begins or ends alike, or both."""
        spellings = chunk.candidates.spellings
        if spellings is not self._spellings:
            self._begin(spellings)
        fresh = spellings.names[len(self._ends) :]
        self._ends.extend([self._read(name) for name in fresh])
        which = np.repeat(np.arange(len(chunk)), np.diff(chunk.begins))
        distinct = np.unique((which << _SPELLING) + chunk.candidates.spelling)
        own = distinct >> _SPELLING
        first, last, count = self._ends.values[distinct & ((1 << _SPELLING) - 1)].T
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


def _bare(word: str) -> str:
    """A word without case, points and a plural's s."""
    bare = word.lower().strip("-.,")
    return bare[:-1] if len(bare) > 3 and bare[-1] == "s" and bare[-2] != "s" else bare
