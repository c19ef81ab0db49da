"""What is new: between two graph files, since a date, or by what one source brought. No clock is asked; dates are those of papers."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.query.nodes import FROM_PAPER, read_nodes
from kg.query.table import InNotebook
from kg.records import Edge, Node
from kg.store.reading import read_edge

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class DateError(KgError):
    """A date that is none."""


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper with its date as far as it is known, and the things that it introduces."""

    node: Node
    date: str
    introduces: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Changes(InNotebook):
    """Papers, entities and links that one state has and another lacks; the counts are of all, the tuples may be cut by a limit.

    `undated` counts papers that have no date, so that nobody can say whether they are new.
    """

    papers: tuple[NewPaper, ...]
    entities: tuple[Node, ...]
    links: tuple[Edge, ...]
    paper_count: int
    entity_count: int
    link_count: int
    undated: int = 0


@dataclass(frozen=True, slots=True)
class Difference(InNotebook):
    """What a newer state of a graph gained over an older one, and what it lost."""

    gained: Changes
    lost: Changes


def find_new(db: sqlite3.Connection, since: str, *, limit: int = 0, min_confidence: float = 0.0) -> Changes:
    """Papers dated `since` or later (YYYY, YYYY-MM or YYYY-MM-DD), the newest first, entities that no other paper named before, and the new links.

    A paper that is known only by its year counts as of the first day of it. Links below `min_confidence` are left out.

    Raises:
        DateError: Where `since` is no date.
    """
    if not _DATE.fullmatch(since):
        raise DateError(f"{since!r} is no date: give YYYY, YYYY-MM or YYYY-MM-DD")
    later = db.execute(
        """SELECT node FROM paper WHERE date != '' AND date >= ?1 UNION
           SELECT node FROM paper WHERE year IS NOT NULL AND year >= CAST(substr(?1, 1, 4) AS INTEGER) AND date = '' AND CAST(year AS TEXT) >= ?1""",
        (since,),
    )
    papers = [number for (number,) in later]
    undated = db.execute("SELECT (SELECT count(*) FROM node WHERE kind = 'paper') - count(*) FROM paper WHERE year IS NOT NULL").fetchone()[0]
    undated -= db.execute("SELECT count(*) FROM paper WHERE date != '' AND year IS NULL").fetchone()[0]
    return _changes_of_papers(db, papers, limit, min_confidence, undated)


def find_brought(db: sqlite3.Connection, source: str, *, limit: int = 0, min_confidence: float = 0.0) -> Changes:
    """What would be missing without the files whose name has `source` in it: papers that no other file gives, and what only those name."""
    rows = db.execute(
        """SELECT DISTINCT e.paper FROM source s JOIN entry e ON e.source = s.id WHERE instr(s.name, ?1) AND NOT EXISTS
           (SELECT 1 FROM entry o JOIN source t ON t.id = o.source WHERE o.paper = e.paper AND NOT instr(t.name, ?1))""",
        (source,),
    )
    return _changes_of_papers(db, [number for (number,) in rows], limit, min_confidence, 0)


def _changes_of_papers(db: sqlite3.Connection, papers: Sequence[int], limit: int, least: float, undated: int) -> Changes:
    db.execute("DROP TABLE IF EXISTS temp.fresh")
    db.execute("CREATE TEMP TABLE fresh (paper INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO fresh VALUES (?)", ((paper,) for paper in papers))
    entities = [
        number
        for (number,) in db.execute(
            f"""SELECT t.target FROM (SELECT DISTINCT e.target FROM fresh f CROSS JOIN edge e ON e.source = f.paper) t JOIN node n ON n.number = t.target
               WHERE n.kind != 'paper' AND NOT EXISTS
                   (SELECT 1 FROM edge o WHERE o.target = t.target AND o.source NOT IN fresh AND o.{FROM_PAPER})"""
        )
    ]
    links = db.execute("SELECT e.id FROM fresh f CROSS JOIN edge e ON e.source = f.paper UNION SELECT e.id FROM fresh f CROSS JOIN edge e ON e.target = f.paper")
    sure = _sure_links(db, [number for (number,) in links], least)
    return _changes(db, papers, entities, sure, limit, undated)


def _changes(db: sqlite3.Connection, papers: Iterable[int], entities: Iterable[int], links: Sequence[int], limit: int, undated: int = 0) -> Changes:
    """Records of what numbers stand for: papers the newest first, entities the most named first, links by id, the surest first."""
    dates = {number: _date(db, number) for number in papers}
    nodes = read_nodes(db, dates)
    newest = sorted(nodes, key=lambda n: nodes[n].id)
    newest.sort(key=lambda n: dates[n], reverse=True)
    things = sorted(read_nodes(db, entities).values(), key=lambda node: (-node.papers, node.id))
    shown = tuple(NewPaper(nodes[n], dates[n], _introduced(db, n)) for n in newest[: limit or None])
    return Changes(shown, tuple(things[: limit or None]), _edges(db, links, limit), len(nodes), len(things), len(links), undated)


def _sure_links(db: sqlite3.Connection, links: Sequence[int], least: float) -> Sequence[int]:
    """Those links that are at least so sure."""
    if not least:
        return links
    sure = {number for (number,) in db.execute("SELECT id FROM edge WHERE confidence >= ?", (round(1000 * least),))}
    return [number for number in links if number in sure]


def _edges(db: sqlite3.Connection, links: Sequence[int], limit: int) -> tuple[Edge, ...]:
    chosen: Sequence[int] = links
    if limit and len(links) > limit:
        db.execute("CREATE TEMP TABLE IF NOT EXISTS link (id INTEGER PRIMARY KEY)")
        db.execute("DELETE FROM temp.link")
        db.executemany("INSERT INTO temp.link VALUES (?)", ((int(number),) for number in links))
        rows = db.execute(
            """SELECT e.id FROM temp.link l JOIN edge e ON e.id = l.id JOIN node a ON a.number = e.source JOIN node b ON b.number = e.target
               ORDER BY e.confidence DESC, a.id, e.relation, b.id LIMIT ?""",
            (limit,),
        )
        chosen = [number for (number,) in rows]
    edges = [read_edge(db, int(number)) for number in chosen]
    return tuple(sorted(edges, key=lambda edge: (-edge.confidence, edge.source, edge.relation, edge.target)))


def _date(db: sqlite3.Connection, paper: int) -> str:
    date, year = db.execute("SELECT date, year FROM paper WHERE node = ?", (paper,)).fetchone()
    return str(date or year or "")


def _introduced(db: sqlite3.Connection, paper: int) -> tuple[Node, ...]:
    rows = db.execute("SELECT target FROM edge WHERE source = ? AND relation = 'introduces' AND confidence >= 500", (paper,))
    return tuple(sorted(read_nodes(db, (number for (number,) in rows)).values(), key=lambda node: (-node.papers, node.id)))


def compare_states(old: sqlite3.Connection, new: sqlite3.Connection, *, limit: int = 0, min_confidence: float = 0.0) -> Difference:
    """What the newer of two graphs gained and lost: papers, entities and links, told apart by their ids."""
    import numpy as np

    old_nodes, new_nodes = _nodes(old), _nodes(new)
    common: dict[str, int] = {}
    for identity in sorted({*old_nodes, *new_nodes}):
        common[identity] = len(common)
    old_links, new_links = (_links(db, nodes, common) for db, nodes in ((old, old_nodes), (new, new_nodes)))
    return Difference(
        _side(new, new_nodes, set(old_nodes), new_links[1][~np.isin(new_links[0], old_links[0])], limit, min_confidence),
        _side(old, old_nodes, set(new_nodes), old_links[1][~np.isin(old_links[0], new_links[0])], limit, min_confidence),
    )


def _side(db: sqlite3.Connection, own: dict[str, int], others: set[str], links: NDArray[numpy.int64], limit: int, least: float) -> Changes:
    only = [(identity, number) for identity, number in own.items() if identity not in others]
    papers = [number for identity, number in only if identity.startswith("paper/")]
    entities = [number for identity, number in only if not identity.startswith("paper/")]
    return _changes(db, papers, entities, _sure_links(db, links.tolist(), least), limit)


def _nodes(db: sqlite3.Connection) -> dict[str, int]:
    return dict(db.execute("SELECT id, number FROM node"))


def _links(db: sqlite3.Connection, nodes: dict[str, int], common: dict[str, int]) -> tuple[NDArray[numpy.int64], NDArray[numpy.int64]]:
    """Every link as one number that is the same in both graphs, and its number in this one."""
    import numpy as np

    from kg.query.arrays import load_links

    places = np.full(max(nodes.values(), default=0) + 1, -1, dtype=np.int64)
    places[list(nodes.values())] = [common[identity] for identity in nodes]
    sources, targets, relations, numbers = load_links(db)
    return (places[sources] * len(common) + places[targets]) * 32 + relations, numbers
