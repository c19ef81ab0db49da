"""From a judged candidate to its statements: the name, the spellings, the relation and the places that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.candidates import Candidate
from kg.extract.chunk import Chunk
from kg.extract.document import APART
from kg.extract.places import Quote, quote_mentions
from kg.extract.relations import RELATIONS
from kg.extract.rules import find_rule, is_trained_on
from kg.records import Evidence, Statement
from kg.vocabulary import RELATIONS as VOCABULARY
from kg.vocabulary import RESOURCES

_GROUP_KINDS = (("dataset", "benchmark"), ("technique",), ("model",), ("task",))
_GROUP_OF = {kind: number for number, kinds in enumerate(_GROUP_KINDS) for kind in kinds}
_ALLOWED = {kind: tuple(i for i, name in enumerate(RELATIONS) if kind in VOCABULARY[name].targets) for kind in _GROUP_OF}
_BENCH = re.compile(r"\s*(?:benchmark|challenge|leaderboard|test ?set|suite|shared task|competition)", re.I)
_BENCH_NAME = re.compile(r"bench|eval|arena|challenge|glue|leaderboard|semeval", re.I)
_DATA = re.compile(r"\s*(?:dataset|corpus|corpora|data\b|data set|collection)", re.I)
_SECOND = 0.45  # a second relation is stated where it is this probable too
_PLAIN = 0.78  # of labelled resources of which this is plainly said, so many are training data
_OWN = 0.9  # of the names that a title is about ("Name: what it is"), at least so many are the paper's own
_LEAST_KIND = 0.02


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of a candidate: kinds and relations with their probability, and for each mention what it alone speaks for."""

    kinds: tuple[tuple[str, float], ...]
    relations: Sequence[float]
    alone: Sequence[Sequence[float]]


def group_of(kind: str) -> int:
    """The number of the group that a kind is judged in; datasets and benchmarks are one."""
    return _GROUP_OF[kind]


def _benchmark_share(text: str, candidate: Candidate) -> float:
    """How far a resource is a benchmark rather than a dataset."""
    if candidate.entries:
        first = [entry.kinds[0] for entry in candidate.entries]
        if "benchmark" in first or "dataset" in first:
            return 0.75 if first.count("benchmark") > first.count("dataset") else 0.25
    after = [text[m.end : m.end + 16].partition(APART)[0] for m in candidate.mentions]
    bench = sum(bool(_BENCH.match(words)) for words in after)
    data = sum(bool(_DATA.match(words)) for words in after)
    if bench != data:
        return 0.8 if bench > data else 0.2
    return 0.75 if any(_BENCH_NAME.search(text[m.start : m.end]) for m in candidate.mentions) else 0.3


def kinds_of(text: str, candidate: Candidate, shares: Sequence[float], group: int) -> tuple[tuple[str, float], ...]:
    """The kinds with their probability, the best first."""
    kept = [(_GROUP_KINDS[number][0], round(shares[number], 4)) for number in (1, 2, 3) if shares[number] >= _LEAST_KIND]
    if shares[0] >= _LEAST_KIND:
        bench = _benchmark_share(text, candidate)
        resources = (("dataset", shares[0] * (1 - bench)), ("benchmark", shares[0] * bench))
        kept += [(kind, round(share, 4)) for kind, share in resources if share >= _LEAST_KIND]
    if len(kept) > 1:
        kept.sort(key=lambda pair: (_GROUP_OF[pair[0]] != group, -pair[1], pair[0]))
    return tuple(kept) or ((_GROUP_KINDS[group][0], round(shares[group], 4)),)


class Writer:
    """Writes the statements of a chunk's candidates."""

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk
        self._text = chunk.texts.text
        self._quotes = quote_mentions(chunk)
        self._begins, self._owner = chunk.begins.tolist(), chunk.owner.tolist()

    def clauses(self, which: int) -> list[tuple[str, str]]:
        """What stands before and after each mention of a candidate in its sentence, at most 160 and 80 characters."""
        return [(self._before(quote), self._after(quote)) for quote in self._quotes_of(which)]

    def state(self, which: int, found: Judgement) -> list[Statement]:
        """The statement of a candidate's most probable relation, and of a second where that is nearly as probable."""
        kind = found.kinds[0][0]
        candidate, quotes = self._chunk.candidates[which], self._quotes_of(which)
        paper = self._chunk.texts.papers[self._owner[which]].id
        first = max(_ALLOWED[kind], key=found.relations.__getitem__)
        others = [i for i in _ALLOWED[kind] if i != first and found.relations[i] >= _SECOND]
        chosen = [first, max(others, key=found.relations.__getitem__)] if others else [first]
        least = 0.0
        if candidate.is_own and kind != "task" and RELATIONS[first] != "introduces":
            chosen, least = [RELATIONS.index("introduces")], _OWN
        elif kind in RESOURCES and RELATIONS[first] not in ("introduces", "trains_on") and self._is_training_data(quotes):
            also = [i for i in chosen if RELATIONS[i] == "evaluates_on" and len(quotes) > 1]
            chosen, least = [RELATIONS.index("trains_on"), *also], _PLAIN
        spelt = {self._text[quote.start : quote.end] for quote in quotes}
        surfaces = tuple(sorted(spelt) if len(spelt) > 1 else spelt)
        name = choose_name(self._text, candidate)
        aliases = tuple([s for s in surfaces if s[0] == "\\" or (candidate.long_form and s not in (name, candidate.long_form))])
        statements = []
        for i in chosen:
            confidence = round(min(1.0, max(least, found.relations[i])), 4)
            evidence = self._evidence(candidate, quotes, [row[i] for row in found.alone], confidence, RELATIONS[i], kind)
            statements.append(Statement(paper, name, found.kinds, RELATIONS[i], confidence, surfaces, aliases, evidence))
            least = 0.0
        return statements

    def _evidence(
        self, candidate: Candidate, quotes: Sequence[Quote], alone: Sequence[float], confidence: float, relation: str, kind: str
    ) -> tuple[Evidence, ...]:
        """The places of a candidate, the one that speaks most for the relation first."""
        found = []
        order = sorted(range(len(quotes)), key=lambda i: (-alone[i], quotes[i].start)) if len(quotes) > 1 else (0,)
        for rank, i in enumerate(order):
            quote, rule = quotes[i], candidate.mentions[i].rule
            share = confidence
            if rank:
                rule, share = rule.removesuffix("-weak"), round(min(confidence, alone[i]), 4)
            elif rule not in ("title-name", "macro"):
                fitting = find_rule(self._before(quote), self._after(quote), kind, relation)
                rule = fitting.name if fitting is not None else rule.removesuffix("-weak")
            start, end, shift = quote.quote_start, quote.quote_end, quote.shift
            found.append(
                Evidence(quote.field, start - shift, end - shift, self._text[start:end], quote.start - shift, quote.end - shift, rule, share)
            )
        return tuple(found)

    def _quotes_of(self, which: int) -> list[Quote]:
        return self._quotes[self._begins[which] : self._begins[which + 1]]

    def _before(self, quote: Quote) -> str:
        return self._text[quote.sentence_start : quote.start][-160:]

    def _after(self, quote: Quote) -> str:
        return self._text[quote.end : quote.sentence_end][:80]

    def _is_training_data(self, quotes: Sequence[Quote]) -> bool:
        return any(is_trained_on(self._before(quote)) for quote in quotes)


def choose_name(text: str, candidate: Candidate) -> str:
    """The lexicon's name where it knows one; else the long form that the paper gives; else its first spelling in running text."""
    if len(candidate.entries) == 1:
        return candidate.entries[0].name
    if candidate.long_form and not candidate.is_own:
        return " ".join(candidate.long_form.split())
    spelt = [text[m.start : m.end] for m in candidate.mentions if m.rule != "macro"]
    spelt = spelt or [text[candidate.mentions[0].start : candidate.mentions[0].end]]
    later = [s for s in spelt[1:] if s.casefold() == spelt[0].casefold()]
    return " ".join((later[0] if later else spelt[0]).split())
