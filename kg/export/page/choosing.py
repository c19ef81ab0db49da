"""Which nodes and edges of a graph go into a page: all where they fit, else the part that says most."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from kg.query.find import find_node
from kg.vocabulary import KINDS, LINKED, NAMED, RELATIONS

FITS = 20_000  # nodes that a browser still opens in about a second


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader asked to see.

    Args:
        top: At most so many nodes; those go first that most papers name, and the papers that join most of them.
        around: Names; empty for the whole graph.
        depth: How many links away from them to go.
        kinds: Kinds of entities to take, empty for all; papers always belong.
        relations: Relations to take, empty for all.
        min_papers: Leave out datasets, benchmarks, techniques, models and tasks that fewer papers name.
        min_confidence: Leave out links less sure than this.
    """

    top: int = FITS
    around: tuple[str, ...] = ()
    depth: int = 2
    kinds: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    min_papers: int = 1
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes in. The numbers stand in the temporary tables `page_node` and `page_edge`; `wanted` counts the nodes that fit the wishes."""

    start: tuple[int, ...]
    nodes: int
    wanted: int
    whole: int
    edges: int


def choose(db: sqlite3.Connection, choice: Choice) -> Chosen:
    """Fill the temporary tables with what goes into a page.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    start = tuple(find_node(db, name) for name in choice.around)
    for table, column in (("page_near", "number INTEGER PRIMARY KEY, depth INTEGER"), ("page_node", "number INTEGER PRIMARY KEY"), ("page_edge", "id INTEGER PRIMARY KEY")):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        db.execute(f"CREATE TEMP TABLE {table} ({column})")
    if start:
        _fill_near(db, start, choice)
    wanted = _count(db, f"SELECT count(*) FROM node n {_near(choice)} WHERE {_fits(choice)}")
    if wanted <= choice.top:
        db.execute(f"INSERT INTO page_node SELECT n.number FROM node n {_near(choice)} WHERE {_fits(choice)}")
    elif start:
        db.execute(
            f"INSERT INTO page_node SELECT n.number FROM node n {_near(choice)} WHERE {_fits(choice)} ORDER BY p.depth, n.papers DESC, n.id LIMIT ?",
            (choice.top,),
        )
    else:
        _fill_best(db, choice)
    db.execute(
        f"""INSERT INTO page_edge SELECT e.id FROM page_node a CROSS JOIN edge e ON e.source = a.number JOIN page_node b ON b.number = e.target
            WHERE {_holds(choice)}"""
    )
    nodes, edges = _count(db, "SELECT count(*) FROM page_node"), _count(db, "SELECT count(*) FROM page_edge")
    return Chosen(start, nodes, wanted, _count(db, "SELECT count(*) FROM node"), edges)


def _count(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])


def _quoted(names: Sequence[str], known: Sequence[str]) -> str:
    """Names for an IN clause; only the vocabulary's own words ever get there."""
    for name in names:
        if name not in known:
            raise ValueError(f"{name!r} is none of {', '.join(known)}")
    return ", ".join(f"'{name}'" for name in names)


def _near(choice: Choice) -> str:
    return "JOIN page_near p ON p.number = n.number" if choice.around else ""


def _fits(choice: Choice) -> str:
    kinds = f"n.kind IN ('paper', {_quoted(choice.kinds, KINDS)})" if choice.kinds else "1"
    return f"{kinds} AND (n.papers >= {int(choice.min_papers)} OR n.kind NOT IN ({_quoted(NAMED, KINDS)}))"


def _holds(choice: Choice) -> str:
    relations = f"e.relation IN ({_quoted(choice.relations, tuple(RELATIONS))})" if choice.relations else "1"
    return f"{relations} AND e.confidence >= {round(1000 * choice.min_confidence)}"


def _fill_near(db: sqlite3.Connection, start: Sequence[int], choice: Choice) -> None:
    db.executemany("INSERT OR IGNORE INTO page_near VALUES (?, 0)", ((number,) for number in start))
    for depth in range(choice.depth):
        for here, there in (("source", "target"), ("target", "source")):
            db.execute(
                f"""INSERT OR IGNORE INTO page_near SELECT DISTINCT e.{there}, {depth + 1} FROM page_near p JOIN edge e ON e.{here} = p.number
                    WHERE p.depth = {depth} AND {_holds(choice)}"""
            )


def _fill_best(db: sqlite3.Connection, choice: Choice) -> None:
    """The most named entities, the papers that join most of them, and what these link to."""
    named = [kind for kind in NAMED if not choice.kinds or kind in choice.kinds]
    entities = round(choice.top * 0.4) if named else 0
    db.execute(
        f"INSERT INTO page_node SELECT number FROM node n WHERE n.kind IN ({_quoted(named, KINDS)}) AND {_fits(choice)} ORDER BY n.papers DESC, n.id LIMIT ?",
        (entities,),
    )
    papers = round(choice.top * 0.5)  # so that a tenth is left for their repositories and pages
    db.execute(
        f"""INSERT INTO page_node SELECT e.source FROM page_node p CROSS JOIN edge e ON e.target = p.number JOIN node n ON n.number = e.source
            WHERE n.kind = 'paper' AND {_holds(choice)} GROUP BY e.source ORDER BY count(DISTINCT e.target) DESC, n.id LIMIT ?""",
        (papers,),
    )
    _fill_up(db, choice, "n.kind = 'paper'", entities + papers)
    _fill_up(db, choice, f"n.kind IN ({_quoted(LINKED, KINDS)}) AND EXISTS (SELECT 1 FROM edge e JOIN page_node p ON p.number = e.source WHERE e.target = n.number)", choice.top)
    _fill_up(db, choice, "1", choice.top)


def _fill_up(db: sqlite3.Connection, choice: Choice, which: str, limit: int) -> None:
    """Take more nodes, the most named first, up to so many in all."""
    room = limit - _count(db, "SELECT count(*) FROM page_node")
    if room > 0:
        db.execute(
            f"""INSERT INTO page_node SELECT n.number FROM node n WHERE {which} AND {_fits(choice)} AND n.number NOT IN (SELECT number FROM page_node)
                ORDER BY n.papers DESC, n.id LIMIT ?""",
            (room,),
        )
