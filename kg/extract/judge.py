"""The judgement of candidates: how surely each is a name, of which kinds, and in which relation to its paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from kg.extract.arrays import Floats, Numbers
from kg.extract.candidates import Candidate
from kg.extract.chunk import gather_chunk
from kg.extract.document import Document
from kg.extract.network import Network, read_arrays
from kg.extract.phrases import read_phrases
from kg.extract.places import sentence_number
from kg.extract.relations import RELATIONS, RelationReader, read_words
from kg.extract.rules import RULES, find_rule
from kg.extract.statements import Judgement, group_of, kinds_of, state_candidate
from kg.extract.traits import Gauge
from kg.extract.types import TypeFacts
from kg.records import Statement

LEAST = 0.15  # a candidate less sure than this is not stated


class Judge(Protocol):
    """Turns the candidates of many documents into statements."""

    def state(
        self, documents: Sequence[Document], candidates: Sequence[Sequence[Candidate]], types: Numbers, least: float = LEAST
    ) -> list[list[Statement]]:
        """The statements of each document."""


class LearnedJudge:
    """Judges by weights that were learnt from labelled papers."""

    def __init__(self, tokens: Callable[[], Sequence[str]]) -> None:
        arrays = read_arrays()
        self._kinds = Network(arrays, "kind")
        words = read_words()
        facts = TypeFacts(tokens, words.number)
        self._relations = RelationReader(words, arrays, facts)
        self._gauge = Gauge(read_phrases(), facts)

    def state(
        self, documents: Sequence[Document], candidates: Sequence[Sequence[Candidate]], types: Numbers, least: float = LEAST
    ) -> list[list[Statement]]:
        """Measure, judge kinds for all documents at once, then relations of what may be a name."""
        statements: list[list[Statement]] = [[] for _ in documents]
        chunk = gather_chunk(documents, candidates, types)
        if not chunk.candidates:
            return statements
        traits = self._gauge.measure(chunk)
        shares = self._kinds.probabilities(traits)
        kept = np.flatnonzero(1.0 - shares[:, 0] >= least)
        groups = shares[kept, 1:].argmax(1)
        relations, alone, begins = self._relations.judge(chunk, kept, groups, traits[kept])
        for place, at in enumerate(kept):
            document, candidate = documents[chunk.owner[at]], chunk.candidates[at]
            kinds = kinds_of(document, candidate, shares[at, 1:].tolist(), int(groups[place]))
            found = Judgement(kinds, relations[place].tolist(), alone[begins[place] : begins[place + 1]].tolist())
            statements[chunk.owner[at]] += state_candidate(document, candidate, found)
        return statements


class RuleJudge:
    """Judges by the table of rules and the lexicon alone."""

    def state(
        self, documents: Sequence[Document], candidates: Sequence[Sequence[Candidate]], types: Numbers, least: float = LEAST
    ) -> list[list[Statement]]:
        """The statements of what the lexicon knows, of the paper's own name, and of what a clause introduces."""
        return [
            [statement for candidate in own for statement in self._state(document, candidate, least)]
            for document, own in zip(documents, candidates, strict=True)
        ]

    def _state(self, document: Document, candidate: Candidate, least: float) -> list[Statement]:
        shares = [0.0] * 4
        for entry in candidate.entries:
            for place, kind in enumerate(entry.kinds):
                shares[group_of(kind)] += (0.2 if entry.is_broad else 0.7 if place == 0 else 0.1) / len(candidate.entries)
        if any(entry.is_word for entry in candidate.entries) and not any(m.hit and m.hit.is_exact for m in candidate.mentions):
            shares = [share * 0.3 for share in shares]
        if candidate.is_own and not candidate.entries:
            shares = [0.15, 0.45, 0.2, 0.0]
        elif candidate.long_form and not candidate.entries:
            shares = [0.05, 0.3, 0.05, 0.15]
        if sum(shares) < least or not any(shares):
            return []
        group = max(range(4), key=lambda i: shares[i])
        kinds = kinds_of(document, candidate, shares, group)
        alone = self._relations(document, candidate, kinds[0][0])
        return state_candidate(document, candidate, Judgement(kinds, alone.max(0).tolist(), alone.tolist()))

    def _relations(self, document: Document, candidate: Candidate, kind: str) -> Floats:
        usual = {"task": "addresses", "dataset": "evaluates_on", "benchmark": "evaluates_on"}.get(kind, "uses")
        alone = np.zeros((len(candidate.mentions), len(RELATIONS)))
        strength = {rule.name: 0.7 - 0.01 * number for number, rule in enumerate(RULES)}
        for row, mention in zip(alone, candidate.mentions, strict=True):
            first, last = document.sentences[sentence_number(document, mention.first)]
            before = document.text[document.starts[first] : mention.start][-160:]
            rule = find_rule(before, document.text[mention.end : document.ends[last - 1]][:80], kind)
            row[RELATIONS.index(usual)] = 0.3
            if candidate.is_own:
                row[RELATIONS.index("introduces")] = 0.9
            elif rule is not None and (kind == "task" or rule.relation != "addresses"):
                row[RELATIONS.index(rule.relation)] = strength[rule.name]
        return alone
