"""The judgement of candidates: kinds with their probability, the relation, and the statement that comes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.candidates import Candidate
from kg.extract.document import Document
from kg.extract.mentions import GROUPS, Mention
from kg.extract.places import make_evidence, sentence_number
from kg.records import Statement

_LEAST = 0.15
_KIND = {"T": "technique", "M": "model", "K": "task"}
_BENCH = re.compile(r"^\W*(?:benchmark|challenge|leaderboard|test ?set|suite|shared task)|bench\b", re.I)
_DATA = re.compile(r"^\W*(?:dataset|corpus|corpora|data\b|data set)", re.I)
_RULES = (
    (
        "introduces",
        re.compile(
            r"\b(?:introduc\w+|propos\w+|present\w*|develop\w*|releas\w+|call(?:ed)?|dub(?:bed)?|term(?:ed)?|nam(?:ed|ely)|construct\w*|construct|build|create|design)\b[^.;]{0,60}$",
            re.I,
        ),
    ),
    (
        "trains_on",
        re.compile(r"\b(?:train(?:ed|ing)?|pre-?train(?:ed|ing)?|fine-?tun(?:ed?|ing)) (?:\w+ )?(?:on|with|using)\b[^.;]{0,50}$", re.I),
    ),
    (
        "compares_to",
        re.compile(
            r"\b(?:outperform\w*|surpass\w*|compared? (?:to|with)|than|over|beat\w*|against|exceed\w*|baselines?)\b[^.;]{0,40}$", re.I
        ),
    ),
    (
        "evaluates_on",
        re.compile(
            r"\b(?:experiments?|evaluat\w+|results?|benchmark\w*|tested|test|accuracy|performance|achiev\w+|state-of-the-art|score\w*)\b[^;]{0,90}\bon\b[^;]{0,90}$|\bon\b[^.;]{0,40}$",
            re.I,
        ),
    ),
    ("mentions", re.compile(r"\b(?:such as|like|unlike|e\.g\.|existing|previous|recent\w*|while|although|despite)\b[^.;]{0,60}$", re.I)),
)


def _kinds(document: Document, candidate: Candidate) -> tuple[tuple[str, float], ...]:
    mass = [max(m.mass[i] for m in candidate.mentions) for i in range(len(GROUPS))]
    after = " ".join(document.text[m.end : m.end + 20] for m in candidate.mentions)
    total = min(0.97, max(sum(m.mass[:4]) + 0.3 * m.mass[4] for m in candidate.mentions))
    shares: dict[str, float] = {}
    for group, share in zip(GROUPS, mass, strict=True):
        if group == "R":
            is_bench = _BENCH.search(after) or any(entry.kinds[0] == "benchmark" for entry in candidate.entries)
            shares["benchmark" if is_bench and not _DATA.search(after) else "dataset"] = share
        elif group in _KIND:
            shares[_KIND[group]] = share
    if candidate.entries:
        weight = 0.2 if any(entry.is_broad for entry in candidate.entries) else 0.6
        for entry in candidate.entries:
            for kind in entry.kinds[:1]:
                shares[kind] = shares.get(kind, 0.0) + weight / len(candidate.entries)
        total = min(0.97, total + (0.1 if weight < 0.5 else 0.4))
    if candidate.is_own:
        total = min(0.97, total + 0.3)
        shares["technique"] = shares.get("technique", 0.0) + 0.1
    norm = sum(shares.values()) or 1.0
    found = [(kind, round(total * share / norm, 4)) for kind, share in shares.items() if total * share / norm >= 0.02]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _relation(document: Document, candidate: Candidate, kind: str) -> tuple[str, float, Mention]:
    if candidate.is_own:
        return "introduces", 0.9, candidate.mentions[0]
    for mention in candidate.mentions:
        first, _ = document.sentences[sentence_number(document, mention.first)]
        before = document.text[document.starts[first] : mention.start]
        for relation, pattern in _RULES:
            if (
                pattern.search(before)
                and not (relation == "introduces" and kind == "task")
                and not (relation == "trains_on" and kind not in ("dataset", "benchmark"))
            ):
                if kind == "task" and relation in ("evaluates_on", "trains_on", "compares_to"):
                    return "addresses", 0.6, mention
                return relation, 0.6, mention
    usual = {"task": "addresses", "dataset": "evaluates_on", "benchmark": "evaluates_on", "model": "uses", "technique": "uses"}
    return usual[kind], 0.5, candidate.mentions[0]


def judge_candidates(document: Document, candidates: Sequence[Candidate]) -> list[Statement]:
    """The statements of the candidates that may be names."""
    statements = []
    for candidate in candidates:
        kinds = _kinds(document, candidate)
        if not kinds or sum(p for _, p in kinds) < _LEAST:
            continue
        relation, confidence, best = _relation(document, candidate, kinds[0][0])
        statements.append(state_candidate(document, candidate, kinds, (relation, confidence), best))
    return statements


def state_candidate(
    document: Document, candidate: Candidate, kinds: tuple[tuple[str, float], ...], relation: tuple[str, float], best: Mention
) -> Statement:
    """The statement of a candidate: the best place first, then all others in order."""
    text = document.text
    ordered = [best, *(m for m in candidate.mentions if m is not best)]
    evidence = tuple(make_evidence(document, m.start, m.end, m.rule, relation[1]) for m in ordered)
    surfaces = tuple(sorted({text[m.start : m.end] for m in candidate.mentions}))
    name = choose_name(text, candidate)
    aliases = tuple(
        surface for surface in surfaces if surface.startswith("\\") or (candidate.long_form and surface not in (name, candidate.long_form))
    )
    return Statement(document.paper.id, name, kinds, relation[0], relation[1], surfaces, aliases, evidence)


def choose_name(text: str, candidate: Candidate) -> str:
    """The lexicon's name where it knows one; else the long form that the paper gives; else its first spelling in running text."""
    if len(candidate.entries) == 1:
        return candidate.entries[0].name
    if candidate.long_form and not candidate.is_own:
        return " ".join(candidate.long_form.split())
    spelt = [text[m.start : m.end] for m in candidate.mentions if m.rule != "macro"] or [
        text[candidate.mentions[0].start : candidate.mentions[0].end]
    ]
    later = [s for s in spelt[1:] if s.casefold() == spelt[0].casefold()]
    return " ".join((later[0] if later else spelt[0]).split())
