"""Mentions: the places in documents that may name a thing, each with what the tagger and the lexicon say of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kg.extract.acronyms import Definition
from kg.extract.arrays import Flags, Floats, Numbers
from kg.extract.chain import BEGIN, INSIDE
from kg.extract.document import Texts
from kg.extract.matcher import Hits, Known
from kg.extract.tokens import BRACKET, EDGE, OPENING

GROUPS = "RTMKZ"  # resource, technique, model, task, and what may be left out
RULES = ("title-name", "acronym", "tagger", "tagger-weak", "lexicon", "macro")  # the first that finds a place counts
_LEAST = 0.25  # what the tagger's weaker readings find is no mention where a token is less surely a part of a name


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of many documents, in order of place; those of document d are rows `begins[d]` to `begins[d + 1]`.

    A name stands at `start:end` of the text of all documents, in tokens `first:last`. `rule` is the number of the first of RULES that
    found it, `known` what the lexicon knows of it, as a number of `lexicon` or −1. `mass` is the tagger's share for each of GROUPS, the
    least over the tokens last but two, then how surely a name begins and ends here.
    """

    start: Numbers
    end: Numbers
    first: Numbers
    last: Numbers
    rule: Numbers
    known: Numbers
    mass: Floats
    begins: Numbers
    lexicon: Mapping[int, Known]


@dataclass(frozen=True, slots=True)
class Marginals:
    """The tagger's probabilities of labels, for token n in row `place[n]`: no name, then a name's begin and inside for each of GROUPS."""

    rows: Floats
    place: Numbers

    @classmethod
    def nothing(cls, size: int) -> Marginals:
        """What is known where no tagger is used."""
        return cls(np.eye(1, 1 + 2 * len(GROUPS)), np.zeros(size, np.int64))

    def are_sure(self, first: Numbers, last: Numbers) -> Flags:
        """Of which spans each token is a part of a name with a probability of _LEAST."""
        if not len(first):
            return np.zeros(0, np.bool_)
        tokens, starts = _tokens_of(first, last)
        found: Flags = np.maximum.reduceat(self.rows[self.place[tokens], 0], starts) <= 1.0 - _LEAST
        return found

    def of_tokens(self, tokens: Numbers) -> tuple[Floats, Floats]:
        """Tokens × GROUPS, twice: how probably a name begins here, how probably one goes on."""
        rows = np.take(self.rows, self.place[tokens], axis=0)
        return rows[:, BEGIN], rows[:, INSIDE]

    def of_spans(self, first: Numbers, last: Numbers, first_token: Numbers) -> Floats:
        """For each span: the mean of each group's share, the least of their sum, how surely it begins and ends where it does."""
        if not len(first):
            return np.zeros((0, len(GROUPS) + 3))
        tokens, starts = _tokens_of(first, last)
        begin, inner = self.of_tokens(tokens)
        mass = begin + inner
        behind = np.flatnonzero(last < first_token[np.searchsorted(first_token, first, side="right")])
        goes_on = np.zeros(len(first))
        goes_on[behind] = self.of_tokens(last[behind])[1].sum(1)
        mean = np.add.reduceat(mass, starts) / (last - first)[:, None]
        weakest = np.minimum.reduceat(mass.sum(1), starts)
        return np.column_stack([mean, weakest, begin[starts].sum(1), 1.0 - goes_on])


def _tokens_of(first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
    """The tokens of spans, one span after the other, and where those of each begin."""
    count = last - first
    edges = np.cumsum(count)
    return np.repeat(last - edges, count) + np.arange(count.sum()), edges - count


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
    is_shaped = any(c.isupper() for c in match.group(1)) or (inner and words[0][0].isalpha())
    if len(words) > 4 or (len(words) > 1 and not inner) or not is_shaped:
        return None
    return match.span(1)


class Places(NamedTuple):
    """Places that one rule found: characters, tokens, and what the lexicon knows of each, as a number of `Hits.known` or −1."""

    start: Numbers
    end: Numbers
    first: Numbers
    last: Numbers
    known: Numbers


def places_at(texts: Texts, start: Numbers, end: Numbers, known: Numbers | None = None) -> Places:
    """Places by their characters."""
    first = np.searchsorted(texts.stops, start, side="right")
    last = np.maximum(first + 1, np.searchsorted(texts.starts, end, side="left"))
    return Places(start, end, first, last, np.full(len(start), -1, np.int64) if known is None else known)


def places_of_tokens(texts: Texts, first: Numbers, last: Numbers) -> Places:
    """Places by their tokens; brackets and quotes that were caught at their edges are left off, and brackets inside divide them."""
    facts = texts.vocabulary.facts[texts.tokens]
    first, last = _strip(facts, first, last)
    brackets = np.append(0, np.cumsum(facts & BRACKET > 0))
    whole = brackets[first] == brackets[last]
    cut = _strip(facts, *_divide(facts, first[~whole], last[~whole]))
    first, last = np.append(first[whole], cut[0]), np.append(last[whole], cut[1])
    return Places(texts.starts[first], texts.stops[last - 1], first, last, np.full(len(first), -1, np.int64))


def _strip(facts: npt.NDArray[np.uint16], first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
    """Runs of tokens without brackets, quotes and articles at their edges, but for those of which nothing is left."""
    first, last = first.copy(), last.copy()
    at = np.arange(len(first))
    while len(at := at[facts[first[at]] & (EDGE | OPENING) > 0]):
        first[at] += 1
        at = at[first[at] < last[at]]
    at = np.flatnonzero(first < last)
    while len(at := at[facts[last[at] - 1] & EDGE > 0]):
        last[at] -= 1
    return first[first < last], last[first < last]


def _divide(facts: npt.NDArray[np.uint16], first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
    """The parts of runs of tokens between their brackets."""
    tokens, starts = _tokens_of(first, last)
    begins = np.zeros(len(tokens), np.bool_)
    begins[starts] = True
    inside = facts[tokens] & BRACKET == 0
    begins[1:] |= ~inside[:-1]
    ends = np.append(begins[1:] | ~inside[1:], True)
    return tokens[begins & inside], tokens[ends & inside] + 1


def collect_mentions(
    texts: Texts, marginals: Marginals, readings: Sequence[tuple[Numbers, Numbers]], hits: Hits, definitions: Sequence[Sequence[Definition]]
) -> Mentions:
    """The mentions of documents; `readings` holds the tagger's names by their first token and the one behind, the strict reading first."""
    runs = _tell_apart(readings, len(texts.tokens))
    strict, weak = (places_of_tokens(texts, *np.hstack([np.zeros((2, 0), np.int64), *some])) for some in (runs[:1], runs[1:]))
    sure = marginals.are_sure(weak.first, weak.last)
    found = [places_at(texts, *_title_names(texts)), places_at(texts, *_acronyms(texts, definitions))]
    found += [strict, Places(*(column[sure] for column in weak))]
    found += [_lexicon_places(texts, hits), places_at(texts, *_macros(texts))]
    rule = np.repeat(np.arange(len(RULES)), [len(places.start) for places in found])
    start, end, first, last, known = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((rule, end, start))
    start, end = start[order], end[order]
    news = np.flatnonzero(np.append(True, (np.diff(start) != 0) | (np.diff(end) != 0))[: len(start)])
    kept = order[news]
    knows = np.maximum.reduceat(known[order], news) if len(news) else news
    mass = marginals.of_spans(first[kept], last[kept], texts.first_token)
    begins = np.searchsorted(start[news], np.append(texts.begins, len(texts.text)))
    return Mentions(start[news], end[news], first[kept], last[kept], rule[kept], knows, mass, begins, hits.known)


def _tell_apart(readings: Sequence[tuple[Numbers, Numbers]], size: int) -> list[tuple[Numbers, Numbers]]:
    """Of each reading the names that the one before does not have just so."""
    end = np.zeros(size, np.int64)
    found = []
    for first, last in readings:
        is_new = end[first] != last
        end[first] = last
        found.append((first[is_new], last[is_new]))
    return found


def _columns(spans: Sequence[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    both = np.array(spans, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _title_names(texts: Texts) -> tuple[Numbers, Numbers]:
    names = ((begin, find_title_name(paper.title)) for begin, paper in zip(texts.begins.tolist(), texts.papers, strict=True))
    return _columns([(begin + name[0], begin + name[1]) for begin, name in names if name])


def _acronyms(texts: Texts, definitions: Sequence[Sequence[Definition]]) -> tuple[Numbers, Numbers]:
    every = [d for own in definitions for d in own]
    start, end = _columns([(d.start, d.end) for d in every] + [(d.short_start, d.short_end) for d in every])
    kept = _are_whole(texts, start, end)
    return start[kept], end[kept]


def _are_whole(texts: Texts, start: Numbers, end: Numbers) -> Flags:
    """Which places do not reach across a title's end."""
    title_end = texts.title_ends[np.searchsorted(texts.begins, start, side="right") - 1]
    return (start >= title_end) | (end <= title_end)


def _lexicon_places(texts: Texts, hits: Hits) -> Places:
    """The lexicon's names, but for ordinary words that are not written as it writes them, and for what reaches across a title's end."""
    known = (hits.known[number] for number in hits.numbers.tolist())
    is_written = np.fromiter((k.is_exact or not k.entries[0].is_word for k in known), np.bool_, len(hits.numbers))
    kept = _are_whole(texts, hits.starts, hits.ends) & is_written
    return places_at(texts, hits.starts[kept], hits.ends[kept], hits.numbers[kept])


def _macros(texts: Texts) -> tuple[Numbers, Numbers]:
    return _columns([match.span() for match in _MACRO.finditer(texts.text)] if "\\" in texts.text else [])
