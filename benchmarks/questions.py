"""The questions of the speed tables: asked of kg in a fresh process each, and the same of other stores by programs of a few lines.

    python -m benchmarks.questions make networkx GRAPH.kg STORE     the other store, made once from the graph
    python -m benchmarks.questions ask networkx STORE show HUB
"""

from __future__ import annotations

import pickle
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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


_EDGES = """SELECT a.id, e.relation, b.id FROM edge e JOIN node a ON a.number = e.source JOIN node b ON b.number = e.target"""


def _edges(graph: Path) -> Any:
    return sqlite3.connect(f"file:{graph}?mode=ro&immutable=1", uri=True).execute(_EDGES)


def make_networkx(graph: Path, store: Path) -> None:
    """A pickled MultiDiGraph."""
    import networkx

    made: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    made.add_edges_from((a, b, relation) for a, relation, b in _edges(graph))
    with store.open("wb") as stream:
        pickle.dump(made, stream, protocol=5)


def make_oxigraph(graph: Path, store: Path) -> None:
    """An Oxigraph store on disk."""
    from pyoxigraph import NamedNode, Quad, Store

    opened = Store(str(store))
    opened.bulk_extend(Quad(NamedNode(f"urn:{a}"), NamedNode(f"urn:{relation}"), NamedNode(f"urn:{b}")) for a, relation, b in _edges(graph))
    opened.flush()


def make_duckdb(graph: Path, store: Path) -> None:
    """A DuckDB file with one table, sorted both ways as its indexes want it."""
    import duckdb
    import pyarrow

    columns = list(zip(*_edges(graph), strict=True))
    table = pyarrow.table({name: pyarrow.array(column) for name, column in zip(("source", "relation", "target"), columns, strict=True)})
    with duckdb.connect(str(store)) as db:
        db.register("found", table)
        db.execute("CREATE TABLE edge AS SELECT * FROM found ORDER BY target, source")
        db.execute("CREATE INDEX edge_source ON edge (source)")
        db.execute("CREATE INDEX edge_target ON edge (target)")


def ask_networkx(store: Path, question: str, names: list[str]) -> int:
    """Load the graph, and ask."""
    with store.open("rb") as stream:
        graph = pickle.load(stream)
    if question == "show":
        return len(graph.in_edges(names[0]))
    if question == "papers":
        return len(set.intersection(*(set(graph.predecessors(name)) for name in names)))
    return len(set(graph.successors(names[0])) & set(graph.successors(names[1])))


_SPARQL = {
    "show": "SELECT (count(*) AS ?n) {{ ?p ?r <urn:{0}> }}",
    "papers": "SELECT (count(DISTINCT ?p) AS ?n) {{ ?p ?a <urn:{0}> . ?p ?b <urn:{1}> . ?p ?c <urn:{2}> }}",
    "shared": "SELECT (count(DISTINCT ?x) AS ?n) {{ <urn:{0}> ?a ?x . <urn:{1}> ?b ?x }}",
}


def ask_oxigraph(store: Path, question: str, names: list[str]) -> int:
    """Open the store, and ask in SPARQL."""
    from pyoxigraph import Store

    rows: Any = Store.read_only(str(store)).query(_SPARQL[question].format(*names))
    return int(next(iter(rows))["n"].value)


_SQL = {
    "show": "SELECT count(*) FROM edge WHERE target = ?",
    "papers": """SELECT count(*) FROM (SELECT source FROM edge WHERE target = ? INTERSECT SELECT source FROM edge WHERE target = ?
        INTERSECT SELECT source FROM edge WHERE target = ?)""",
    "shared": "SELECT count(*) FROM (SELECT target FROM edge WHERE source = ? INTERSECT SELECT target FROM edge WHERE source = ?)",
}


def ask_duckdb(store: Path, question: str, names: list[str]) -> int:
    """Open the file, and ask in SQL."""
    import duckdb

    with duckdb.connect(str(store), read_only=True) as db:
        (found,) = db.execute(_SQL[question], names).fetchone() or (0,)
    return int(found)


MAKE: dict[str, Callable[[Path, Path], None]] = {"networkx": make_networkx, "oxigraph": make_oxigraph, "duckdb": make_duckdb}
ASK: dict[str, Callable[[Path, str, list[str]], int]] = {"networkx": ask_networkx, "oxigraph": ask_oxigraph, "duckdb": ask_duckdb}


def main() -> None:
    """Make a store, or ask it."""
    what, tool, *rest = sys.argv[1:]
    if what == "make":
        MAKE[tool](Path(rest[0]), Path(rest[1]))
    else:
        print(ASK[tool](Path(rest[0]), rest[1], rest[2:]))


if __name__ == "__main__":
    main()
