"""An open graph: the front door of the library. Each method is a thin cover over one query function."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.query import facts, find
from kg.records import Edge, Node, Paper, Problem
from kg.store import reading
from kg.store.checking import Violation, check_graph
from kg.store.connection import open_reading

if TYPE_CHECKING:
    import networkx


class Graph:
    """A graph file, opened read-only. Close it, or use it in a `with` statement.

    Raises:
        StoreError: Where the file cannot be opened as a graph of this version.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.db: sqlite3.Connection = open_reading(path)

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def find(self, name: str, kind: str | None = None) -> Node:
        """The paper or entity that a name means; raises UnknownName or AmbiguousName."""
        return find.read_node(self.db, find.find_node(self.db, name, kind))

    def stats(self) -> facts.Stats:
        """Counts of papers, entities, links, evidence and problems."""
        return facts.count_all(self.db)

    def show(self, name: str, *, kind: str | None = None, limit: int = 0, min_confidence: float = 0.0) -> facts.Shown:
        """A paper or an entity by any of its names, with its links and their evidence."""
        return facts.show(self.db, name, kind=kind, limit=limit, min_confidence=min_confidence)

    def papers(self, wanted: Sequence[tuple[str | None, str]] = (), *, limit: int = 0, min_confidence: float = 0.0) -> list[facts.PaperRow]:
        """Papers that have every link asked for: pairs of a relation (None for any) and a name."""
        return facts.find_papers(self.db, wanted, limit=limit, min_confidence=min_confidence)

    def why(self, a: str, b: str, *, kind: str | None = None, min_confidence: float = 0.0, limit: int = 0) -> list[facts.Reason]:
        """Every link between two things, with its quotes."""
        return facts.why(self.db, a, b, kind=kind, min_confidence=min_confidence, limit=limit)

    def problems(self, code: str | None = None) -> list[Problem]:
        """What went wrong with the input."""
        return facts.list_problems(self.db, code)

    def check(self) -> list[Violation]:
        """Every invariant of the file that does not hold; empty for a sound graph."""
        return check_graph(self.db)

    def iter_papers(self) -> Iterator[Paper]:
        """All papers, sorted by id."""
        for (number,) in self.db.execute("SELECT number FROM node WHERE kind = 'paper' ORDER BY id"):
            yield reading.read_paper(self.db, number)

    def iter_edges(self, *, with_evidence: bool = False) -> Iterator[Edge]:
        """All edges, sorted by source, relation and target."""
        rows = self.db.execute(
            """SELECT e.id FROM edge e JOIN node a ON a.number = e.source JOIN node b ON b.number = e.target ORDER BY a.id, e.relation, b.id"""
        )
        for (number,) in rows:
            yield reading.read_edge(self.db, number, with_evidence=with_evidence)

    def to_networkx(self, around: Sequence[str] = (), *, depth: int = 1, min_confidence: float = 0.0) -> networkx.MultiDiGraph[str]:
        """The graph, or what lies within `depth` links of some names, as a MultiDiGraph with ids as nodes and relations as edge keys."""
        from kg.query.memory import to_networkx

        return to_networkx(self.db, around, depth=depth, min_confidence=min_confidence)
