"""From judged candidates to their statements: the name, the spellings, the relation and the places that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kg.columns import EvidenceColumns, Objects, StatementColumns, rows_of, to_objects
from kg.extract.arrays import Flags, Floats, Numbers
from kg.extract.chunk import Chunk
from kg.extract.document import APART
from kg.extract.mentions import RULES as MENTION_RULES
from kg.extract.places import quote_places
from kg.extract.relations import RELATIONS
from kg.extract.rules import NEAR, REACH, find_rule, is_trained_on
from kg.vocabulary import KINDS, RESOURCES
from kg.vocabulary import RELATIONS as VOCABULARY

_GROUP_KINDS = (("dataset", "benchmark"), ("technique",), ("model",), ("task",))
_GROUP_OF = {kind: number for number, kinds in enumerate(_GROUP_KINDS) for kind in kinds}
_GROUP = np.array([_GROUP_OF.get(kind, -1) for kind in KINDS])
_NAMED = np.array([KINDS.index(kind) for kinds in _GROUP_KINDS for kind in kinds])
_HEADS = np.array([KINDS.index(kinds[0]) for kinds in _GROUP_KINDS])  # what a group is where no kind in it is likely
_BY_NAME = np.argsort(np.array(KINDS))
_ALLOWED = np.array([[kind in VOCABULARY[name].targets for name in RELATIONS] for kind in KINDS], np.bool_)
_TASK = KINDS.index("task")
_ARE_RESOURCES = np.array([kind in RESOURCES for kind in KINDS], np.bool_)
_RELATIONS = to_objects(RELATIONS)
_INTRODUCES, _TRAINS_ON, _EVALUATES_ON = (RELATIONS.index(name) for name in ("introduces", "trains_on", "evaluates_on"))
_ARE_NEAR = np.array([name in NEAR for name in RELATIONS], np.bool_)
_PLACE_RULES = to_objects([rule.removesuffix("-weak") for rule in MENTION_RULES])
_HAS_CLAUSE = np.array([rule not in ("title-name", "macro") for rule in MENTION_RULES])  # where these found a name, they are the evidence
_MACRO = MENTION_RULES.index("macro")
_BENCH = re.compile(r"\s*(?:benchmark|challenge|leaderboard|test ?set|suite|shared task|competition)", re.I)
_BENCH_NAME = re.compile(r"bench|eval|arena|challenge|glue|leaderboard|semeval", re.I)
_DATA = re.compile(r"\s*(?:dataset|corpus|corpora|data\b|data set|collection)", re.I)
_SECOND = 0.45  # a second relation is stated where it is this probable too
_PLAIN = 0.78  # of labelled resources of which this is plainly said, so many are training data
_OWN = 0.9  # of the names that a title is about ("Name: what it is"), at least so many are the paper's own
_LEAST_KIND = 0.02
_BACKSLASH = ord("\\")
_SURE = 1e-6  # so far from the middle between two numbers, rounding is not in doubt


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of the candidates `which`, in ascending order: shares of `KINDS`, the best of them, and the relations' probabilities.

    `alone` holds what each mention alone speaks for, the rows of one candidate after those of the other.
    """

    which: Numbers
    kind: Numbers
    shares: Floats
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


def kinds_of(chunk: Chunk, which: Numbers, shares: Floats) -> tuple[Numbers, Floats]:
    """The best kind of some candidates, of which the share of each group is given, and the shares of all `KINDS`, 0 where it is small."""
    group = shares.argmax(1)
    bench = np.zeros(len(which))
    resources = np.flatnonzero(shares[:, 0] >= _LEAST_KIND)
    bench[resources] = [_benchmark_share(chunk, number) for number in which[resources].tolist()]
    each = np.zeros((len(which), len(KINDS)))
    each[:, _NAMED] = np.column_stack([shares[:, 0] * (1 - bench), shares[:, 0] * bench, shares[:, 1:]])
    kept = each >= _LEAST_KIND
    none = np.flatnonzero(~kept.any(1))
    first = _HEADS[group[none]]
    kept[none, first], each[none, first] = True, shares[none, group[none]]
    found = np.where(kept, round_all(each), 0.0)
    order = found + 2.0 * (kept & (group[:, None] == _GROUP))  # those of the best group come first, of equal ones the first by name
    return _BY_NAME[order[:, _BY_NAME].argmax(1)], found


class Writer:
    """Writes the statements of a chunk's candidates."""

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk

    def state(self, judged: Judged) -> StatementColumns:
        """For each candidate the statement of its most probable relation, and of a second that is nearly as probable."""
        chunk = self._chunk
        number, relation, confidence = self._relations(judged)
        names, surfaces, aliases = (column[number] for column in _spell(chunk, judged.which))
        places, evidence = self._evidence(judged, number, relation, confidence)
        return StatementColumns(
            chunk.owner[judged.which[number]], names, judged.kind[number], judged.shares[number], _RELATIONS[relation], confidence,
            surfaces, aliases, np.full(len(number), "", np.object_), places, evidence,
        )  # fmt: skip

    def _relations(self, judged: Judged) -> tuple[Numbers, Numbers, Floats]:
        """For each statement the candidate's number in `judged`, the relation's, and the confidence."""
        every = np.arange(len(judged.which))
        found = np.where(_ALLOWED[judged.kind], judged.relations, -1.0)
        broad = np.fromiter((self._is_broad(number) for number in judged.which.tolist()), np.bool_, len(every))
        found[broad, _INTRODUCES] = -1.0
        first = found.argmax(1)
        found[every, first] = -1.0
        second = np.where(found.max(1, initial=-1.0) >= _SECOND, found.argmax(1), -1)
        own = self._chunk.candidates.is_own[judged.which] & (judged.kind != _TASK) & (first != _INTRODUCES) & ~broad
        first[own], second[own] = _INTRODUCES, -1
        least = np.where(own, _OWN, 0.0)
        trained = np.flatnonzero(_ARE_RESOURCES[judged.kind] & (first != _INTRODUCES) & (first != _TRAINS_ON))
        trained = trained[self._are_trained_on(judged.which[trained])]
        also = ((first[trained] == _EVALUATES_ON) | (second[trained] == _EVALUATES_ON)) & (self._counts(judged.which[trained]) > 1)
        first[trained], second[trained], least[trained] = _TRAINS_ON, np.where(also, _EVALUATES_ON, -1), _PLAIN
        both = np.column_stack([first, second])
        stated = both >= 0
        number, relation = np.repeat(every, stated.sum(1)), both[stated]
        share = judged.relations[number, relation]
        share = np.where(relation == first[number], np.maximum(least[number], share), share)
        return number, relation, round_all(np.minimum(1.0, share))

    def _evidence(self, judged: Judged, number: Numbers, relation: Numbers, confidence: Floats) -> tuple[Numbers, EvidenceColumns]:
        """How many places each statement has, and the places, of each first the one that speaks most for the relation."""
        chunk, which = self._chunk, judged.which[number]
        places, row = self._counts(which), chunk.rows(which)
        statement, best = np.repeat(np.arange(len(number)), places), np.cumsum(places) - places
        heard = rows_of(np.append(0, np.cumsum(self._counts(judged.which))), number)
        alone = judged.alone[heard, relation[statement]]
        order = np.lexsort((chunk.start[row], -alone, statement))
        row, share = row[order], round_all(np.minimum(confidence[statement], alone[order]))
        share[best] = confidence
        rules = _PLACE_RULES[chunk.rule[row]]
        rules[best] = self._rules(row[best], judged.kind[number], relation)
        return places, quote_places(chunk, row, rules, share)

    def _rules(self, rows: Numbers, kind: Numbers, relation: Numbers) -> Objects:
        """For each of some mentions what says that a thing of a kind stands in a relation: the clause around it, else what found it."""
        rules = _PLACE_RULES[self._chunk.rule[rows]]
        said = np.flatnonzero(_HAS_CLAUSE[self._chunk.rule[rows]])
        kinds, relations = map(KINDS.__getitem__, kind[said].tolist()), map(RELATIONS.__getitem__, relation[said].tolist())
        before = self._before(rows[said], _ARE_NEAR[relation[said]])
        fitting = map(find_rule, before, self._after(rows[said]), kinds, relations)
        rules[said] = [rule.name if rule else found for rule, found in zip(fitting, rules[said].tolist(), strict=True)]
        return rules

    def clauses(self, which: int) -> list[tuple[str, str]]:
        """What stands before and after each mention of a candidate in its sentence, at most 160 and 80 characters."""
        rows = self._chunk.rows(np.array([which]))
        return list(zip(self._before(rows), self._after(rows), strict=True))

    def _before(self, rows: Numbers, are_near: Flags | None = None) -> list[str]:
        """What stands before each of some mentions in its sentence; where it need only be near, the last words of that."""
        texts, ends = self._chunk.texts, self._chunk.start[rows]
        begins = np.maximum(texts.starts[self._chunk.sentence_first[rows]], ends - 160)
        if are_near is not None:
            words = texts.starts[np.append(True, texts.starts[1:] > texts.stops[:-1])]
            near = words[np.maximum(np.searchsorted(words, ends[are_near]) - REACH, 0)]
            begins[are_near] = np.maximum(begins[are_near], near)
        return self._cut(begins, ends)

    def _after(self, rows: Numbers) -> list[str]:
        begins = self._chunk.end[rows]
        return self._cut(begins, np.minimum(self._chunk.texts.stops[self._chunk.sentence_last[rows] - 1], begins + 80))

    def _cut(self, begins: Numbers, ends: Numbers) -> list[str]:
        text = self._chunk.texts.text
        return [text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]

    def _are_trained_on(self, which: Numbers) -> Flags:
        """Of which candidates the words before some mention say plainly that something is trained on them."""
        rows = self._chunk.rows(which)
        said = np.fromiter(map(is_trained_on, self._before(rows)), np.bool_, len(rows))
        found = np.zeros(len(which), np.bool_)
        found[np.repeat(np.arange(len(which)), self._counts(which))[said]] = True
        return found

    def _counts(self, which: Numbers) -> Numbers:
        return np.diff(self._chunk.begins)[which]

    def _is_broad(self, which: int) -> bool:
        """Whether the lexicon calls a name so broad that no paper introduces it."""
        entries = self._chunk.candidates.entries[which]
        return bool(entries) and all(entry.is_broad for entry in entries)


def _spell(chunk: Chunk, which: Numbers) -> tuple[Objects, Objects, Objects]:
    """For each of some candidates its name, its distinct spellings, and what the paper says are other names of it."""
    rows, counts, numbers = chunk.rows(which), np.diff(chunk.begins)[which], which.tolist()
    spelt = chunk.spelt(rows)
    each = [spelt[begin:end] for begin, end in pairwise(np.append(0, np.cumsum(counts)).tolist())]
    names = to_objects([choose_name(chunk, number, own) for number, own in zip(numbers, each, strict=True)])
    surfaces = to_objects([tuple(own) if len(own) == 1 else tuple(sorted({*own})) for own in each])
    long_forms = list(map(chunk.candidates.long_forms.__getitem__, numbers))
    has_others = np.fromiter(map(bool, long_forms), np.bool_, len(which))
    has_others[np.repeat(np.arange(len(which)), counts)[chunk.texts.characters.codes[chunk.start[rows]] == _BACKSLASH]] = True
    aliases = to_objects([()] * len(which))
    for at in np.flatnonzero(has_others).tolist():
        aliases[at] = _aliases(surfaces[at], names[at], long_forms[at])
    return names, surfaces, aliases


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
