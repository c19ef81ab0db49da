"""Statements as plain values: packed for another process, and as lines of a file that can come from anywhere.

A line says of one paper all that its text states: `{"paper": id, "statements": [...]}`, each statement with the fields of
`kg.records.Statement`. The paper is known by its id and checked by its text: every quote must stand where its evidence says.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from typing import Any

from kg.fields import read_field
from kg.records import Evidence, Paper, Statement
from kg.vocabulary import KINDS, RELATIONS

Plain = tuple[Any, ...]


def pack_statements(statements: Iterable[Statement]) -> bytes:
    """The statements of one paper as bytes; for another process of the same Python, not for a file."""
    return marshal.dumps([_plain(statement) for statement in statements])


def restore_statements(packed: bytes, paper: Paper) -> tuple[Statement, ...] | None:
    """The statements that `pack_statements` packed, or None where a quote does not stand in the paper's text."""
    statements = tuple(_statement(plain, paper.id) for plain in marshal.loads(packed))
    return statements if all(_stands(e, paper) for statement in statements for e in statement.evidence) else None


def _plain(s: Statement) -> Plain:
    places = [(e.field, e.start, e.end, e.quote, e.name_start, e.name_end, e.rule, e.confidence) for e in s.evidence]
    return s.name, s.kinds, s.relation, s.confidence, s.surfaces, s.aliases, places, s.entity


def _statement(plain: Plain, paper: str) -> Statement:
    name, kinds, relation, confidence, surfaces, aliases, places, entity = plain
    return Statement(paper, name, kinds, relation, confidence, surfaces, aliases, tuple(Evidence(*place) for place in places), entity)


def _stands(e: Evidence, paper: Paper) -> bool:
    text = read_field(paper, e.field)
    return 0 <= e.start <= e.name_start < e.name_end <= e.end <= len(text) and text[e.start : e.end] == e.quote


def to_json(paper: str, statements: Sequence[Statement]) -> dict[str, Any]:
    """What one paper states as an object of JSON values."""
    return {
        "paper": paper,
        "statements": [
            {
                "name": s.name, "kinds": dict(s.kinds), "relation": s.relation, "confidence": s.confidence, "surfaces": list(s.surfaces),
                "aliases": list(s.aliases),
                "evidence": [
                    {"field": e.field, "start": e.start, "end": e.end, "quote": e.quote, "name_start": e.name_start, "name_end": e.name_end,
                     "rule": e.rule, "confidence": e.confidence}
                    for e in s.evidence
                ],
            }
            for s in statements
        ],
    }  # fmt: skip


def from_json(value: dict[str, Any]) -> tuple[str, tuple[Statement, ...]]:
    """The paper's id and the statements that `to_json` made an object of.

    Raises:
        KeyError, TypeError, ValueError: Where the object is none of that form.
    """
    paper = str(value["paper"])
    return paper, tuple(_from_object(paper, s) for s in value["statements"])


def _from_object(paper: str, s: dict[str, Any]) -> Statement:
    kinds = tuple((str(kind), float(share)) for kind, share in s["kinds"].items())
    evidence = tuple(
        Evidence(
            str(e["field"]),
            int(e["start"]),
            int(e["end"]),
            str(e["quote"]),
            int(e["name_start"]),
            int(e["name_end"]),
            str(e["rule"]),
            float(e["confidence"]),
        )
        for e in s["evidence"]
    )
    if not evidence or not kinds:
        raise ValueError("a statement needs a kind and evidence")
    if str(s["relation"]) not in RELATIONS or not {kind for kind, _ in kinds} <= set(KINDS):
        raise ValueError(f"unknown relation or kind: {s['relation']!r}, {', '.join(kind for kind, _ in kinds)}")
    surfaces, aliases = (tuple(str(name) for name in s.get(field, ())) for field in ("surfaces", "aliases"))
    confidence = float(s["confidence"])
    if not all(0.0 <= share <= 1.0 for share in (confidence, *dict(kinds).values(), *(e.confidence for e in evidence))):
        raise ValueError("a share or a confidence is not between 0 and 1")
    return Statement(paper, str(s["name"]), kinds, str(s["relation"]), confidence, surfaces, aliases, evidence)
