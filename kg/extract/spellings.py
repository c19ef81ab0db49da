"""Spellings of names: their keys, worked out once for each spelling, however often it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import compress, count, repeat
from typing import NamedTuple

import numpy as np

from kg.extract.arrays import Column, Numbering, Numbers
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
_DROPPED = frozenset(word + plural for word in CLASS_WORDS if word[-1] != "s" for plural in ("", "s"))  # at the end of a term
_END = "\0"  # stands behind the parts of each spelling
_IS_END, _IS_LEADING, _IS_CLASS, _IS_DROPPED = (1 << bit for bit in range(4))
_KINDS = {
    part: sum(bit for bit, own in ((_IS_LEADING, _LEADING), (_IS_CLASS, CLASS_ENDS), (_IS_DROPPED, _DROPPED)) if part in own)
    for part in (*_LEADING, *CLASS_ENDS, *_DROPPED)
} | {_END: _IS_END}


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
    while len(words) > 1 and words[-1] in _DROPPED:
        words.pop()
    return "".join(map(_stem, words))


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


class Keys(dict[str, int]):
    """Every key that was met has a number; that of the empty one is 0."""

    def __init__(self) -> None:
        super().__init__({"": 0})
        self.names = [""]

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self.names)
        self.names.append(key)
        return number

    def numbers(self, keys: Sequence[str]) -> Numbers:
        """The numbers of some keys; one that was ready for a key which had a number is never used."""
        found = np.fromiter(map(self.setdefault, keys, count(len(self.names))), np.int64, len(keys))
        self.names += keys
        return found


class _Parts(Numbering[str]):
    """Every part of a name that was met has a number; `stems` are by number."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers([_END])
        self.stems = [_END]
        self._bare = Keys()
        self._facts = Column(np.array([[_IS_END, 0]]))

    def facts(self, parts: Sequence[str]) -> tuple[Numbers, Numbers, Numbers]:
        """The numbers of some parts, the bits of each, and a number that is the same for all that differ by points or a plural's s alone."""
        numbers = self.numbers(parts)
        new = self.names[len(self.stems) :]
        self.stems += map(_stem, new)
        self._facts.extend(np.column_stack([list(map(_KINDS.get, new, repeat(0))), self._bare.numbers(list(map(_bare, new)))]))
        rows = self._facts.values[numbers]
        return numbers, rows[:, 0], rows[:, 1]


def _bare(part: str) -> str:
    bare = part.strip(".,")
    return bare[:-1] if len(bare) > 3 and bare[-1] == "s" != bare[-2] else bare


class Spellings(Numbering[str]):
    """Every spelling that was met has a number; `names` are the spellings by number, `name_keys` number their keys."""

    def __init__(self) -> None:
        super().__init__()
        self.name_keys = Keys()
        self._parts = _Parts()
        self._rows = Column(np.zeros((0, 5), np.int64))

    def both_keys(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """The numbers of the name keys of some spellings and the hashes of their stem keys; 0 where there is none."""
        self._read(self.names[len(self._rows) :])
        rows = self._rows.values[numbers]
        return rows[:, 0], rows[:, 1]

    def ends(self, numbers: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """The first part and the last of some spellings, as numbers, and how many parts spaces and hyphens make."""
        rows = self._rows.values[numbers]
        return rows[:, 2], rows[:, 3], rows[:, 4]

    def _read(self, names: Sequence[str]) -> None:
        """Read new spellings, all as one text."""
        if not names:
            return
        parts = [*join_names(names, f" {_END} ").replace("-", " ").lower().split(), _END]
        numbers, kinds, bare = self._parts.facts(parts)
        ends = np.flatnonzero(numbers == 0)
        begins = np.append(0, ends[:-1] + 1)
        joined = "".join(parts).split(_END)[:-1]
        cut = _Cut(names, begins, ends, kinds, joined, [name.isalnum() and name.isascii() for name in joined])
        keys = self.name_keys.numbers(_name_keys(cut))
        stems = _stem_keys(cut, map(self._parts.stems.__getitem__, numbers.tolist()))
        self._rows.extend(np.column_stack([keys, list(map(hash, stems)), bare[begins], bare[ends - 1], ends - begins]))


class _Cut(NamedTuple):
    """Names, where the parts of each begin and end among all, behind which _END stands, and the bits of each part.

    `joined` are the parts of each as one word; those that have letters and digits alone are `plain`.
    """

    names: Sequence[str]
    begins: Numbers
    ends: Numbers
    kinds: Numbers
    joined: list[str]
    plain: list[bool]


def join_names(names: Iterable[str], between: str) -> str:
    """Names as one text; the sign that ends them, where a name holds it, gives way to one that is no letter either."""
    return between.join(name.replace(_END, "\1") for name in names)


def _name_keys(cut: _Cut) -> list[str]:
    """The name key of each; most are their parts as one word without a plural's s, and only the others are looked at closely."""
    keys = [name[:-1] if len(name) > 4 and name[-1] == "s" != name[-2] else name for name in cut.joined]
    is_whole = (cut.kinds[cut.begins] & _IS_LEADING == 0) & (cut.kinds[cut.ends - 1] & _IS_CLASS == 0)
    is_simple = [
        plain
        and len(name) > 2
        and (name.isalpha() or not ("B" in surface or "M" in surface))  # no size
        and not (surface[-1] == "s" and surface[-2].isupper())  # LLMs
        for surface, name, plain in zip(cut.names, cut.joined, cut.plain, strict=True)
    ]
    for at in np.flatnonzero(~(is_whole & is_simple)).tolist():
        keys[at] = name_key(cut.names[at])
    return keys


def _stem_keys(cut: _Cut, parts: Iterable[str]) -> list[str]:
    """The stem key of each that may be a term and not only a name, if it is not short; else none."""
    place, counts = np.arange(len(cut.kinds)), cut.ends - cut.begins
    last = np.maximum.reduceat(np.where(cut.kinds & (_IS_DROPPED | _IS_END), -1, place), cut.begins)
    is_kept = (place <= np.repeat(np.maximum(last, cut.begins), counts + 1)) | (cut.kinds == _IS_END)
    stems = "".join(compress(parts, is_kept.tolist())).split(_END)
    is_term = (counts > 1) | ["-" in surface or surface.islower() for surface in cut.names]
    for at in np.flatnonzero(is_term & ~np.array(cut.plain)).tolist():
        stems[at] = stem_key(cut.names[at])
    return [stem if term and len(stem) > 4 else "" for stem, term in zip(stems, is_term.tolist(), strict=False)]
