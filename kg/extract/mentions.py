"""Mentions: the places in one document that may name a thing, each with what the tagger and the lexicon say of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.extract.acronyms import Definition
from kg.extract.document import Document
from kg.extract.matcher import Hit

GROUPS = "RTMKZ"  # resource, technique, model, task, and what may be left out


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `start:end` of the document's text, tokens `first:last`; `mass` is the tagger's share for each of GROUPS."""

    start: int
    end: int
    first: int
    last: int
    rule: str
    mass: tuple[float, ...]
    hit: Hit | None = None


_TITLE_NAME = re.compile(r"^\s*[\"'“$\\{]*([^\s:][^:]{1,38}?)[}\"'”$]*\s*(?::|--|–|—)\s+\S")
_MACRO = re.compile(
    r"\\(?:[a-z]*(?:name|ours|method|model|bench|benchmark|dataset|data|system|framework|approach)[a-z]*|[A-Z][A-Za-z]{2,})\b"
)


def find_title_name(title: str) -> tuple[int, int] | None:
    """The place of the paper's own name in a title of the form "Name: what it is".

    >>> find_title_name("NVLM: Open Frontier-Class Multimodal LLMs")
    (0, 4)
    >>> find_title_name("Less is more: summarizing patch tokens") is None
    True
    """
    match = _TITLE_NAME.match(title)
    if not match:
        return None
    words = match.group(1).split()
    inner = any(c.isupper() or c.isdigit() for word in words for c in word[1:])
    if len(words) > 4 or (len(words) > 1 and not inner) or not any(c.isupper() for c in match.group(1)):
        return None
    return match.span(1)


def _tokens_at(document: Document, start: int, end: int) -> tuple[int, int]:
    first = bisect_right(document.ends, start)
    return first, max(first + 1, bisect_left(document.starts, end))


class Collector:
    """Gathers the mentions of one document, no place twice."""

    def __init__(self, document: Document, mass: npt.NDArray[np.float64]) -> None:
        self._document = document
        self._mass = mass
        self._found: dict[tuple[int, int], Mention] = {}

    def add(self, start: int, end: int, rule: str, hit: Hit | None = None) -> None:
        """Add a mention by its characters."""
        first, last = _tokens_at(self._document, start, end)
        self._put(start, end, first, last, rule, hit)

    def add_tokens(self, first: int, last: int, rule: str) -> None:
        """Add a mention by its tokens; brackets and quotes that were caught at its edges are left off."""
        tokens = self._document.tokens
        while first < last and tokens[last - 1] in _EDGE:
            last -= 1
        while first < last and tokens[first] in _EDGE:
            first += 1
        if first < last:
            self._put(self._document.starts[first], self._document.ends[last - 1], first, last, rule, None)

    def _put(self, start: int, end: int, first: int, last: int, rule: str, hit: Hit | None) -> None:
        old = self._found.get((start, end))
        if old is not None:
            if hit is not None and old.hit is None:
                self._found[start, end] = Mention(start, end, first, last, old.rule, old.mass, hit)
            return
        share = self._mass[first:last]
        mass = tuple(share.mean(0).tolist()) if len(share) else (0.0,) * len(GROUPS)
        self._found[start, end] = Mention(start, end, first, last, rule, mass, hit)

    def mentions(self) -> list[Mention]:
        """All mentions in order of place."""
        return [self._found[place] for place in sorted(self._found)]


_EDGE = frozenset(["(", ")", ",", ".", ";", ":", '"', "'", "“", "”", "‘", "’", "[", "]", "{", "}", "$", "~", "*", "`"])


def _runs(labels: list[str]) -> Iterator[tuple[int, int]]:
    start = None
    for i, label in enumerate(labels):
        if label[0] != "I" and start is not None:
            yield start, i
            start = None
        if label[0] == "B":
            start = i
    if start is not None:
        yield start, len(labels)


def collect_mentions(
    document: Document,
    mass: npt.NDArray[np.float64],
    decoded: list[list[str]],
    hits: list[Hit],
    definitions: list[Definition],
) -> list[Mention]:
    """The mentions of a document; `decoded` holds the tagger's labels, the strict reading first."""
    collector = Collector(document, mass)
    title_name = find_title_name(document.paper.title)
    if title_name:
        collector.add(*title_name, "title-name")
    for definition in definitions:
        collector.add(definition.start, definition.end, "acronym")
        collector.add(definition.short_start, definition.short_end, "acronym")
    for rule, labels in zip(("tagger", "tagger-weak"), decoded, strict=False):
        for first, last in _runs(labels):
            collector.add_tokens(first, last, rule)
    for hit in hits:
        if not (hit.entries[0].is_word and not hit.is_exact):
            collector.add(hit.start, hit.end, "lexicon", hit)
    if "\\" in document.text:
        for match in _MACRO.finditer(document.text):
            collector.add(match.start(), match.end(), "macro")
    return collector.mentions()
