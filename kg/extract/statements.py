"""From judged candidates to their statements: the name, the spellings, the relation and the places that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kg.extract.arrays import Floats, Numbers
from kg.extract.chunk import Chunk
from kg.extract.document import APART
from kg.extract.mentions import RULES as MENTION_RULES
from kg.extract.places import quote_places
from kg.extract.relations import RELATIONS
from kg.extract.rules import find_rule, is_trained_on
from kg.records import Evidence, Statement
from kg.vocabulary import RELATIONS as VOCABULARY
from kg.vocabulary import RESOURCES

_GROUP_KINDS = (("dataset", "benchmark"), ("technique",), ("model",), ("task",))
_KINDS = tuple(kind for kinds in _GROUP_KINDS for kind in kinds)
_GROUP_OF = {kind: number for number, kinds in enumerate(_GROUP_KINDS) for kind in kinds}
_ALLOWED = np.array([[kind in VOCABULARY[name].targets for name in RELATIONS] for kind in _KINDS], np.bool_)
_TASK = _KINDS.index("task")
_ARE_RESOURCES = np.array([kind in RESOURCES for kind in _KINDS], np.bool_)
_INTRODUCES, _TRAINS_ON, _EVALUATES_ON = (RELATIONS.index(name) for name in ("introduces", "trains_on", "evaluates_on"))
_PLACE_RULES = tuple(rule.removesuffix("-weak") for rule in MENTION_RULES)
_NO_CLAUSE = frozenset(MENTION_RULES.index(rule) for rule in ("title-name", "macro"))  # where these found a name, they are the evidence
_MACRO = MENTION_RULES.index("macro")
_BENCH = re.compile(r"\s*(?:benchmark|challenge|leaderboard|test ?set|suite|shared task|competition)", re.I)
_BENCH_NAME = re.compile(r"bench|eval|arena|challenge|glue|leaderboard|semeval", re.I)
_DATA = re.compile(r"\s*(?:dataset|corpus|corpora|data\b|data set|collection)", re.I)
_SECOND = 0.45  # a second relation is stated where it is this probable too
_PLAIN = 0.78  # of labelled resources of which this is plainly said, so many are training data
_OWN = 0.9  # of the names that a title is about ("Name: what it is"), at least so many are the paper's own
_LEAST_KIND = 0.02
_SURE = 1e-6  # so far from the middle between two numbers, rounding is not in doubt

Kinds = tuple[tuple[str, float], ...]
"""Kinds with their probability, the best first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of the candidates `which`, in ascending order: kinds, and the relations' probabilities.

    `alone` holds what each mention alone speaks for, the rows of one candidate after those of the other.
    """

    which: Numbers
    kinds: Sequence[Kinds]
    relations: Floats
    alone: Floats


def group_of(kind: str) -> int:
    """The number of the group that a kind is judged in; datasets and benchmarks are one."""
    return _GROUP_OF[kind]


def round_all(numbers: Floats) -> Floats:
    """Numbers rounded to four places, as `round` does it.

    >>> round_all(np.array([0.12345, 0.5, 2.675])).tolist()
    [0.1235, 0.5, 2.675]
    """
    scaled = numbers * 1e4
    whole = np.rint(scaled)
    found: Floats = whole / 1e4
    doubtful = np.abs(np.abs(scaled - whole) - 0.5) < _SURE
    if doubtful.any():
        found[doubtful] = [round(number, 4) for number in numbers[doubtful].tolist()]
    return found


def _benchmark_share(chunk: Chunk, which: int) -> float:
    """How far a resource is a benchmark rather than a dataset."""
    entries = chunk.candidates.entries[which]
    if entries:
        first = [entry.kinds[0] for entry in entries]
        if "benchmark" in first or "dataset" in first:
            return 0.75 if first.count("benchmark") > first.count("dataset") else 0.25
    text, ends = chunk.texts.text, chunk.end[chunk.begins[which] : chunk.begins[which + 1]].tolist()
    after = [text[end : end + 16].partition(APART)[0] for end in ends]
    bench = sum(bool(_BENCH.match(words)) for words in after)
    data = sum(bool(_DATA.match(words)) for words in after)
    if bench != data:
        return 0.8 if bench > data else 0.2
    return 0.75 if any(map(_BENCH_NAME.search, chunk.surfaces(which))) else 0.3


def kinds_of(chunk: Chunk, which: Numbers, shares: Floats) -> list[Kinds]:
    """The kinds of some candidates, of which the share of each group is given."""
    group = shares.argmax(1)
    bench = np.zeros(len(which))
    resources = np.flatnonzero(shares[:, 0] >= _LEAST_KIND)
    bench[resources] = [_benchmark_share(chunk, number) for number in which[resources].tolist()]
    each = np.column_stack([shares[:, 0] * (1 - bench), shares[:, 0] * bench, shares[:, 1:]])
    kept = each >= _LEAST_KIND
    none = np.flatnonzero(~kept.any(1))
    first = np.where(group[none] == 0, 0, group[none] + 1)
    kept[none, first], each[none, first] = True, shares[none, group[none]]
    row, kind = np.nonzero(kept)
    share = round_all(each[row, kind])
    order = np.lexsort((_BY_NAME[kind], -share, _GROUP[kind] != group[row], row))
    pairs = list(zip(map(_KINDS.__getitem__, kind[order].tolist()), share[order].tolist(), strict=True))
    edges = np.cumsum(kept.sum(1)).tolist()
    return [tuple(pairs[begin:end]) for begin, end in pairwise([0, *edges])]


_GROUP = np.array([_GROUP_OF[kind] for kind in _KINDS])
_BY_NAME = np.array([sorted(_KINDS).index(kind) for kind in _KINDS])


class Writer:
    """Writes the statements of a chunk's candidates."""

    def __init__(self, chunk: Chunk) -> None:
        self._chunk, self._text = chunk, chunk.texts.text
        self._starts, self._ends = chunk.start.tolist(), chunk.end.tolist()
        self._sentence_starts = chunk.texts.starts[chunk.sentence_first].tolist()
        self._sentence_ends = chunk.texts.stops[chunk.sentence_last - 1].tolist()

    def state(self, judged: Judged) -> list[list[Statement]]:
        """The statements of each document: for a candidate that of its most probable relation, and of a second that is nearly as probable."""
        chunk, candidates, which = self._chunk, self._chunk.candidates, judged.which.tolist()
        spelt = [chunk.surfaces(number) for number in which]
        surfaces = [tuple(own) if len(own) == 1 else tuple(sorted({*own})) for own in spelt]
        names = [choose_name(chunk, number, own) for number, own in zip(which, spelt, strict=True)]
        aliases = [_aliases(*own) for own in zip(surfaces, names, map(candidates.long_forms.__getitem__, which), strict=True)]
        number, relation, confidence = self._relations(judged)
        evidence, edges = self._evidence(judged, number, relation, confidence)
        papers, owner = chunk.texts.papers, chunk.owner[judged.which].tolist()
        statements: list[list[Statement]] = [[] for _ in papers]
        rows = zip(number.tolist(), relation.tolist(), confidence.tolist(), pairwise(edges), strict=True)
        for i, which_relation, share, (begin, end) in rows:
            statements[owner[i]].append(
                Statement(
                    papers[owner[i]].id, names[i], judged.kinds[i], RELATIONS[which_relation], share, surfaces[i], aliases[i],
                    tuple(evidence[begin:end]),
                )
            )  # fmt: skip
        return statements

    def _relations(self, judged: Judged) -> tuple[Numbers, Numbers, Floats]:
        """For each statement the candidate's number in `judged`, the relation's, and the confidence."""
        every = np.arange(len(judged.which))
        kind = np.fromiter((_KINDS.index(kinds[0][0]) for kinds in judged.kinds), np.int64, len(every))
        found = np.where(_ALLOWED[kind], judged.relations, -1.0)
        broad = np.fromiter((self._is_broad(number) for number in judged.which.tolist()), np.bool_, len(every))
        found[broad, _INTRODUCES] = -1.0
        first = found.argmax(1)
        found[every, first] = -1.0
        second = np.where(found.max(1, initial=-1.0) >= _SECOND, found.argmax(1), -1)
        own = self._chunk.candidates.is_own[judged.which] & (kind != _TASK) & (first != _INTRODUCES) & ~broad
        first[own], second[own] = _INTRODUCES, -1
        least = np.where(own, _OWN, 0.0)
        for at in np.flatnonzero(_ARE_RESOURCES[kind] & (first != _INTRODUCES) & (first != _TRAINS_ON)).tolist():
            rows = self._rows(judged.which[at])
            if any(is_trained_on(self._before(row)) for row in rows):
                also = _EVALUATES_ON in (first[at], second[at]) and len(rows) > 1
                first[at], second[at], least[at] = _TRAINS_ON, _EVALUATES_ON if also else -1, _PLAIN
        both = np.column_stack([first, second])
        stated = both >= 0
        number, relation = np.repeat(every, stated.sum(1)), both[stated]
        share = judged.relations[number, relation]
        share = np.where(relation == first[number], np.maximum(least[number], share), share)
        return number, relation, round_all(np.minimum(1.0, share))

    def _evidence(self, judged: Judged, number: Numbers, relation: Numbers, confidence: Floats) -> tuple[list[Evidence], list[int]]:
        """The places of each statement, the one that speaks most for the relation first; and where those of each begin."""
        chunk = self._chunk
        counts = np.diff(chunk.begins)[judged.which]
        begins, size = np.cumsum(counts) - counts, counts[number]
        edges = np.append(0, np.cumsum(size))
        statement = np.repeat(np.arange(len(number)), size)
        nth = np.arange(edges[-1]) - edges[statement]
        row = (chunk.begins[judged.which][number])[statement] + nth
        alone = judged.alone[begins[number][statement] + nth, relation[statement]]
        order = np.lexsort((chunk.start[row], -alone, statement))
        row, best = row[order], edges[:-1]
        share = round_all(np.minimum(confidence[statement], alone[order]))
        share[best] = confidence
        rules = list(map(_PLACE_RULES.__getitem__, chunk.rule[row].tolist()))
        tops = zip(best.tolist(), row[best].tolist(), chunk.rule[row[best]].tolist(), number.tolist(), relation.tolist(), strict=True)
        for at, place, rule, i, which in tops:
            if rule not in _NO_CLAUSE:
                fitting = find_rule(self._before(place), self._after(place), judged.kinds[i][0][0], RELATIONS[which])
                rules[at] = fitting.name if fitting is not None else rules[at]
        return quote_places(chunk, row, rules, share.tolist()), edges.tolist()

    def clauses(self, which: int) -> list[tuple[str, str]]:
        """What stands before and after each mention of a candidate in its sentence, at most 160 and 80 characters."""
        return [(self._before(row), self._after(row)) for row in self._rows(which)]

    def _is_broad(self, which: int) -> bool:
        """Whether the lexicon calls a name so broad that no paper introduces it."""
        entries = self._chunk.candidates.entries[which]
        return bool(entries) and all(entry.is_broad for entry in entries)

    def _rows(self, which: int) -> range:
        return range(self._chunk.begins[which], self._chunk.begins[which + 1])

    def _before(self, row: int) -> str:
        begin, end = self._sentence_starts[row], self._starts[row]
        return self._text[max(begin, end - 160) : end]

    def _after(self, row: int) -> str:
        begin, end = self._ends[row], self._sentence_ends[row]
        return self._text[begin : min(end, begin + 80)]


def _aliases(surfaces: Sequence[str], name: str, long_form: str) -> tuple[str, ...]:
    if long_form:
        return tuple([s for s in surfaces if s[0] == "\\" or s not in (name, long_form)])
    return tuple([s for s in surfaces if s[0] == "\\"])


def choose_name(chunk: Chunk, which: int, surfaces: Sequence[str]) -> str:
    """The lexicon's name where it knows one; else the long form that the paper gives; else its first spelling in running text.

    Args:
        chunk: Where the candidate is.
        which: Its number.
        surfaces: What `Chunk.surfaces` gives for it.
    """
    candidates = chunk.candidates
    entries, long_form = candidates.entries[which], candidates.long_forms[which]
    if len(entries) == 1:
        return entries[0].name
    if long_form and not candidates.is_own[which]:
        return " ".join(long_form.split())
    if len(surfaces) > 1:
        rules = chunk.rule[chunk.begins[which] : chunk.begins[which + 1]].tolist()
        spelt = [s for s, rule in zip(surfaces, rules, strict=True) if rule != _MACRO] or surfaces
        surfaces = [s for s in spelt[1:] if s.casefold() == spelt[0].casefold()] or spelt
    return " ".join(surfaces[0].split())
