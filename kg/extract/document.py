"""Papers' texts as tokens and sentences, many at once; every offset is one of the text as it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from kg.extract.arrays import Flags, Numbers
from kg.extract.characters import Characters, read_characters
from kg.extract.tokens import FULL_STOP, NO_END, NO_START, STOP, Tokens, Words
from kg.records import Paper

_LONGEST = 101  # tokens: a longer sentence is cut, so that no text without full stops becomes one sentence
_MOST_WORDS = 100_000  # are remembered
APART = "\x1e"  # between two papers: a space for tokens, and no part of any name


@dataclass(frozen=True, slots=True)
class Document:
    """The title, a line break and the abstract as one text, cut into tokens; `sentences` are pairs of first and last+1 token."""

    paper: Paper
    text: str
    title_end: int
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A document by its sentences alone: where each begins and ends in the text."""

    paper: Paper
    text: str
    title_end: int
    starts: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class Texts:
    """The documents of many papers as one text, whose characters, tokens and sentences are numbered through.

    Document d is `text[begins[d]:ends[d]]`; its tokens begin with number `first_token[d]`, its sentences with `first_sentence[d]`;
    sentence s begins with token `sentences[s]`. All three have one more element, the end of all. `tokens` gives each token's number in
    `vocabulary`, `starts` and `stops` its place in the text, and `is_titled` tells of each sentence whether it stands in a title.
    """

    papers: Sequence[Paper]
    text: str
    characters: Characters
    begins: Numbers
    ends: Numbers
    title_ends: Numbers
    vocabulary: Tokens
    tokens: Numbers
    starts: Numbers
    stops: Numbers
    first_token: Numbers
    sentences: Numbers
    first_sentence: Numbers
    is_titled: Flags

    def documents_at(self, places: Sequence[int] | Numbers) -> Numbers:
        """The document of each of some places in the text."""
        return np.searchsorted(self.begins, places, side="right") - 1

    def document(self, number: int) -> Document:
        """One document by itself."""
        shift = int(self.begins[number])
        first, last = self.first_token[number : number + 2].tolist()
        edges = (self.sentences[self.first_sentence[number] : self.first_sentence[number + 1] + 1] - first).tolist()
        return Document(
            self.papers[number],
            self.text[shift : self.ends[number]],
            int(self.title_ends[number]) - shift,
            tuple(map(self.vocabulary.names.__getitem__, self.tokens[first:last].tolist())),
            tuple((self.starts[first:last] - shift).tolist()),
            tuple((self.stops[first:last] - shift).tolist()),
            tuple(pairwise(edges)),
        )

    def outline(self, number: int) -> Outline:
        """One document by its sentences."""
        shift = int(self.begins[number])
        edges = self.sentences[self.first_sentence[number] : self.first_sentence[number + 1] + 1]
        return Outline(
            self.papers[number],
            self.text[shift : self.ends[number]],
            int(self.title_ends[number]) - shift,
            (self.starts[edges[:-1]] - shift).tolist(),
            (self.stops[edges[1:] - 1] - shift).tolist(),
        )


@lru_cache(maxsize=1)
def _held_words() -> list[Words]:
    return [Words()]


def _words() -> Words:
    """What is known of words; all is forgotten where it is too much."""
    held = _held_words()
    if len(held[0]) > _MOST_WORDS:
        held[0] = Words()
    return held[0]


def read_documents(papers: Sequence[Paper]) -> Texts:
    """Cut the titles and abstracts of papers into sentences and tokens."""
    parts = [f"{paper.title}\n{paper.abstract}" for paper in papers]
    text = APART.join(parts)
    ends = np.cumsum([len(part) + 1 for part in parts], dtype=np.int64) - 1
    begins = np.concatenate([[0], ends[:-1] + 1])
    title_ends = begins + np.array([len(paper.title) for paper in papers], np.int64)
    characters = read_characters(text)
    edges = np.flatnonzero(np.diff(characters.are_spaces(), prepend=True, append=True))
    words = _words()
    tokens, starts, stops = words.cut(text, characters.codes, edges[::2], edges[1::2])
    first_token = np.searchsorted(starts, np.append(begins, len(text) + 1))
    edges = _find_sentences(words.tokens, tokens, starts, stops, first_token, title_ends)
    sentences = np.append(edges, len(tokens))
    is_titled = stops[sentences[1:] - 1] <= title_ends[np.searchsorted(first_token, edges, side="right") - 1]
    first_sentence = np.searchsorted(edges, first_token)
    return Texts(
        papers, text, characters, begins, ends, title_ends, words.tokens, tokens, starts, stops, first_token, sentences, first_sentence, is_titled
    )


def read_document(paper: Paper) -> Document:
    """Cut one paper's title and abstract into sentences and tokens."""
    return read_documents([paper]).document(0)


def _find_sentences(
    vocabulary: Tokens, tokens: Numbers, starts: Numbers, stops: Numbers, first_token: Numbers, title_ends: Numbers
) -> Numbers:
    """The first token of each sentence: cut after a title, and after a full stop that a space and no small letter follows."""
    if not len(tokens):
        return np.zeros(0, np.int64)
    facts = vocabulary.facts[tokens]
    filled = np.flatnonzero(np.diff(first_token))
    before = np.roll(facts, 1)
    before[first_token[filled]] = facts[first_token[filled + 1] - 1]
    is_end = (facts & STOP > 0) & ~((facts & FULL_STOP > 0) & (before & NO_END > 0))
    is_end[:-1] &= (starts[1:] > stops[:-1]) & (facts[1:] & NO_START == 0)
    is_begin = np.zeros(len(tokens) + 1, np.bool_)
    is_begin[1:] = is_end
    is_begin[first_token] = True
    is_begin[np.searchsorted(starts, title_ends)] = True
    begins = np.flatnonzero(is_begin[:-1])
    return _cut_long(begins, np.diff(np.append(begins, len(tokens))))


def _cut_long(begins: Numbers, lengths: Numbers) -> Numbers:
    pieces = (lengths + _LONGEST - 1) // _LONGEST
    edges = np.cumsum(pieces)
    nth = np.arange(edges[-1]) - np.repeat(edges - pieces, pieces)
    found: Numbers = np.repeat(begins, pieces) + nth * _LONGEST
    return found
