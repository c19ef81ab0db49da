"""Mentions: the places in one document that may name a thing, each with what the tagger and the lexicon say of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.extract.acronyms import Definition
from kg.extract.arrays import Floats
from kg.extract.document import Document
from kg.extract.matcher import Hit

GROUPS = "RTMKZ"  # resource, technique, model, task, and what may be left out


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `start:end` of the document's text, tokens `first:last`.

    `mass` is the tagger's share for each of GROUPS, the least over the tokens last but two, then how surely a name begins
    and ends here.
    """

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
    """Gathers the places of one document that may be mentions, none twice."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[tuple[int, int], tuple[int, int, str, Hit | None]] = {}

    def add(self, start: int, end: int, rule: str, hit: Hit | None = None) -> None:
        """Add a place by its characters."""
        old = self._found.get((start, end))
        if old is None:
            self._found[start, end] = (*_tokens_at(self._document, start, end), rule, hit)
        elif hit is not None and old[3] is None:
            self._found[start, end] = (*old[:3], hit)

    def add_tokens(self, first: int, last: int, rule: str) -> None:
        """Add a place by its tokens; brackets and quotes that were caught at its edges are left off."""
        tokens = self._document.tokens
        while first < last and tokens[last - 1] in _EDGE:
            last -= 1
        while first < last and (tokens[first] in _EDGE or tokens[first] in _OPENING):
            first += 1
        inside = [at for at in range(first, last) if tokens[at] in "()"]
        for begin, end in zip([first, *(at + 1 for at in inside)], [*inside, last], strict=True):
            if begin < end:
                self._found.setdefault((self._document.starts[begin], self._document.ends[end - 1]), (begin, end, rule, None))

    def mentions(self, marginals: Marginals) -> list[Mention]:
        """All mentions in order of place."""
        places = sorted(self._found)
        found = [self._found[place] for place in places]
        masses = marginals.of_spans([f[0] for f in found], [f[1] for f in found])
        return [
            Mention(start, end, first, last, rule, mass, hit)
            for (start, end), (first, last, rule, hit), mass in zip(places, found, masses, strict=True)
        ]


class Marginals:
    """The tagger's probabilities for the tokens of one document: of each of GROUPS, of a name's begin, of a name going on."""

    def __init__(self, mass: Floats, begins: Floats, inner: Floats) -> None:
        self._mass, self._begins, self._inner = mass, begins, inner

    @classmethod
    def nothing(cls, size: int) -> Marginals:
        """What is known where no tagger is used."""
        return cls(np.zeros((size, len(GROUPS))), np.zeros(size), np.zeros(size))

    def of_spans(self, firsts: list[int], lasts: list[int]) -> list[tuple[float, ...]]:
        """For each span: the mean of each group's share, the least of their sum, how surely it begins and ends where it does."""
        if not firsts:
            return []
        first, last = np.array(firsts), np.array(lasts)
        sums = np.concatenate([np.zeros((1, len(GROUPS))), np.cumsum(self._mass, 0)])
        mean = (sums[last] - sums[first]) / (last - first)[:, None]
        inner = np.append(self._inner, 0.0)
        total = self._mass.sum(1)
        weakest = [float(total[a:b].min()) for a, b in zip(firsts, lasts, strict=True)]
        rows = np.column_stack([mean, weakest, self._begins[first], 1.0 - inner[last]])
        return [tuple(row) for row in rows.tolist()]


_EDGE = frozenset(["(", ")", ",", ".", ";", ":", '"', "'", "“", "”", "‘", "’", "[", "]", "{", "}", "$", "~", "*", "`", "-", "–", "—", ">", "<", "=", "|", "/"])
_OPENING = frozenset(["a", "an", "the", "our", "its", "their", "this", "these", "that", "A", "An", "The", "Our", "Its", "Their", "This", "These"])


def collect_mentions(
    document: Document,
    marginals: Marginals,
    readings: Sequence[Sequence[tuple[int, int]]],
    hits: list[Hit],
    definitions: list[Definition],
) -> list[Mention]:
    """The mentions of a document; `readings` holds the tagger's names by their tokens, the strict reading first."""
    collector = Collector(document)
    title_name = find_title_name(document.paper.title)
    if title_name:
        collector.add(*title_name, "title-name")
    for definition in definitions:
        collector.add(definition.start, definition.end, "acronym")
        collector.add(definition.short_start, definition.short_end, "acronym")
    for rule, places in zip(("tagger", "tagger-weak"), readings, strict=False):
        for first, last in places:
            collector.add_tokens(first, last, rule)
    for hit in hits:
        if hit.start < document.title_end < hit.end:
            continue
        if not (hit.entries[0].is_word and not hit.is_exact):
            collector.add(hit.start, hit.end, "lexicon", hit)
    if "\\" in document.text:
        for match in _MACRO.finditer(document.text):
            collector.add(match.start(), match.end(), "macro")
    return collector.mentions(marginals)
