"""Spellings of names: their keys, worked out once for each spelling, however often it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from kg.extract.arrays import Column, Numbers
from kg.extract.longforms import CLASS_WORDS
from kg.names import CLASS_ENDS, key, spell_plus

_SIZED = re.compile(r"[-\s_]\d+(?:\.\d+)?[BM]\b(?:[-\s](?:Instruct|Chat|Base|it|chat|base))?$")
_LEADING = frozenset(
    ["the", "a", "an", "our", "this", "these", "its", "their", "new", "novel", "proposed", "existing", "popular", "standard"]
)
_WORDS = re.compile(r"[^\W_]+")
_ENDINGS = frozenset(
    ["ization", "izations", "isation", "isations", "izing", "ising", "ized", "ised", "izer", "izers", "iser", "isers", "ize", "ise", "ation", "ations", "ating", "ated", "ate", "ing", "ings", "ion", "ions", "ed", "er", "ers", "or", "ors", "e", "es", "s"]
)
_LONGEST = max(map(len, _ENDINGS))
_LAST = frozenset(ending[-1] for ending in _ENDINGS)
_CLASSES = frozenset(CLASS_ENDS)


def name_key(surface: str) -> str:
    """The key of a surface without a size at its end.

    >>> name_key("LLaVA-13B") == name_key("LLaVA")
    True
    """
    bare = _SIZED.sub("", surface) if ("B" in surface or "M" in surface) and not surface.isalpha() else surface
    words = bare.split(None, 1)
    return key(words[1] if len(words) > 1 and words[0].lower() in _LEADING else bare or surface)


def stem_key(surface: str) -> str:
    """The key under which the grammatical forms of one term are equal in one paper.

    >>> stem_key("pseudo-labels") == stem_key("Pseudo-Labeling")
    True
    """
    spaced = surface.replace("-", " ")
    is_plain = spaced.replace(" ", "").isalnum()  # nearly always, and then a split gives the same
    words = spaced.lower().split() if is_plain else [word.lower() for word in _WORDS.findall(spell_plus(surface))]
    while len(words) > 1 and words[-1].rstrip("s") in CLASS_WORDS:
        words.pop()
    return "".join(map(_stem, words))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """A word without its longest ending.

    >>> _stem("tokenizations"), _stem("tasks"), _stem("gpt4s"), _stem("label")
    ('token', 'task', 'gpt4', 'label')
    """
    if len(word) < 5 or not word.isalpha():
        return word.rstrip("s") or word
    if word[-1] in _LAST:
        for size in range(min(_LONGEST, len(word)), 0, -1):
            if word[-size:] in _ENDINGS:
                return word[:-size]
    return word


def spelling_keys(surface: str) -> tuple[str, str]:
    """The name key and, for what may be a term and not only a name, the stem key."""
    spaced = surface.replace("-", " ")
    words = spaced.lower().split()
    name = "".join(words)
    if not (name.isalnum() and name.isascii()):
        name = name_key(surface)
        stem = stem_key(surface) if name and (surface.islower() or len(surface.split()) > 1 or "-" in surface) else ""
        return name, stem if len(stem) > 4 else ""
    is_term = len(words) > 1 or surface.islower() or "-" in surface
    if words[-1] in _CLASSES or words[0] in _LEADING or (not name.isalpha() and ("B" in surface or "M" in surface)) or len(name) < 3:
        name = name_key(surface)
    elif name[-1] == "s":
        name = key(surface)
    if not is_term:
        return name, ""
    while len(words) > 1 and words[-1].rstrip("s") in CLASS_WORDS:
        words.pop()
    stem = "".join(map(_stem, words))
    return name, stem if len(stem) > 4 else ""


class Keys(dict[str, int]):
    """Every key that was met has a number; that of the empty one is 0."""

    def __init__(self) -> None:
        super().__init__({"": 0})
        self.names = [""]

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self.names)
        self.names.append(key)
        return number


class Spellings(dict[str, int]):
    """Every spelling that was met has a number; `names` are the spellings by number, `name_keys` number their keys."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.name_keys = Keys()
        self._stems = Keys()
        self._rows = Column(np.zeros((0, 2), np.int64))

    def __missing__(self, spelling: str) -> int:
        number = self[spelling] = len(self.names)
        self.names.append(spelling)
        return number

    def numbers(self, spellings: Iterable[str]) -> Numbers:
        """The numbers of some spellings."""
        return np.fromiter(map(self.__getitem__, spellings), np.int64)

    def both_keys(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """The numbers of the name keys and of the stem keys of some spellings; 0 where there is none."""
        fresh = self.names[len(self._rows) :]
        if fresh:
            names, stems = zip(*map(spelling_keys, fresh), strict=True)
            self._rows.extend(np.array([[self.name_keys[name] for name in names], [self._stems[stem] for stem in stems]]).T)
        rows = self._rows.values[numbers]
        return rows[:, 0], rows[:, 1]
