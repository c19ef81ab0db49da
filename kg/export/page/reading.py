"""Read what goes into a page out of the store, with a few large queries rather than one for each node."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.store.reading import read_text

_NAMES = 12  # spellings of an entity that a page holds
_PLACES = 6  # places that a page holds for one link


@dataclass(frozen=True, slots=True)
class PageNode:
    """A node as a page holds it; `sources` are numbers of sources, `names` pairs of a spelling and how many papers use it."""

    number: int
    id: str
    kind: str
    label: str
    papers: int
    year: int | None = None
    url: str = ""
    note: str = ""
    doi: str = ""
    arxiv_id: str = ""
    venue: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    sources: tuple[int, ...] = ()
    names: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A place of evidence: `field` is 0 for the title, 1 for the abstract, 2+N for the N-th reference of the paper with this number; -1 for a fact."""

    paper: int
    field: int
    start: int
    end: int
    name_start: int
    name_end: int
    rule: str
    confidence: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class PageEdge:
    """An edge between two positions in the list of nodes; confidence per mille; `count` is how many places there are in all."""

    source: int
    target: int
    relation: str
    confidence: int
    count: int = 0
    places: tuple[PagePlace, ...] = field(default=())


def read_nodes(db: sqlite3.Connection) -> list[PageNode]:
    """The nodes of `page_node`, sorted by id."""
    sources, names = _read_sources(db), _read_names(db)
    rows = db.execute(
        """SELECT n.number, n.id, n.kind, n.label, n.papers, p.year, coalesce(p.url, x.url, ''), coalesce(x.note, ''), coalesce(p.doi, ''),
               coalesce(p.arxiv_id, ''), coalesce(p.venue, ''), coalesce(p.authors, ''), coalesce(p.abstract, ''), p.title
           FROM page_node c JOIN node n ON n.number = c.number LEFT JOIN paper p ON p.node = n.number LEFT JOIN entity x ON x.node = n.number ORDER BY n.id"""
    )
    return [
        PageNode(
            number, identity, kind, label if title is None else title, papers, year, url, note, doi, arxiv_id, venue,
            tuple(json.loads(authors)) if authors else (), abstract, tuple(sources[number]), tuple(names[number]),
        )
        for number, identity, kind, label, papers, year, url, note, doi, arxiv_id, venue, authors, abstract, title in rows
    ]  # fmt: skip


def _read_sources(db: sqlite3.Connection) -> dict[int, list[int]]:
    """Numbers of the sources of each paper, where sources are sorted by name."""
    order = {number: place for place, (number,) in enumerate(db.execute("SELECT id FROM source ORDER BY name, id").fetchall())}
    found: dict[int, list[int]] = defaultdict(list)
    for paper, source in db.execute("SELECT DISTINCT e.paper, e.source FROM page_node c CROSS JOIN entry e ON e.paper = c.number"):
        found[paper].append(order[source])
    return defaultdict(list, {paper: sorted(places) for paper, places in found.items()})


def source_names(db: sqlite3.Connection) -> list[str]:
    """What was read, without folders: they say more of a machine than of a graph."""
    return [str(name).replace("\\", "/").rpartition("/")[2] for (name,) in db.execute("SELECT name FROM source ORDER BY name, id")]


def _read_names(db: sqlite3.Connection) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for entity, text, papers in db.execute(
        """SELECT s.entity, t.text, s.papers FROM page_node c CROSS JOIN spelling s ON s.entity = c.number JOIN name t ON t.id = s.name
           ORDER BY s.entity, s.papers DESC, t.text"""
    ):
        if len(found[entity]) < _NAMES:
            found[entity].append((text, papers))
    return found


def read_edges(db: sqlite3.Connection, nodes: Sequence[PageNode]) -> list[PageEdge]:
    """The edges of `page_edge` with their best places, sorted by source, target and relation."""
    position = {node.number: place for place, node in enumerate(nodes)}
    places = _read_places(db)
    rows = db.execute("SELECT e.id, e.source, e.target, e.relation, e.confidence FROM page_edge c JOIN edge e ON e.id = c.id")
    edges = [
        PageEdge(position[source], position[target], relation, confidence, len(places[edge]), tuple(places[edge][:_PLACES]))
        for edge, source, target, relation, confidence in rows
    ]
    return sorted(edges, key=lambda e: (e.source, e.target, e.relation))


def _read_places(db: sqlite3.Connection) -> dict[int, list[PagePlace]]:
    found: dict[int, list[PagePlace]] = defaultdict(list)
    for edge, row in _place_rows(db):
        found[edge].append(row)
    for edge, places in found.items():
        best = sorted(set(places), key=lambda p: (-p.confidence, p.paper, p.field, p.name_start, p.name_end, p.rule))
        spans = {(p.paper, p.field, p.name_start, p.name_end): p for p in reversed(best)}
        kept = [p for p in best if spans[p.paper, p.field, p.name_start, p.name_end] is p]
        found[edge] = kept
    for edge, text in db.execute("SELECT c.id, f.text FROM page_edge c JOIN fact f ON f.edge = c.id"):
        found[edge] = [PagePlace(0, -1, 0, len(text), 0, len(text), "lexicon", 1000, text)]
    return found


def _place_rows(db: sqlite3.Connection) -> Iterator[tuple[int, PagePlace]]:
    """Places of the chosen edges: by the statements that they come from, and by those that support them."""
    cut = 'p.field, p.start, p."end", p.name_start, p.name_end, r.name, p.confidence'
    joined = "JOIN place p ON p.statement = s.id JOIN rule r ON r.id = p.rule"
    references: dict[tuple[int, int], str] = {}
    for query in (
        f"""SELECT e.id, s.paper, {cut} FROM page_edge c CROSS JOIN edge e ON e.id = c.id
            JOIN statement s ON s.paper = e.source AND +s.entity = e.target AND s.relation = e.relation {joined}""",
        f"SELECT c.id, s.paper, {cut} FROM page_edge c CROSS JOIN support u ON u.edge = c.id JOIN statement s ON s.id = u.statement {joined}",
    ):
        for edge, paper, number, start, end, name_start, name_end, rule, confidence in db.execute(query).fetchall():
            if number not in (0, 1) and (paper, number) not in references:
                references[paper, number] = read_text(db, paper, number)
            text = references.get((paper, number), "")
            yield edge, PagePlace(paper, number, start, end, name_start, name_end, rule, confidence, text)
