"""Other stores that could hold the graph, and the same questions asked of each in a few lines; answers are numbers, so that they can be compared.

    python -m benchmarks.stores make duckdb GRAPH.kg STORE      made once from the graph
    python -m benchmarks.stores ask duckdb STORE show NAME      a fresh process opens or loads the store, asks, and prints the answer
"""

from __future__ import annotations

import json
import pickle
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import Any

from kg.query.nodes import rarity
from kg.query.paths import STEP
from kg.vocabulary import NAMED, RELATIONS, TO_LINKED, TO_NAMED

Row = tuple[Any, ...]
_EDGES = "SELECT a.id, e.relation, b.id, e.confidence FROM edge e JOIN node a ON a.number = e.source JOIN node b ON b.number = e.target"
# what names a node: for a paper, that it is cited
_NODES = """SELECT id, kind, CASE kind WHEN 'paper' THEN (SELECT count(*) FROM edge WHERE target = number AND relation = 'cites') ELSE papers END,
    CASE kind WHEN 'paper' THEN (SELECT count(*) FROM edge WHERE target = number) ELSE papers END FROM node"""
_INTRODUCED = "SELECT p.id, n.id FROM introduced i JOIN node p ON p.number = i.paper JOIN node n ON n.number = i.entity"
_FROM_PAPER = frozenset(name for name, relation in RELATIONS.items() if relation.source == "paper")


def _rows(graph: Path, query: str) -> Iterator[Row]:
    return sqlite3.connect(f"file:{graph}?mode=ro&immutable=1", uri=True).execute(query)


class Networkx:
    """A pickled MultiDiGraph: loading it is part of every answer."""

    @staticmethod
    def make(graph: Path, store: Path) -> None:
        """Write the pickle."""
        import networkx

        made: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        for identity, kind, named, passed in _rows(graph, _NODES):
            made.add_node(identity, kind=kind, named=named, passed=passed)
        made.add_edges_from((a, b, relation, {"sure": sure / 1000}) for a, relation, b, sure in _rows(graph, _EDGES))
        made.graph["introduced"] = set(_rows(graph, _INTRODUCED))
        with store.open("wb") as stream:
            pickle.dump(made, stream, protocol=5)

    def __init__(self, store: Path) -> None:
        with store.open("rb") as stream:
            self._graph = pickle.load(stream)

    def _naming(self, name: str) -> set[str]:
        return {a for a, _, relation in self._graph.in_edges(name, keys=True) if relation in _FROM_PAPER}

    def show(self, name: str) -> int:
        """How many links a thing has."""
        return len(self._graph.in_edges(name)) + len(self._graph.out_edges(name))

    def papers(self, *names: str) -> int:
        """How many papers have links to all of some things."""
        return len(set.intersection(*map(self._naming, names)))

    def shared(self, *names: str) -> int:
        """How many nodes are linked to each of some."""
        return len(set.intersection(*({*self._graph.successors(n), *self._graph.predecessors(n)} for n in names)) - set(names))

    def together(self, name: str) -> int:
        """In how many papers the thing stands that most papers name along with one."""
        kinds = self._graph.nodes
        counts = Counter(other for paper in self._naming(name) for other in self._graph.successors(paper) if kinds[other]["kind"] in NAMED and other != name)
        return max(counts.values())

    def related(self, paper: str) -> float:
        """The score of the paper most related to one."""
        total = sum(kind == "paper" for _, kind in self._graph.nodes(data="kind"))
        sums: Counter[str] = Counter()
        for thing, sure in self._surest(paper, self._graph.succ).items():
            weight = rarity(self._graph.nodes[thing]["named"], total)
            for other, also in self._surest(thing, self._graph.pred).items():
                sums[other] += weight * sure * also  # type: ignore[assignment]
        del sums[paper]
        return round(max(sums.values()), 6)

    @staticmethod
    def _surest(node: str, links: Any) -> dict[str, float]:
        naming = {other: [d["sure"] for r, d in edges.items() if r in _FROM_PAPER and r != "builds_on"] for other, edges in links[node].items()}
        return {other: max(sure) for other, sure in naming.items() if sure}

    def rank(self, kind: str) -> int:
        """How many papers name the most named thing of a kind."""
        return max(len(self._naming(n)) for n, found in self._graph.nodes(data="kind") if found == kind)

    def pagerank(self, kind: str) -> str:
        """The first of a kind by PageRank, as a reader walks."""
        import networkx

        walk: networkx.DiGraph[str] = networkx.DiGraph()
        walk.add_nodes_from(n for n, found in self._graph.nodes(data="kind") if found in ("paper", *NAMED))
        followed, introduced = {*TO_NAMED, *TO_LINKED, "cites"}, self._graph.graph["introduced"]
        for a, b, relation, sure in self._graph.edges(keys=True, data="sure"):
            if relation in followed and b in walk:
                a, b = (b, a) if relation == "introduces" and (a, b) in introduced else (a, b)
                walk.add_edge(a, b, weight=sure + (walk.edges[a, b]["weight"] if walk.has_edge(a, b) else 0))
        ranks = networkx.pagerank(walk, tol=1e-12, max_iter=500)
        best: tuple[float, str] = min((-rank, n) for n, rank in ranks.items() if self._graph.nodes[n]["kind"] == kind)
        return best[1]

    def path(self, one: str, other: str) -> float:
        """The cost of the best path."""
        import networkx

        def cost(a: str, b: str, edges: Any) -> float:
            passing = sum(log2(max(1, self._graph.nodes[n]["passed"])) / 2 for n in (a, b) if n not in (one, other))
            return float(passing + STEP - log2(max(d["sure"] for d in edges.values())))

        return round(float(networkx.bidirectional_dijkstra(self._graph.to_undirected(as_view=True), one, other, weight=cost)[0]), 6)


class Oxigraph:
    """An Oxigraph store on disk."""

    @staticmethod
    def make(graph: Path, store: Path) -> None:
        """Write the store."""
        from pyoxigraph import NamedNode, Quad, Store

        opened = Store(str(store))
        opened.bulk_extend(Quad(NamedNode(f"urn:{a}"), NamedNode(f"urn:{relation}"), NamedNode(f"urn:{b}")) for a, relation, b, _ in _rows(graph, _EDGES))
        opened.bulk_extend(Quad(NamedNode(f"urn:{n}"), NamedNode("urn:kind"), NamedNode(f"urn:{kind}")) for n, kind, *_ in _rows(graph, _NODES))
        opened.flush()

    def __init__(self, store: Path) -> None:
        from pyoxigraph import Store

        self._store = Store.read_only(str(store))

    def _ask(self, query: str) -> int:
        rows: Any = self._store.query(query)
        return int(next(iter(rows))["n"].value)

    def show(self, name: str) -> int:
        """How many links a thing has."""
        return self._ask(f"SELECT (count(*) AS ?n) {{ {{ ?p ?r <urn:{name}> }} UNION {{ <urn:{name}> ?r ?q FILTER(?r != <urn:kind>) }} }}")

    def papers(self, *names: str) -> int:
        """How many papers have links to all of some things."""
        return self._ask(f"SELECT (count(DISTINCT ?p) AS ?n) {{ {self._naming(*names)} ?p <urn:kind> <urn:paper> }}")

    @staticmethod
    def _naming(*names: str) -> str:
        return " ".join(f"?p ?r{i} <urn:{name}> ." for i, name in enumerate(names))

    def shared(self, *names: str) -> int:
        """How many nodes are linked to each of some."""
        sides = " ".join(f"{{ <urn:{n}> ?a{i} ?x }} UNION {{ ?x ?b{i} <urn:{n}> }}" for i, n in enumerate(names))
        return self._ask(f"SELECT (count(DISTINCT ?x) AS ?n) {{ {sides} ?x <urn:kind> ?kind }}")

    def together(self, name: str) -> int:
        """In how many papers the thing stands that most papers name along with one."""
        kinds = ", ".join(f"<urn:{kind}>" for kind in NAMED)
        return self._ask(
            f"""SELECT (count(DISTINCT ?p) AS ?n) {{ ?p ?r <urn:{name}> . ?p <urn:kind> <urn:paper> . ?p ?s ?x . ?x <urn:kind> ?kind
                FILTER(?kind IN ({kinds}) && ?x != <urn:{name}>) }} GROUP BY ?x ORDER BY DESC(?n) LIMIT 1"""
        )

    def rank(self, kind: str) -> int:
        """How many papers name the most named thing of a kind."""
        return self._ask(
            f"SELECT (count(DISTINCT ?p) AS ?n) {{ ?x <urn:kind> <urn:{kind}> . ?p ?r ?x . ?p <urn:kind> <urn:paper> }} GROUP BY ?x ORDER BY DESC(?n) LIMIT 1"
        )


class Duckdb:
    """A DuckDB file, sorted as most questions want it, with indexes."""

    @staticmethod
    def make(graph: Path, store: Path) -> None:
        """Write the file."""
        import duckdb
        import pyarrow

        with duckdb.connect(str(store)) as db:
            for name, query, columns in (("edge", _EDGES, ("source", "relation", "target", "sure")), ("node", _NODES, ("id", "kind", "named", "passed"))):
                values = zip(*_rows(graph, query), strict=True)
                db.register("found", pyarrow.table({column: pyarrow.array(held) for column, held in zip(columns, values, strict=True)}))
                db.execute(f"CREATE TABLE {name} AS SELECT * FROM found ORDER BY {'target, source' if name == 'edge' else 'id'}")
                db.unregister("found")
            for column in ("edge (source)", "edge (target)", "node (id)"):
                db.execute(f"CREATE INDEX {column.translate(str.maketrans(' (', '__', ')'))} ON {column}")

    def __init__(self, store: Path) -> None:
        import duckdb

        self._db = duckdb.connect(str(store), read_only=True)

    def _ask(self, query: str, *values: object) -> Any:
        return (self._db.execute(query, list(values)).fetchone() or (0,))[0]

    def show(self, name: str) -> int:
        """How many links a thing has."""
        return int(self._ask("SELECT (SELECT count(*) FROM edge WHERE target = $1) + (SELECT count(*) FROM edge WHERE source = $1)", name))

    def papers(self, *names: str) -> int:
        """How many papers have links to all of some things."""
        return int(self._ask(f"SELECT count(*) FROM ({' INTERSECT '.join([_NAMING] * len(names))})", *names))

    def shared(self, *names: str) -> int:
        """How many nodes are linked to each of some."""
        near = "(SELECT target AS n FROM edge WHERE source = ? UNION SELECT source FROM edge WHERE target = ?)"
        return int(self._ask(f"SELECT count(*) FROM ({' INTERSECT '.join([f'SELECT n FROM {near}'] * len(names))})", *(n for name in names for n in (name, name))))

    def together(self, name: str) -> int:
        """In how many papers the thing stands that most papers name along with one."""
        return int(
            self._ask(
                f"""SELECT count(DISTINCT e.source) AS n FROM edge e JOIN node o ON o.id = e.target WHERE e.source IN ({_NAMING})
                    AND o.kind IN {NAMED} AND e.target != ? GROUP BY e.target ORDER BY n DESC LIMIT 1""", name, name,
            )
        )  # fmt: skip

    def related(self, paper: str) -> float:
        """The score of the paper most related to one."""
        naming = f"relation != 'builds_on' AND relation IN {tuple(sorted(_FROM_PAPER))}"
        query = f"""WITH total AS (SELECT count(*) AS papers FROM node WHERE kind = 'paper'),
            own AS (SELECT target, max(sure) / 1000 AS sure FROM edge WHERE source = $1 AND {naming} GROUP BY target),
            weighed AS (SELECT own.target, own.sure * ln(1 + (papers - named + 0.5) / (named + 0.5)) AS weight FROM own JOIN node ON id = own.target, total),
            other AS (SELECT source, target, max(sure) / 1000 AS sure FROM edge WHERE target IN (SELECT target FROM own) AND {naming} GROUP BY ALL)
            SELECT max(score) FROM (SELECT sum(o.sure * w.weight) AS score FROM other o JOIN weighed w USING (target) WHERE o.source != $1 GROUP BY o.source)"""
        return round(float(self._ask(query, paper)), 6)

    def rank(self, kind: str) -> int:
        """How many papers name the most named thing of a kind."""
        return int(
            self._ask(
                f"""SELECT count(DISTINCT e.source) AS n FROM node o JOIN edge e ON e.target = o.id WHERE o.kind = ?
                    AND e.relation IN {tuple(sorted(_FROM_PAPER))} GROUP BY o.id ORDER BY n DESC LIMIT 1""", kind,
            )
        )  # fmt: skip


_NAMING = f"SELECT source FROM edge WHERE target = ? AND relation IN {tuple(sorted(_FROM_PAPER))}"
STORES: dict[str, Any] = {"networkx": Networkx, "oxigraph": Oxigraph, "duckdb": Duckdb}


def main() -> None:
    """Make a store, or ask it."""
    what, tool, *rest = sys.argv[1:]
    if what == "make":
        STORES[tool].make(Path(rest[0]), Path(rest[1]))
    else:
        print(json.dumps(getattr(STORES[tool](Path(rest[0])), rest[1])(*rest[2:])))


if __name__ == "__main__":
    main()
