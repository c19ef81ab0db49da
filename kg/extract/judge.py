"""The judgement of candidates: how surely each is a name, of which kinds, and in which relation to its paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np

from kg.extract.arrays import Floats, Numbers
from kg.extract.candidates import Candidate
from kg.extract.chunk import Chunk
from kg.extract.network import Network, read_arrays
from kg.extract.phrases import read_phrases
from kg.extract.relations import RELATIONS, RelationReader, read_words
from kg.extract.rules import RULES, find_rule
from kg.extract.statements import Judgement, Writer, group_of, kinds_of
from kg.extract.traits import Gauge
from kg.extract.types import TypeFacts
from kg.records import Statement

LEAST = 0.15  # a candidate less sure than this is not stated
LOOKED = 0.07  # by its traits alone; one less sure than this is not looked at in its context


Told = tuple[int, list[float], tuple[list[float], list[list[float]]]]


class Judge(Protocol):
    """Turns the candidates of many documents into statements."""

    def state(self, chunk: Chunk, least: float = LEAST) -> list[list[Statement]]:
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

    def state(self, chunk: Chunk, least: float = LEAST) -> list[list[Statement]]:
        """Measure, judge kinds for all documents at once, then relations of what may be a name."""
        statements: list[list[Statement]] = [[] for _ in chunk.texts.papers]
        if not chunk.candidates:
            return statements
        traits = self._gauge.measure(chunk)
        shares = self._kinds.probabilities(traits)
        likely = 1.0 - shares[:, 0] >= LOOKED
        writer, text, owner = Writer(chunk), chunk.texts.text, chunk.owner.tolist()
        found = self._read(chunk, np.flatnonzero(likely), shares, traits)
        if least < LEAST:  # on their own, so that they change nothing of what is said of the others
            rest = np.flatnonzero(~likely)
            read = self._read(chunk, rest, shares, traits)
            found += [(which, share, told) for (which, _, told), share in zip(read, shares[rest].tolist(), strict=True)]
        for which, (none, *share), (relation, alone) in sorted(found, key=lambda row: row[0]):
            if 1.0 - none >= least:
                kinds = kinds_of(text, chunk.candidates[which], share, max(range(len(share)), key=share.__getitem__))
                statements[owner[which]] += writer.state(which, Judgement(kinds, relation, alone))
        return statements

    def _read(self, chunk: Chunk, kept: Numbers, shares: Floats, traits: Floats) -> list[Told]:
        """What is read of some candidates that stand together: number, shares of no name and of kinds, relations of all and of each mention."""
        read = self._relations.judge(chunk, kept, shares[kept, 1:].argmax(1), traits[kept])
        alone, edges = read.alone.tolist(), read.begins.tolist()
        each = [alone[begin:end] for begin, end in pairwise(edges)]
        return list(zip(kept.tolist(), read.kinds.tolist(), zip(read.relations.tolist(), each, strict=True), strict=True))


class RuleJudge:
    """Judges by the table of rules and the lexicon alone."""

    def state(self, chunk: Chunk, least: float = LEAST) -> list[list[Statement]]:
        """The statements of what the lexicon knows, of the paper's own name, and of what a clause introduces."""
        statements: list[list[Statement]] = [[] for _ in chunk.texts.papers]
        writer = Writer(chunk)
        for which, (owner, candidate) in enumerate(zip(chunk.owner.tolist(), chunk.candidates, strict=True)):
            shares = self._shares(candidate)
            if sum(shares) >= least and any(shares):
                kinds = kinds_of(chunk.texts.text, candidate, shares, max(range(4), key=lambda i: shares[i]))
                alone = self._relations(writer, which, candidate, kinds[0][0])
                statements[owner] += writer.state(which, Judgement(kinds, alone.max(0).tolist(), alone.tolist()))
        return statements

    def _shares(self, candidate: Candidate) -> list[float]:
        shares = [0.0] * 4
        for entry in candidate.entries:
            for place, kind in enumerate(entry.kinds):
                shares[group_of(kind)] += (0.2 if entry.is_broad else 0.7 if place == 0 else 0.1) / len(candidate.entries)
        if any(entry.is_word for entry in candidate.entries) and not any(m.known and m.known.is_exact for m in candidate.mentions):
            shares = [share * 0.3 for share in shares]
        if candidate.is_own and not candidate.entries:
            shares = [0.15, 0.45, 0.2, 0.0]
        elif candidate.long_form and not candidate.entries:
            shares = [0.05, 0.3, 0.05, 0.15]
        return shares

    def _relations(self, writer: Writer, which: int, candidate: Candidate, kind: str) -> Floats:
        usual = {"task": "addresses", "dataset": "evaluates_on", "benchmark": "evaluates_on"}.get(kind, "uses")
        alone = np.zeros((len(candidate.mentions), len(RELATIONS)))
        strength = {rule.name: 0.7 - 0.01 * number for number, rule in enumerate(RULES)}
        for row, (before, after) in zip(alone, writer.clauses(which), strict=True):
            rule = find_rule(before, after, kind)
            row[RELATIONS.index(usual)] = 0.3
            if candidate.is_own:
                row[RELATIONS.index("introduces")] = 0.9
            elif rule is not None and (kind == "task" or rule.relation != "addresses"):
                row[RELATIONS.index(rule.relation)] = strength[rule.name]
        return alone
