"""Candidates of labelled papers as a tagger that did not see them finds them: their traits, the words around, and which label they hit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kg.extract.candidates import Candidate
from kg.extract.document import Document
from kg.extract.engine import Extractor
from kg.extract.phrases import Phrases
from kg.extract.relations import CUE_GROUP, CUE_LEFT, CUE_RIGHT, Words, nearest_cues, place_marks, slot_words
from kg.extract.statements import choose_name
from kg.extract.tagger import Features, Tagger
from kg.extract.traits import Gauge
from kg.extract.types import TypeFacts
from kg.names import key

LEFT, RIGHT = 10, 11  # the slots of all words left and right in the sentence


@dataclass(frozen=True, slots=True)
class Case:
    """A candidate: its traits; for each mention (slot, word) pairs, marks and the nearest cue; `entity` is the label that it hits.

    `verdict` is `hit`, `optional`, `none`, or `repeated` where another candidate hits the same label already.
    """

    paper: int
    source: str
    weight: float
    traits: np.ndarray
    places: list[tuple[list[tuple[int, int]], list[int], int]]
    verdict: str
    entity: dict[str, Any] | None


def load_tagger(folder: Path) -> Tagger:
    """A tagger as `training.tagger` writes it."""
    clusters = dict(line.split("\t") for line in (folder / "clusters.tsv").read_text("utf-8").splitlines())
    with np.load(folder / "weights.npz") as arrays:
        names = (folder / "features.txt").read_text("utf-8").split("\n")
        features = Features(names, arrays["rows"].astype(np.int32), arrays["weights"].astype(np.int32))
        labels = json.loads((folder / "labels.json").read_text("utf-8"))["labels"]
        return Tagger(labels, features, arrays["transitions"].astype(np.int32), clusters)


def _match(
    text: str, found: Sequence[Candidate], sums: Sequence[float], entities: Sequence[dict[str, Any]]
) -> list[tuple[str, dict[str, Any] | None]]:
    """The label that each candidate hits: the surest candidate first, labels that must be found before those that may."""
    names = [{key(s) for s in (e["name"], *e["surfaces"])} for e in entities]
    taken: set[int] = set()
    verdicts: list[tuple[str, dict[str, Any] | None]] = [("none", None)] * len(found)
    for i in sorted(range(len(found)), key=lambda i: -sums[i]):
        own = {key(choose_name(text, found[i]))} | {key(text[m.start : m.end]) for m in found[i].mentions}
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

    def find(self, documents: Sequence[Document], labels: Sequence[tuple[int, str, float, Sequence[dict[str, Any]]]]) -> list[Case]:
        """The candidates of documents, with (number, source, weight, entities) for each."""
        chunk = self._extractor.gather([document.paper for document in documents])
        types, text = chunk.texts.tokens, chunk.texts.text
        traits, words = self._gauge.measure(chunk), self._facts.words(types)
        every = np.arange(len(chunk.mentions))
        near, marks = slot_words(chunk, every, words), place_marks(chunk, every)
        left, right = nearest_cues(chunk, every, words, self._facts.cues(types))
        sums = np.maximum.reduceat(chunk.mass[:, :5].sum(1), chunk.begins[:-1]) if len(every) else np.zeros(0)
        edges = np.searchsorted(chunk.owner, np.arange(len(documents) + 1))
        cases, at = [], 0
        for begin, end, (number, source, weight, entities) in zip(edges, edges[1:], labels, strict=False):
            for verdict, entity in _match(text, chunk.candidates[begin:end], sums[begin:end], entities):
                places = []
                for m in range(chunk.begins[at], chunk.begins[at + 1]):
                    pairs = [(int(slot), int(word)) for slot, word in near[m] if word >= 0]
                    pairs += [(LEFT, int(word)) for word in words[chunk.sentence_first[m] : chunk.first[m]]]
                    pairs += [(RIGHT, int(word)) for word in words[chunk.last[m] : chunk.sentence_last[m]]]
                    pairs += [(slot, int(cue[m])) for slot, cue in ((CUE_LEFT, left), (CUE_RIGHT, right)) if cue[m] >= 0]
                    places.append((pairs, marks[m].tolist(), int(left[m])))
                cases.append(Case(number, source, weight, traits[at], places, verdict, entity))
                at += 1
        return cases


__all__ = ["CUE_GROUP", "Case", "Finder", "load_tagger"]
