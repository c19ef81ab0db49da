"""Words into tokens: what stands between two spaces is cut once, however often it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kg.extract.alike import find_alike
from kg.extract.arrays import Column, Numbering, Numbers
from kg.extract.characters import Codes

# Parts after a hyphen that make an adjective of a name: "CLIP-based" is the name CLIP and a rest.
_SUFFIX = (
    "based|style|like|trained|tuned|guided|driven|aware|powered|level|free|enhanced|augmented|oriented|specific|inspired|generated"
    "|centric|wise|agnostic|assisted|enabled|equipped|derived|compatible|finetuned|type|era|related|only|initialized|intensive|family"
    "|consistent|relevant|focused|friendly|empowered|scalable|augmentation|induced|grade|ready|optimal|constrained|conditioned|supervised"
)
_JOINT = rf"(?:\.(?=\d)|['’](?!s\b)(?=[^\W_])|_(?=[^\W_])|[-‐‑](?!(?i:{_SUFFIX})\b)(?=[^\W_]))"
# No token holds a space, none looks beyond one, and every other character stands in a token.
_TOKEN = re.compile(
    rf"https?://[^\s<>\"{{}}]+|\\[A-Za-z]+|[^\W_]+(?:{_JOINT}[^\W_]+)*(?:\+\+(?!\w)|\+(?!\w))?|[^\s\w]|_",
)
_NO_END = frozenset(
    ["al", "fig", "eq", "sec", "no", "vs", "etc", "i.e", "e.g", "cf", "approx", "resp", "dr", "st", "ref", "refs", "tab", "eqs", "figs", "e", "g", "i"]
)
_EDGE = frozenset(["(", ")", ",", ".", ";", ":", '"', "'", "“", "”", "‘", "’", "[", "]", "{", "}", "$", "~", "*", "`", "-", "–", "—", ">", "<", "=", "|", "/"])
ACRONYM = re.compile(r"(?<![\w$^-])[A-Z]{3,8}(?=s?(?![\w$^-]))")  # of capitals alone
_OPENING = frozenset(["a", "an", "the", "our", "its", "their", "this", "these", "that", "A", "An", "The", "Our", "Its", "Their", "This", "These"])
_JOINING = frozenset(["and", "or", "and/or", "as", "well", ",", ";", ":", "/", "&"])

# What a token is, as bits.
STOP, FULL_STOP, NO_END, NO_START, EDGE, OPENING, BRACKET, JOINING, CAPITALS = (1 << bit for bit in range(9))
_LISTED = {
    STOP: (".", "?", "!"), FULL_STOP: (".",), NO_START: (",", ";", ")"), EDGE: _EDGE, OPENING: _OPENING, BRACKET: ("(", ")"), JOINING: _JOINING,
}  # fmt: skip
_FACTS = {token: sum(bit for bit, listed in _LISTED.items() if token in listed) for tokens in _LISTED.values() for token in tokens}


def _facts(token: str) -> int:
    found = _FACTS.get(token, 0)
    if token[0].islower():
        found |= NO_START
    if not token.islower() and ACRONYM.search(token):
        found |= CAPITALS
    return found | (NO_END if token.lower() in _NO_END or (len(token) == 1 and token.isupper()) else 0)


class Tokens(Numbering[str]):
    """Every token that was met has a number; `names` and `facts` are by number."""

    def __init__(self) -> None:
        super().__init__()
        self._facts = Column(np.zeros(0, np.uint16))

    @property
    def facts(self) -> npt.NDArray[np.uint16]:
        """For each token the bits of what it is."""
        self._facts.extend([_facts(name) for name in self.names[len(self._facts) :]])
        return self._facts.values


class Words(Numbering[str]):
    """Every word that was met has a number, which leads to its tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = Tokens()
        self._cuts = Column(np.zeros((0, 3), np.int64))  # for each token of each word: number, start in the word, length
        self._begins = Column(np.zeros(1, np.int64))

    def cut(self, text: str, codes: Codes, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """The tokens of the words at these places of a text: number, start and end of each."""
        numbers = find_alike(codes, starts, ends)
        own = np.flatnonzero(numbers == np.arange(len(numbers)))
        known = np.empty(len(numbers), np.int64)
        known[own] = self.numbers([text[start:end] for start, end in zip(starts[own].tolist(), ends[own].tolist(), strict=True)])
        numbers = known[numbers]
        if new := self.names[len(self._begins) - 1 :]:
            self._cut(new)
        begins = self._begins.values
        first, count = begins[numbers], begins[numbers + 1] - begins[numbers]
        edges = np.cumsum(count)
        at = np.arange(edges[-1] if len(edges) else 0) + np.repeat(first - edges + count, count)
        found = np.take(self._cuts.values, at, axis=0)
        begin = np.repeat(starts, count) + found[:, 1]
        return found[:, 0], begin, begin + found[:, 2]

    def _cut(self, words: Sequence[str]) -> None:
        """Cut words that were met just now as one text: what a token is ends with its word, and of a word no character is left out."""
        parts = _TOKEN.findall(" ".join(words))
        sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        ends = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))
        starts = np.cumsum(sizes) - sizes
        first = np.searchsorted(starts, ends)  # of the next word
        begins = np.append(0, ends[:-1])
        numbers = self.tokens.numbers(parts)
        self._begins.extend(first + len(self._cuts))
        self._cuts.extend(np.column_stack([numbers, starts - np.repeat(begins, np.diff(first, prepend=0)), sizes]))
