"""What each character is and how it folds, by code point: asked of Python once for each character that is met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Flags, Numbers, find_distinct

Codes = npt.NDArray[np.uint32]

_KNOWN, _SPACE, _WORD, _CAPITAL, _CASED, _DIGIT, _SMALL = (1 << bit for bit in range(7))
_ALL = 0x110000
_MARKS = np.zeros(_ALL, np.uint8)  # pages that no text touches take no memory
_FOLDED = np.zeros(_ALL, np.uint32)
_CLASSES = np.zeros(_ALL, np.uint32)
_FOLDS = {ord(c): " " for c in "-‐‑‒–—_\n\t\r\u00a0"} | {ord("’"): "'"}


@dataclass(frozen=True, slots=True)
class Characters:
    """The code points of a text, and for each the bits of what it is."""

    codes: Codes
    marks: npt.NDArray[np.uint8]

    def are_spaces(self) -> Flags:
        """Whether each is a space."""
        return self.marks & _SPACE > 0

    def are_in_words(self) -> Flags:
        """Whether each is a letter or a digit."""
        return self.marks & _WORD > 0

    def are_capitals(self) -> Flags:
        """Whether each is a capital."""
        return self.marks & _CAPITAL > 0

    def have_small(self) -> Flags:
        """Whether there is a small letter for each."""
        return self.marks & _CASED > 0

    def are_digits(self) -> Flags:
        """Whether each is a digit."""
        return self.marks & _DIGIT > 0

    def are_small(self, starts: Numbers, ends: Numbers) -> Flags:
        """Which spans `str.islower` is true of."""
        marks = np.bitwise_or.reduceat(np.append(self.marks, 0), np.column_stack([starts, ends]).ravel())[::2]
        found: Flags = marks & (_SMALL | _CAPITAL | _CASED) == _SMALL
        return found

    def fold(self) -> Codes:
        """The code points without case, a space for each hyphen, underscore and line break."""
        return np.take(_FOLDED, self.codes)

    def shape(self) -> str:
        """X for capitals, x for other letters, d for digits, every other character as it is, of equal ones side by side the first."""
        classes = np.take(_CLASSES, self.codes)
        return write_codes(classes[np.append(True, classes[1:] != classes[:-1])])


def read_characters(text: str) -> Characters:
    """The characters of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    marks = np.take(_MARKS, codes)
    if not marks.all():
        _meet(find_distinct(codes[marks == 0]).tolist())
        marks = np.take(_MARKS, codes)
    return Characters(codes, marks)


def _meet(codes: Iterable[int]) -> None:
    """Note what some characters are."""
    for code in codes:
        c = chr(code)
        lower = _FOLDS.get(code, c.lower())
        _FOLDED[code] = ord(lower) if len(lower) == 1 else code
        _CLASSES[code] = ord("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c)
        signs = (_SPACE, c.isspace()), (_WORD, c.isalnum()), (_CAPITAL, c.isupper()), (_CASED, c != c.lower()), (_DIGIT, c.isdigit()), (_SMALL, c.islower())
        _MARKS[code] = sum((bit for bit, is_so in signs if is_so), _KNOWN)


_meet(range(128))


def write_codes(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
