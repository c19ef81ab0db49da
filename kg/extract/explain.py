"""What was found in a text and what was looked at and turned down, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kg.extract.engine import Extractor
from kg.extract.judge import LEAST
from kg.records import Evidence, Paper
from kg.vocabulary import NAMED

Verdict = Literal["found", "in doubt", "turned down"]
_ENOUGH = 0.5  # alone; what is less sure is decided with what other papers say


@dataclass(frozen=True, slots=True)
class Looked:
    """A name that was looked at: what it may be and how surely, the relation that the words speak for, and why it was judged so.

    `places` has the best place first.
    """

    name: str
    kind: str
    probability: float
    relation: str
    confidence: float
    verdict: Verdict
    reason: str
    places: tuple[Evidence, ...]


def explain_paper(extractor: Extractor, paper: Paper) -> list[Looked]:
    """Everything that was looked at in a paper, in order of its first place; links and cited papers are found or not there."""
    rows = []
    for statement in extractor.consider(paper):
        kind = statement.kinds[0][0]
        share = min(1.0, sum(p for _, p in statement.kinds))
        verdict: Verdict = "found" if kind not in NAMED or share >= _ENOUGH else "in doubt" if share >= LEAST else "turned down"
        reason = _reason(extractor, statement.name, statement.evidence, verdict)
        rows.append(Looked(statement.name, kind, share, statement.relation, statement.confidence, verdict, reason, statement.evidence))
    return sorted(rows, key=lambda row: (_first_place(row), row.name, row.relation))


def _first_place(row: Looked) -> tuple[int, int]:
    fields = {"title": 0, "abstract": 1}
    return min((fields.get(place.field, 2), place.name_start) for place in row.places)


def _reason(extractor: Extractor, name: str, evidence: tuple[Evidence, ...], verdict: Verdict) -> str:
    rule = evidence[0].rule
    known = extractor.lexicon.find(name)
    parts = [f"rule {rule}"]
    if known:
        parts.append("in the lexicon as " + ", ".join(sorted({kind for entry in known for kind in entry.kinds})))
        parts += ["also an ordinary word"] * any(entry.is_word for entry in known) + ["broad"] * any(entry.is_broad for entry in known)
    if verdict == "in doubt":
        parts.append("other papers decide")
    elif verdict == "turned down":
        parts.append("its words and place do not speak for a name")
    return "; ".join(parts)
