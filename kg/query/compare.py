"""Papers side by side: what each is linked to, by relation and kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from kg.query.find import find_paper
from kg.query.nodes import per_mille, read_nodes
from kg.query.showing import Link
from kg.query.table import InNotebook, grid, html_cell
from kg.records import Paper
from kg.store.reading import read_edge, read_paper
from kg.vocabulary import KINDS, RELATIONS


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One relation and kind: for each paper its links, the surest first."""

    relation: str
    kind: str
    cells: tuple[tuple[Link, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison(InNotebook):
    """Papers in the order in which they were asked for, and rows by relation, the strongest first."""

    papers: tuple[Paper, ...]
    rows: tuple[ComparisonRow, ...]

    def _repr_html_(self) -> str:
        rows = ((f"{row.relation} {row.kind}", *(html_cell(tuple(link.other for link in cell)) for cell in row.cells)) for row in self.rows)
        return grid(("", *(html_cell(paper.title) for paper in self.papers)), rows)


def compare_papers(db: sqlite3.Connection, names: Sequence[str], *, only_shared: bool = False, min_confidence: float = 0.0) -> Comparison:
    """Compare papers by what they are linked to.

    A thing that a paper is linked to in several relations stands in the row of each.

    Args:
        db: An open graph.
        names: Papers, by any of their names, or by the name of what they alone introduce.
        only_shared: Only rows that are not empty for at least two papers.
        min_confidence: Edges below this do not count.

    Raises:
        UnknownName, AmbiguousName: As `find_paper`.
    """
    numbers = [find_paper(db, name) for name in names]
    cells = [_cells(db, number, per_mille(min_confidence)) for number in numbers]
    keys = sorted({key for of_paper in cells for key in of_paper}, key=lambda key: (-RELATIONS[key[0]].strength, key[0], KINDS.index(key[1])))
    rows = (ComparisonRow(relation, kind, tuple(tuple(of_paper.get((relation, kind), ())) for of_paper in cells)) for relation, kind in keys)
    chosen = tuple(row for row in rows if not only_shared or sum(bool(cell) for cell in row.cells) > 1)
    return Comparison(tuple(read_paper(db, number) for number in numbers), chosen)


def _cells(db: sqlite3.Connection, paper: int, least: int) -> dict[tuple[str, str], list[Link]]:
    rows = db.execute("SELECT id, target, relation FROM edge WHERE source = ? AND confidence >= ? ORDER BY confidence DESC", (paper, least)).fetchall()
    nodes = read_nodes(db, (target for _, target, _ in rows))
    found: dict[tuple[str, str], list[Link]] = {}
    for edge, target, relation in rows:
        found.setdefault((relation, nodes[target].kind), []).append(Link(read_edge(db, edge), nodes[target]))
    for links in found.values():
        links.sort(key=lambda link: (-link.edge.confidence, link.other.id))
    return found
