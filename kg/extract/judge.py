"""The judgement of candidates: how surely each is a name, of which kinds, and in which relation to its paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from kg.columns import StatementColumns
from kg.extract.arrays import Floats, Numbers, Singles
from kg.extract.chunk import Chunk
from kg.extract.network import Network, read_arrays
from kg.extract.phrases import read_phrases
from kg.extract.relations import RELATIONS, RelationReader, read_words
from kg.extract.rules import RULES, find_rule
from kg.extract.statements import Judged, Writer, group_of, kinds_of
from kg.extract.traits import Gauge
from kg.extract.types import TypeFacts
from kg.vocabulary import KINDS

LEAST = 0.334  # a candidate less sure than this is not stated: it stays below the middle even where all other papers are sure
LOOKED = 0.12  # by its traits alone; one less sure than this is not looked at in its context


class Judge(Protocol):
    """Turns the candidates of many documents into statements."""

    def state(self, chunk: Chunk, least: float = LEAST) -> StatementColumns:
        """The statements of all documents, one candidate after the other."""


class LearnedJudge:
    """Judges by weights that were learnt from labelled papers."""

    def __init__(self, tokens: Callable[[], Sequence[str]]) -> None:
        arrays = read_arrays()
        self._kinds = Network(arrays, "kind")
        words = read_words()
        facts = TypeFacts(tokens, words.number)
        self._relations = RelationReader(words, arrays, facts)
        self._gauge = Gauge(read_phrases(), facts)

    def state(self, chunk: Chunk, least: float = LEAST) -> StatementColumns:
        """Measure, judge kinds for all documents at once, then relations of what may be a name."""
        if not len(chunk):
            return StatementColumns.of([])
        traits = self._gauge.measure(chunk)
        shares = self._kinds.probabilities(traits)
        likely = 1.0 - shares[:, 0] >= LOOKED
        which, kinds, relations, alone = self._read(chunk, np.flatnonzero(likely), shares, traits)
        if least < LEAST:  # on their own, so that they change nothing of what is said of the others
            rest = np.flatnonzero(~likely)
            _, _, *read = self._read(chunk, rest, shares, traits)
            order = np.argsort(np.append(which, rest))
            mentions = np.argsort(np.append(chunk.rows(which), chunk.rows(rest)))
            which, kinds = np.append(which, rest)[order], np.concatenate([kinds, shares[rest]])[order]
            relations, alone = np.concatenate([relations, read[0]])[order], np.concatenate([alone, read[1]])[mentions]
        stated = 1.0 - kinds[:, 0] >= least
        alone = alone[np.repeat(stated, np.diff(chunk.begins)[which])]
        which, kinds, relations = which[stated], kinds[stated], relations[stated]
        return Writer(chunk).state(Judged(which, *kinds_of(chunk, which, kinds[:, 1:]), relations, alone))

    def _read(self, chunk: Chunk, kept: Numbers, shares: Floats, traits: Singles) -> tuple[Numbers, Floats, Floats, Floats]:
        """What is read of some candidates that stand together: shares of no name and of kinds, relations of all and of each mention."""
        read = self._relations.judge(chunk, kept, shares[kept, 1:].argmax(1), traits[kept])
        return kept, read.kinds, read.relations, read.alone


class RuleJudge:
    """Judges by the table of rules and the lexicon alone."""

    def state(self, chunk: Chunk, least: float = LEAST) -> StatementColumns:
        """The statements of what the lexicon knows, of the paper's own name, and of what a clause introduces."""
        writer = Writer(chunk)
        shares = np.array([self._shares(chunk, number) for number in range(len(chunk))]).reshape(-1, 4)
        totals = np.array([sum(row) for row in shares.tolist()])
        which = np.flatnonzero((totals >= least) & (totals > 0.0))
        kind, found = kinds_of(chunk, which, shares[which])
        each = [self._relations(writer, chunk, number, KINDS[best]) for number, best in zip(which.tolist(), kind.tolist(), strict=True)]
        relations = np.array([alone.max(0) for alone in each]).reshape(-1, len(RELATIONS))
        return writer.state(Judged(which, kind, found, relations, np.concatenate([relations[:0], *each])))

    def _shares(self, chunk: Chunk, which: int) -> list[float]:
        shares = [0.0] * 4
        candidates = chunk.candidates
        entries, is_own = candidates.entries[which], candidates.is_own[which]
        for entry in entries:
            for place, kind in enumerate(entry.kinds):
                shares[group_of(kind)] += (0.2 if entry.is_broad else 0.7 if place == 0 else 0.1) / len(entries)
        known = candidates.known[chunk.begins[which] : chunk.begins[which + 1]].tolist()
        if any(entry.is_word for entry in entries) and not any(n >= 0 and candidates.knowns[n].is_exact for n in known):
            shares = [share * 0.3 for share in shares]
        if is_own and not entries:
            shares = [0.15, 0.45, 0.2, 0.0]
        elif candidates.long_forms[which] and not entries:
            shares = [0.05, 0.3, 0.05, 0.15]
        return shares

    def _relations(self, writer: Writer, chunk: Chunk, which: int, kind: str) -> Floats:
        usual = {"task": "addresses", "dataset": "evaluates_on", "benchmark": "evaluates_on"}.get(kind, "uses")
        clauses, is_own = writer.clauses(which), chunk.candidates.is_own[which]
        alone = np.zeros((len(clauses), len(RELATIONS)))
        strength = {rule.name: 0.7 - 0.01 * number for number, rule in enumerate(RULES)}
        for row, (before, after) in zip(alone, clauses, strict=True):
            rule = find_rule(before, after, kind)
            row[RELATIONS.index(usual)] = 0.3
            if is_own:
                row[RELATIONS.index("introduces")] = 0.9
            elif rule is not None and (kind == "task" or rule.relation != "addresses"):
                row[RELATIONS.index(rule.relation)] = strength[rule.name]
        return alone
