"""Candidates of labelled papers as a tagger that did not see them finds them: their traits, their places, and which label they hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kg.extract.chunk import Chunk
from kg.extract.document import Document
from kg.extract.engine import Extractor
from kg.extract.phrases import Phrases
from kg.extract.relations import Words
from kg.extract.statements import choose_name
from kg.extract.tagger import Tagger
from kg.extract.traits import Gauge
from kg.extract.types import Tokens, TypeFacts
from kg.names import key


@dataclass(frozen=True, slots=True)
class Case:
    """A candidate: its traits and the tokens of its mentions; `entity` is the label that it hits.

    `verdict` is `hit`, `optional`, `none`, or `repeated` where another candidate hits the same label already.
    """

    paper: int
    source: str
    weight: float
    traits: np.ndarray
    spans: list[tuple[int, int]]
    verdict: str
    entity: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Block:
    """The candidates of some documents, as they lie in the arrays of the extraction."""

    chunk: Chunk
    tokens: Tokens
    cases: list[Case]


@dataclass(frozen=True, slots=True)
class Read:
    """What the judge learns from: blocks, and for each the kinds and relations that the reader tells of its candidates.

    `is_new` says of each candidate of the labelled blocks whether its paper is one that the reader did not learn from.
    """

    vocabulary: list[str]
    labelled: list[Block]
    told_of_labelled: list[tuple[np.ndarray, np.ndarray]]
    is_new: list[np.ndarray]
    unlabelled: list[Block]
    told_of_unlabelled: list[tuple[np.ndarray, np.ndarray]]


def _match(
    chunk: Chunk, found: range, sums: Sequence[float], entities: Sequence[dict[str, Any]]
) -> list[tuple[str, dict[str, Any] | None]]:
    """The label that each candidate hits: the surest candidate first, labels that must be found before those that may."""
    names = [{key(s) for s in (e["name"], *e["surfaces"])} for e in entities]
    taken: set[int] = set()
    verdicts: list[tuple[str, dict[str, Any] | None]] = [("none", None)] * len(found)
    for i in sorted(range(len(found)), key=lambda i: -sums[i]):
        own = {key(name) for name in (choose_name(chunk, found[i], chunk.surfaces(found[i])), *chunk.surfaces(found[i]))}
        hits = [n for n, keys in enumerate(names) if keys & own - {""}]
        if hits:
            n = min(hits, key=lambda n: (n in taken, bool(entities[n].get("optional")), -len(names[n] & own)))
            is_optional = bool(entities[n].get("optional"))
            verdicts[i] = ("optional" if is_optional else "repeated" if n in taken else "hit", entities[n])
            taken.add(n)
    return verdicts


class Finder:
    """Finds the candidates of documents with one tagger."""

    def __init__(self, tagger: Tagger, phrases: Phrases, words: Words) -> None:
        self._extractor = Extractor(learned=False)
        self._extractor.use_tagger(tagger)
        self._facts = TypeFacts(tagger.types, words.number)
        self._gauge = Gauge(phrases, self._facts)

    def find(self, documents: Sequence[Document], labels: Sequence[tuple[int, str, float, Sequence[dict[str, Any]]]]) -> Block:
        """The candidates of documents, with (number, source, weight, entities) for each."""
        chunk = self._extractor.gather([document.paper for document in documents])
        traits = self._gauge.measure(chunk)
        sums = np.maximum.reduceat(chunk.mass[:, :5].sum(1), chunk.begins[:-1]) if len(chunk) else np.zeros(0)
        edges = np.searchsorted(chunk.owner, np.arange(len(documents) + 1))
        cases: list[Case] = []
        for begin, end, (number, source, weight, entities), shift in zip(edges, edges[1:], labels, chunk.texts.first_token, strict=False):
            for verdict, entity in _match(chunk, range(begin, end), sums[begin:end], entities):
                rows = slice(chunk.begins[len(cases)], chunk.begins[len(cases) + 1])
                spans = list(zip((chunk.first[rows] - shift).tolist(), (chunk.last[rows] - shift).tolist(), strict=True))
                cases.append(Case(number, source, weight, traits[len(cases)], spans, verdict, entity))
        return Block(chunk, self._facts.tokens(chunk.texts.tokens), cases)
