"""From a judged candidate to its statements: the name, the spellings, the relation and the places that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.candidates import Candidate
from kg.extract.document import Document
from kg.extract.mentions import Mention
from kg.extract.places import make_evidence, sentence_number
from kg.extract.relations import RELATIONS
from kg.extract.rules import find_rule, is_trained_on
from kg.records import Statement
from kg.vocabulary import RELATIONS as VOCABULARY
from kg.vocabulary import RESOURCES

_GROUP_KINDS = (("dataset", "benchmark"), ("technique",), ("model",), ("task",))
_BENCH = re.compile(r"\s*(?:benchmark|challenge|leaderboard|test ?set|suite|shared task|competition)", re.I)
_BENCH_NAME = re.compile(r"bench|eval|arena|challenge|glue|leaderboard|semeval", re.I)
_DATA = re.compile(r"\s*(?:dataset|corpus|corpora|data\b|data set|collection)", re.I)
_SECOND = 0.38  # a second relation is stated where it is this probable too
_PLAIN = 0.78  # of labelled resources of which this is plainly said, so many are training data
_LEAST_KIND = 0.02


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of a candidate: kinds and relations with their probability, and for each mention what it alone speaks for."""

    kinds: tuple[tuple[str, float], ...]
    relations: Sequence[float]
    alone: Sequence[Sequence[float]]


def group_of(kind: str) -> int:
    """The number of the group that a kind is judged in; datasets and benchmarks are one."""
    return next(number for number, kinds in enumerate(_GROUP_KINDS) if kind in kinds)


def _benchmark_share(document: Document, candidate: Candidate) -> float:
    """How far a resource is a benchmark rather than a dataset."""
    if candidate.entries:
        first = [entry.kinds[0] for entry in candidate.entries]
        if "benchmark" in first or "dataset" in first:
            return 0.75 if first.count("benchmark") > first.count("dataset") else 0.25
    after = [document.text[m.end : m.end + 16] for m in candidate.mentions]
    bench = sum(bool(_BENCH.match(words)) for words in after)
    data = sum(bool(_DATA.match(words)) for words in after)
    if bench != data:
        return 0.8 if bench > data else 0.2
    return 0.75 if any(_BENCH_NAME.search(document.text[m.start : m.end]) for m in candidate.mentions) else 0.3


def kinds_of(document: Document, candidate: Candidate, shares: Sequence[float], group: int) -> tuple[tuple[str, float], ...]:
    """The kinds with their probability, the best first."""
    found = {kinds[0]: share for kinds, share in zip(_GROUP_KINDS, shares, strict=True)}
    bench = _benchmark_share(document, candidate) if shares[0] >= _LEAST_KIND else 0.0
    found["benchmark"], found["dataset"] = found["dataset"] * bench, found["dataset"] * (1 - bench)
    kept = [(kind, round(share, 4)) for kind, share in found.items() if share >= _LEAST_KIND]
    kept = kept or [(_GROUP_KINDS[group][0], round(float(shares[group]), 4))]
    return tuple(sorted(kept, key=lambda pair: (group_of(pair[0]) != group, -pair[1], pair[0])))


def state_candidate(document: Document, candidate: Candidate, found: Judgement) -> list[Statement]:
    """The statement of the most probable relation, and of a second where that is nearly as probable."""
    kind = found.kinds[0][0]
    order = sorted(range(len(RELATIONS)), key=lambda i: (-found.relations[i], i))
    allowed = [i for i in order if kind in VOCABULARY[RELATIONS[i]].targets]
    chosen = [allowed[0], *(i for i in allowed[1:2] if found.relations[i] >= _SECOND)]
    if kind in RESOURCES and RELATIONS[chosen[0]] not in ("introduces", "trains_on") and _is_training_data(document, candidate):
        also = [i for i in chosen if RELATIONS[i] == "evaluates_on" and len(candidate.mentions) > 1]
        return [_state(document, candidate, found, RELATIONS.index("trains_on"), least=_PLAIN), *(_state(document, candidate, found, i) for i in also)]
    return [_state(document, candidate, found, i) for i in chosen]


def _is_training_data(document: Document, candidate: Candidate) -> bool:
    return any(is_trained_on(_words_before(document, mention)) for mention in candidate.mentions)


def _state(document: Document, candidate: Candidate, found: Judgement, which: int, *, least: float = 0.0) -> Statement:
    text = document.text
    confidence = round(min(1.0, max(least, float(found.relations[which]))), 4)
    order = sorted(range(len(candidate.mentions)), key=lambda i: (-float(found.alone[i][which]), candidate.mentions[i].start))
    relation, kind = RELATIONS[which], found.kinds[0][0]
    evidence = tuple(
        make_evidence(
            document,
            (m := candidate.mentions[i]).start,
            m.end,
            _rule_of(document, m, kind, relation) if rank == 0 else m.rule.removesuffix("-weak"),
            min(confidence, float(found.alone[i][which])) if rank else confidence,
            m.first,
        )
        for rank, i in enumerate(order)
    )
    surfaces = tuple(sorted({text[m.start : m.end] for m in candidate.mentions}))
    name = choose_name(text, candidate)
    aliases = tuple(s for s in surfaces if s.startswith("\\") or (candidate.long_form and s not in (name, candidate.long_form)))
    return Statement(document.paper.id, name, found.kinds, relation, confidence, surfaces, aliases, evidence)


def _rule_of(document: Document, mention: Mention, kind: str, relation: str) -> str:
    if mention.rule in ("title-name", "macro"):
        return mention.rule
    _, last = document.sentences[sentence_number(document, mention.first)]
    rule = find_rule(_words_before(document, mention), document.text[mention.end : document.ends[last - 1]][:80], kind, relation)
    return rule.name if rule is not None else mention.rule.removesuffix("-weak")


def _words_before(document: Document, mention: Mention) -> str:
    """What stands before a name in its sentence, at most 160 characters."""
    first, _ = document.sentences[sentence_number(document, mention.first)]
    return document.text[document.starts[first] : mention.start][-160:]


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
