"""An open graph: the front door of the library. Each method is a thin cover over one query function."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.query import find
from kg.query.table import Rows
from kg.records import Edge, Node, Paper, Problem
from kg.store import reading
from kg.store.connection import open_reading

if TYPE_CHECKING:
    import networkx
    import rdflib
    from pyvis.network import Network

    from kg.export.page import Choice, Written
    from kg.export.rdf.options import RdfOptions
    from kg.query import (
        around,
        changes,
        code,
        compare,
        counts,
        groups,
        lineage,
        naming,
        papers,
        paths,
        rank,
        related,
        search,
        shared,
        showing,
        together,
        why,
    )
    from kg.query.code import Promise
    from kg.query.matrix import Axis, Gap, Matrix
    from kg.store.checking import Violation


class Graph:
    """A graph file, opened read-only. Close it, or use it in a `with` statement.

    Names are any by which `find` finds something. Where a method takes `limit`, 0 stands for all; links below `min_confidence` do not count.

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

    def stats(self) -> counts.Stats:
        """Counts of papers, entities, links, evidence and problems."""
        from kg.query.counts import count_all

        return count_all(self.db)

    def search(self, text: str, *, kind: str | None = None, limit: int = 0, min_confidence: float = 0.0) -> Rows[search.Found]:
        """Papers and entities by words, best first, with the matching piece of text."""
        from kg.query.search import search

        return Rows(search(self.db, text, kind=kind, limit=limit, min_confidence=min_confidence))

    def show(self, name: str, *, kind: str | None = None, limit: int = 0, min_confidence: float = 0.0) -> showing.Shown:
        """A paper or an entity by any of its names, with its links and their evidence."""
        from kg.query.showing import show

        return show(self.db, name, kind=kind, limit=limit, min_confidence=min_confidence)

    def around(self, name: str, *, kind: str | None = None, limit: int = 24, min_confidence: float = 0.0) -> around.Neighbourhood:
        """What a thing is linked to by its surest links; a notebook shows it as a picture."""
        from kg.query.around import find_around

        return find_around(self.db, name, kind=kind, limit=limit, min_confidence=min_confidence)

    def names(self, name: str, *, kind: str | None = None) -> naming.NameReport:
        """What a name may mean: its spellings and why they are one, and what was kept apart and why."""
        from kg.query.naming import explain_name

        return explain_name(self.db, name, kind)

    def papers(
        self, wanted: Sequence[papers.Wanted] = (), *, filter: papers.PaperFilter | None = None, limit: int = 0, min_confidence: float = 0.0
    ) -> Rows[papers.PaperRow]:
        """Papers that have every link asked for, pairs of a relation (None for any) and a name; `filter` says more than that."""
        from kg.query.papers import PaperFilter, find_papers

        return Rows(find_papers(self.db, filter or PaperFilter(tuple(wanted)), limit=limit, min_confidence=min_confidence))

    def shared(self, *names: str, kind: str | None = None, limit: int = 0, min_confidence: float = 0.0) -> Rows[shared.SharedRow]:
        """What papers have in common; between entities, the papers that join them."""
        from kg.query.shared import find_shared

        return Rows(find_shared(self.db, names, kind=kind, limit=limit, min_confidence=min_confidence))

    def related(
        self, paper: str, *, by: Collection[str] = (), min_shared: int = 1, limit: int = 0, min_confidence: float = 0.0
    ) -> Rows[related.RelatedRow]:
        """Papers related to a paper, by what they share, weighted by rarity."""
        from kg.query.related import find_related

        return Rows(find_related(self.db, paper, by=by, min_shared=min_shared, limit=limit, min_confidence=min_confidence))

    def together(
        self, name: str, *, kind: str | None = None, relation: str | None = None, order: together.Order = "support", limit: int = 0, min_confidence: float = 0.0
    ) -> Rows[together.TogetherRow]:
        """What papers name along with a thing, by count and lift."""
        from kg.query.together import find_together

        return Rows(find_together(self.db, name, kind=kind, relation=relation, order=order, limit=limit, min_confidence=min_confidence))

    def paths(self, a: str, b: str, *, count: int = 3, kind: str | None = None, min_confidence: float = 0.0) -> Rows[paths.Path]:
        """The best simple paths between two things, each step with its evidence."""
        from kg.query.paths import find_paths

        return Rows(find_paths(self.db, a, b, count=count, kind=kind, min_confidence=min_confidence))

    def why(self, a: str, b: str, *, kind: str | None = None, min_confidence: float = 0.0, limit: int = 0) -> Rows[why.Reason]:
        """Every link between two things, with its quotes."""
        from kg.query.why import why

        return Rows(why(self.db, a, b, kind=kind, min_confidence=min_confidence, limit=limit))

    def code(
        self, name: str | None = None, *, roles: Sequence[str] = (), kind: str | None = None, limit: int = 0, min_confidence: float = 0.0
    ) -> Rows[code.CodeRow]:
        """Repositories and pages with their papers and roles, of all papers or of those that a name leads to."""
        from kg.query.code import list_code

        return Rows(list_code(self.db, name, roles=roles, kind=kind, limit=limit, min_confidence=min_confidence))

    def promises(self, *, limit: int = 0) -> Rows[Promise]:
        """Papers that promise code and give no address."""
        from kg.query.code import list_promises

        return Rows(list_promises(self.db, limit=limit))

    def rank(
        self, kind: str, *, by: rank.Measure = "papers", relation: str | None = None, limit: int = 0, min_confidence: float = 0.0
    ) -> Rows[rank.RankRow]:
        """The nodes of a kind, the weightiest first: by papers, PageRank or betweenness."""
        from kg.query.rank import rank_nodes

        return Rows(rank_nodes(self.db, kind, by=by, relation=relation, limit=limit, min_confidence=min_confidence))

    def groups(self, *, resolution: float = 1.0, min_size: int = 3, limit: int = 0, min_confidence: float = 0.0) -> Rows[groups.Group]:
        """Communities of papers and entities, the largest first."""
        from kg.query.groups import find_groups

        return Rows(find_groups(self.db, resolution=resolution, min_size=min_size, limit=limit, min_confidence=min_confidence))

    def compare(self, *papers: str, only_shared: bool = False, min_confidence: float = 0.0) -> compare.Comparison:
        """Papers side by side, by relation and kind."""
        from kg.query.compare import compare_papers

        return compare_papers(self.db, papers, only_shared=only_shared, min_confidence=min_confidence)

    def matrix(self, rows: Axis, columns: Axis, *, min_confidence: float = 0.0) -> Matrix:
        """How many papers join each pair of things of two kinds."""
        from kg.query.matrix import count_matrix

        return count_matrix(self.db, rows, columns, min_confidence=min_confidence)

    def gaps(
        self, rows: Axis, columns: Axis, *, min_papers: int = 3, broad: bool = False, limit: int = 0, min_confidence: float = 0.0
    ) -> Rows[Gap]:
        """Pairs of things of two kinds that should have met in a paper and never did; terms that the lexicon calls broad only where `broad` is set."""
        from kg.query.matrix import find_gaps

        return Rows(find_gaps(self.db, rows, columns, min_papers=min_papers, broad=broad, limit=limit, min_confidence=min_confidence))

    def lineage(self, name: str, *, kind: str | None = None, depth: int = 2, breadth: int = 8, min_confidence: float = 0.0) -> lineage.Lineage:
        """What a paper or thing builds on, and what builds on it."""
        from kg.query.lineage import find_lineage

        return find_lineage(self.db, name, kind=kind, depth=depth, breadth=breadth, min_confidence=min_confidence)

    def new(self, since: str, *, limit: int = 0, min_confidence: float = 0.0) -> changes.Changes:
        """Papers of a date or later, what only they name, and their links."""
        from kg.query.changes import find_new

        return find_new(self.db, since, limit=limit, min_confidence=min_confidence)

    def brought(self, source: str, *, limit: int = 0, min_confidence: float = 0.0) -> changes.Changes:
        """What only the files whose name has `source` in it have brought."""
        from kg.query.changes import find_brought

        return find_brought(self.db, source, limit=limit, min_confidence=min_confidence)

    def diff(self, older: Graph, *, limit: int = 0, min_confidence: float = 0.0) -> changes.Difference:
        """What this graph gained over an older one, and what it lost."""
        from kg.query.changes import compare_states

        return compare_states(older.db, self.db, limit=limit, min_confidence=min_confidence)

    def problems(self, code: str | None = None) -> Rows[Problem]:
        """What went wrong with the input."""
        from kg.query.counts import list_problems

        return Rows(list_problems(self.db, code))

    def check(self) -> list[Violation]:
        """Every invariant of the file that does not hold; empty for a sound graph."""
        from kg.store.checking import check_graph

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

    def to_rdflib(self, options: RdfOptions | None = None) -> rdflib.Graph:
        """The graph as a read-only `rdflib.Graph` over its RDF store, which is made beside the file where it is not there yet."""
        from kg.sparql.rdflib_store import to_rdflib

        return to_rdflib(self.path, options)

    def to_pyvis(self, around: Sequence[str] = (), *, depth: int = 1, top: int = 500, physics: bool = False, notebook: bool = False) -> Network:
        """The plain pyvis network of the graph's best part, or of what lies around some names, with its nodes in place."""
        from kg.export.page.choosing import Choice
        from kg.export.plain import to_pyvis

        return to_pyvis(self, Choice(top=top, around=tuple(around), depth=depth), physics=physics, notebook=notebook)

    def write_page(self, output: str | os.PathLike[str], choice: Choice | None = None, *, title: str = "") -> Written:
        """Write the graph as one HTML file to look at, which needs no network."""
        from kg.export.page import write_page

        return write_page(self, output, choice, title=title)
