"""The questions of the speed tables: asked of kg in a fresh process each, and those among them that other stores are asked too."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from kg.graph import Graph


@dataclass(frozen=True, slots=True)
class Scene:
    """Names of one graph to ask of: its hubs, and papers that are linked to them."""

    dataset: str
    technique: str
    model: str
    one: str
    other: str
    word: str


def choose_scene(graph: Path) -> Scene:
    """The most used things of a graph, and the first two papers that name its most used dataset."""
    db = sqlite3.connect(f"file:{graph}?mode=ro&immutable=1", uri=True)

    def most_used(*kinds: str) -> str:
        marks = ", ".join("?" * len(kinds))
        return str(db.execute(f"SELECT id FROM node WHERE kind IN ({marks}) ORDER BY papers DESC, id LIMIT 1", kinds).fetchone()[0])

    dataset = most_used("dataset", "benchmark")
    papers = db.execute(
        """SELECT DISTINCT p.id FROM node d JOIN edge e ON e.target = d.number JOIN node p ON p.number = e.source
           WHERE d.id = ? AND p.kind = 'paper' ORDER BY p.id LIMIT 2""",
        (dataset,),
    ).fetchall()
    scene = Scene(dataset, most_used("technique"), most_used("model"), papers[0][0], papers[-1][0], "graph neural networks")
    db.close()
    return scene


def questions(s: Scene) -> dict[str, tuple[str, ...]]:
    """The commands whose times are told."""
    return {
        "show": ("show", s.dataset),
        "papers, three filters": ("papers", "--about", s.dataset, "--about", s.technique, "--about", s.model),
        "shared": ("shared", s.one, s.other),
        "why": ("why", s.dataset, s.technique),
        "search": ("search", *s.word.split()),
        "related": ("related", s.one),
        "together": ("together", s.dataset),
        "path": ("path", s.one, s.model),
        "rank": ("rank", "dataset"),
        "rank --by pagerank": ("rank", "paper", "--by", "pagerank"),
        "stats": ("stats",),
        "matrix --gaps": ("matrix", "--rows", "technique", "--columns", "benchmark", "--gaps"),
        "groups": ("groups",),
    }


@dataclass(frozen=True, slots=True)
class Comparable:
    """A question that other stores can answer: its name in `questions`, what it asks of, and the answer of kg as a number."""

    command: str
    names: tuple[str, ...]
    answer: int | float | str


def comparable(graph: Path) -> dict[str, Comparable]:
    """The questions that are asked of other stores too, by the name of the method in `benchmarks.stores`."""
    s = choose_scene(graph)
    with Graph(graph) as g:
        answers: dict[str, tuple[str, tuple[str, ...], int | float | str]] = {
            "show": ("show", (s.dataset,), sum(g.show(s.dataset, limit=1).counts.values())),
            "papers": ("papers, three filters", (s.dataset, s.technique, s.model), len(g.papers([(None, n) for n in (s.dataset, s.technique, s.model)]))),
            "shared": ("shared", (s.one, s.other), len(g.shared(s.one, s.other))),
            "together": ("together", (s.dataset,), g.together(s.dataset, order="count", limit=1)[0].count),
            "related": ("related", (s.one,), round(g.related(s.one, limit=1)[0].score, 6)),
            "rank": ("rank", ("dataset",), int(g.rank("dataset", limit=1)[0].value)),
            "path": ("path", (s.one, s.model), round(g.paths(s.one, s.model, count=1)[0].cost, 6)),
            "pagerank": ("rank --by pagerank", ("paper",), g.rank("paper", by="pagerank", limit=1)[0].node.id),
        }
    return {name: Comparable(*found) for name, found in answers.items()}
