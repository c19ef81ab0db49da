"""What very many papers name is read in other ways than what few do: the answers are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from kg.graph import Graph
from kg.query import nodes, papers, related, shared, showing, together
from kg.query.papers import PaperFilter
from kg.records import Entry, Place
from tests.small import statement, write_rows

_KINDS = ("model", "dataset", "technique", "benchmark", "task")
_RELATIONS = ("uses", "evaluates_on", "compares_to", "mentions", "introduces")
_LIMITS = (1, 2, 5)

QUESTIONS: dict[str, Callable[[Graph, int], Any]] = {
    "show": lambda g, limit: g.show("Alpha", limit=limit),
    "show a rarer thing": lambda g, limit: g.show("Thing17", limit=limit),
    "papers": lambda g, limit: g.papers([(None, "Alpha"), ("uses", "Beta"), (None, "Gamma")], limit=limit),
    "papers, any": lambda g, limit: g.papers(filter=PaperFilter(((None, "Thing3"), (None, "Gamma")), match_any=True), limit=limit),
    "papers, not": lambda g, limit: g.papers(filter=PaperFilter(((None, "Alpha"),), ((None, "Beta"),), years=(2021, 2021)), limit=limit),
    "shared": lambda g, limit: g.shared("Alpha", "Gamma", "Beta", limit=limit),
    "shared by papers": lambda g, limit: g.shared("Paper 7: of many things", "Paper 9: of many things", limit=limit),
    "why": lambda g, limit: g.why("Alpha", "Beta", limit=limit),
    "related": lambda g, limit: g.related("Paper 7: of many things", limit=limit),
    "related by several": lambda g, limit: g.related("Paper 8: of many things", min_shared=2, limit=limit),
    **{f"together, {order}": lambda g, limit, order=order: g.together("Alpha", order=order, limit=limit) for order in ("support", "count", "lift")},  # type: ignore[misc]
    "together, surer": lambda g, limit: g.together("Beta", kind="model", min_confidence=0.7, limit=limit),
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """Eighty papers that nearly all name three things, and some of forty others."""
    dice = Random(4)
    names = ["Alpha", "Beta", "Gamma", *(f"Thing{number}" for number in range(40))]
    text = " ".join(names) + " are words of this abstract."
    rows = []
    for number in range(80):
        entry = Entry(f"Paper {number}: of many things", text, Place("made.jsonl", number + 1), year=2020 + number % 3)
        chosen = [name for name in names[:3] if dice.random() < 0.8] + dice.sample(names[3:], 4)
        said = [statement(entry, dice.choice(_RELATIONS), _KINDS[names.index(n) % 5], n, dice.choice((0.6, 0.9))) for n in sorted(chosen)]
        rows.append((entry, said))
    path = tmp_path_factory.mktemp("hubs") / "made.kg"
    write_rows(rows, path)
    with Graph(path) as opened:
        yield opened


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_limit_gives_the_first_of_all(graph: Graph, question: str) -> None:
    every = QUESTIONS[question](graph, 0)
    for limit in _LIMITS:
        found = QUESTIONS[question](graph, limit)
        if question.startswith("show"):
            relations = {(link.edge.relation, link.inverse) for link in every.links}
            wanted = [[link for link in every.links if (link.edge.relation, link.inverse) == relation][:limit] for relation in relations]
            assert sorted(map(repr, found.links)) == sorted(repr(link) for links in wanted for link in links)
        else:
            assert found == every[:limit]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_ways_of_hubs_give_the_same_answers(graph: Graph, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [QUESTIONS[question](graph, limit) for limit in _LIMITS]
    for module, name in ((nodes, "_MANY"), (showing, "_MANY"), (related, "_FREQUENT"), (papers, "_PROBE"), (shared, "_PROBE"), (together, "_LINKS")):
        monkeypatch.setattr(module, name, 0)
    assert [QUESTIONS[question](graph, limit) for limit in _LIMITS] == before
