"""A question about a few things reads a few rows: no table is gone through from end to end, whatever its size."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from kg.graph import Graph
from kg.query.find import complete_names
from kg.query.papers import PaperFilter
from kg.records import Node

BIG = ("node", "paper", "entry", "identity", "name", "statement", "alias", "place", "entity", "spelling", "refusal", "edge", "support")

QUESTIONS: dict[str, Callable[[Graph], Any]] = {
    "show": lambda g: g.show("CLIP", limit=5),
    "show a paper": lambda g: g.show("Beta: A Model That Sees", limit=5),
    "find by arXiv id": lambda g: g.find("arXiv:2101.00001"),
    "names": lambda g: g.names("CLIP"),
    "papers": lambda g: g.papers(filter=PaperFilter((("uses", "CLIP"), (None, "ImageNet")), (("uses", "LoRA"),), years=(2020, 2024)), limit=5),
    "papers with code": lambda g: g.papers(filter=PaperFilter((("uses", "CLIP"),), with_code=True)),
    "shared": lambda g: g.shared("CLIP", "ImageNet"),
    "related": lambda g: g.related("arXiv:2201.00002", limit=5),
    "together": lambda g: g.together("CLIP", limit=5),
    "path": lambda g: g.paths("GSM8K", "CLIP"),
    "why": lambda g: g.why("CLIP", "ImageNet"),
    "lineage": lambda g: g.lineage("CLIP"),
    "compare": lambda g: g.compare("arXiv:2201.00002", "arXiv:2101.00001"),
    "code of a thing": lambda g: g.code("CLIP"),
    "around": lambda g: g.around("CLIP"),
    "search": lambda g: g.search("low rank", limit=5),
    "completion": lambda g: complete_names(g.db, "CL"),
}


def scans(db: sqlite3.Connection, statement: str) -> list[str]:
    """The steps of a statement's plan that go through a whole big table."""
    if statement.lstrip().split(" ")[0].upper() not in ("SELECT", "WITH", "INSERT"):
        return []
    aliases = {word for table in BIG for word in (table, *_aliases(statement, table))}
    steps = (row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}"))
    return [step for step in steps if step.startswith("SCAN ") and step.split(" ")[1] in aliases]


def _aliases(statement: str, table: str) -> list[str]:
    words = statement.replace(",", " ").replace(")", " ").split()
    return [after for before, after in pairwise(words) if before == table and after.upper() not in ("WHERE", "JOIN", "CROSS", "ORDER", "SET")]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_table_is_gone_through_for_a_question_about_a_few_things(small: Graph, question: str) -> None:
    asked: list[str] = []
    small.db.set_trace_callback(asked.append)
    QUESTIONS[question](small)
    small.db.set_trace_callback(None)
    assert asked
    found = [(step, statement) for statement in dict.fromkeys(asked) if "TEMP" not in statement for step in scans(small.db, statement)]
    assert found == []


def test_the_check_itself_sees_a_scan(small: Graph) -> None:
    assert scans(small.db, "SELECT * FROM edge WHERE confidence > 3")
    assert scans(small.db, "SELECT e.id FROM edge e WHERE e.confidence > 3")
    assert not scans(small.db, "SELECT * FROM edge WHERE source = 3")
    assert small.find("CLIP") == Node("model/clip", "model", "CLIP", 3)
