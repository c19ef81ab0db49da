"""What each character is and how it folds, by code point: asked of Python once for each character that is met."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kg.extract.arrays import Flags

Codes = npt.NDArray[np.uint32]

_KNOWN, _SPACE, _WORD = 1, 2, 4
_ALL = 0x110000
_MARKS = np.zeros(_ALL, np.uint8)  # pages that no text touches take no memory
_FOLDED = np.zeros(_ALL, np.uint32)
_FOLDS = {ord(c): " " for c in "-‐‑‒–—_\n\t\r\u00a0"} | {ord("’"): "'"}


def read_codes(text: str) -> Codes:
    """The code points of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    marks = _MARKS[codes]
    if not marks.all():
        for code in np.unique(codes[marks == 0]).tolist():
            c = chr(code)
            lower = _FOLDS.get(code, c.lower())
            _FOLDED[code] = ord(lower) if len(lower) == 1 else code
            _MARKS[code] = _KNOWN | _SPACE * c.isspace() | _WORD * c.isalnum()
    return codes


def are_spaces(codes: Codes) -> Flags:
    """Whether each is a space."""
    return _MARKS[codes] & _SPACE > 0


def are_in_words(codes: Codes) -> Flags:
    """Whether each is a letter or a digit."""
    return _MARKS[codes] & _WORD > 0


def fold_codes(codes: Codes) -> Codes:
    """The code points without case, a space for each hyphen, underscore and line break."""
    return _FOLDED[codes]


def write_codes(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
