"""What a paper or a thing builds on, and what builds on it, as two trees."""

from __future__ import annotations

import sqlite3
from collections import deque
from dataclasses import dataclass
from typing import Literal

from kg.query.find import find_node
from kg.query.nodes import per_mille, read_nodes
from kg.query.table import InNotebook
from kg.records import Edge, Node
from kg.store.reading import read_edge

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Branch(InNotebook):
    """A node of a lineage, with the edge that leads to it and what comes next.

    `through` is the thing by which a paper builds on another, where there is one (it uses what the other introduced); `more` counts branches left
    out for `breadth`. A node stands once in a tree, where it is nearest to the root.
    """

    node: Node
    year: int | None
    edge: Edge | None
    through: Node | None
    branches: tuple[Branch, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Lineage(InNotebook):
    """What something builds on (`up`) and what builds on it (`down`); both trees have it as their root."""

    up: Branch
    down: Branch


@dataclass(frozen=True, slots=True)
class _Next:
    """A possible branch: the node, the edge to show, the thing between, how sure it is."""

    node: int
    edge: int
    through: int | None
    sure: int


def find_lineage(
    db: sqlite3.Connection, name: str, *, kind: str | None = None, depth: int = 2, breadth: int = 8, min_confidence: float = 0.0
) -> Lineage:
    """Follow *uses*, *introduces*, *builds on* and *cites* both ways from a paper or a thing.

    A paper builds on the papers that introduced what it uses, on those it cites, and on things whose paper is not in the graph. A thing builds on what
    the papers that introduced it build on, and on what it is a variant, part or successor of.

    Args:
        db: An open graph.
        name: A paper or an entity.
        kind: Take the name as one of this kind.
        depth: How many steps to go.
        breadth: How many branches to follow at each node, the surest first; 0 for all.
        min_confidence: Edges below this do not count.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    root = find_node(db, name, kind)
    least = per_mille(min_confidence)
    return Lineage(_tree(db, root, "up", depth, breadth, least), _tree(db, root, "down", depth, breadth, least))


def _tree(db: sqlite3.Connection, root: int, direction: Direction, depth: int, breadth: int, least: int) -> Branch:
    """Grow a tree breadth first, so that each node stands where it is nearest to the root, then tie it together."""
    children: dict[int, list[_Next]] = {}
    more: dict[int, int] = {}
    seen, border = {root}, deque([(root, 0)])
    while border:
        here, level = border.popleft()
        if level == depth:
            continue
        found = [step for step in _steps(db, here, direction, least) if step.node not in seen]
        children[here] = found[: breadth or None]
        more[here] = len(found) - len(children[here])
        for step in children[here]:
            seen.add(step.node)
            border.append((step.node, level + 1))
    through = {step.through for steps in children.values() for step in steps if step.through is not None}
    nodes = read_nodes(db, seen | through)
    return _branch(db, _Next(root, 0, None, 0), children, more, nodes)


def _branch(db: sqlite3.Connection, step: _Next, children: dict[int, list[_Next]], more: dict[int, int], nodes: dict[int, Node]) -> Branch:
    below = tuple(_branch(db, child, children, more, nodes) for child in children.get(step.node, ()))
    year = db.execute("SELECT year FROM paper WHERE node = ?", (step.node,)).fetchone()
    edge = read_edge(db, step.edge) if step.edge else None
    through = nodes[step.through] if step.through is not None else None
    return Branch(nodes[step.node], year[0] if year else None, edge, through, below, more.get(step.node, 0))


def _steps(db: sqlite3.Connection, node: int, direction: Direction, least: int) -> list[_Next]:
    """The branches of a node, each other node once, the surest first."""
    is_paper = db.execute("SELECT kind = 'paper' FROM node WHERE number = ?", (node,)).fetchone()[0]
    follow = {("up", 1): _paper_up, ("up", 0): _thing_up, ("down", 1): _paper_down, ("down", 0): _thing_down}[direction, is_paper]
    best: dict[int, _Next] = {}
    for step in follow(db, node, least):
        if step.node != node and (step.node not in best or _order(step) < _order(best[step.node])):
            best[step.node] = step
    ids = {number: found.id for number, found in read_nodes(db, best).items()}
    return sorted(best.values(), key=lambda step: (*_order(step), ids[step.node]))


def _order(step: _Next) -> tuple[int, bool, int]:
    return (-step.sure, step.through is None, step.edge)


def _paper_up(db: sqlite3.Connection, paper: int, least: int) -> list[_Next]:
    used = db.execute(
        "SELECT target, id, confidence FROM edge WHERE source = ? AND relation = 'uses' AND confidence >= ? ORDER BY target", (paper, least)
    ).fetchall()
    found = []
    for thing, edge, confidence in used:
        makers = [(maker, sure) for maker, _, sure in _introducing(db, thing, least) if maker != paper]
        # what several papers claim is nobody's
        if len(makers) == 1:
            found.append(_Next(makers[0][0], edge, thing, confidence * makers[0][1] // 1000))
        elif not any(maker == paper for maker, _, _ in _introducing(db, thing, least)):
            found.append(_Next(thing, edge, None, confidence))
    return found + _direct(db, "source", paper, ("cites", "builds_on"), least)


def _thing_up(db: sqlite3.Connection, thing: int, least: int) -> list[_Next]:
    makers = [_Next(maker, edge, None, sure) for maker, edge, sure in _introducing(db, thing, least)]
    return makers + _direct(db, "source", thing, ("variant_of", "part_of", "successor_of"), least)


def _paper_down(db: sqlite3.Connection, paper: int, least: int) -> list[_Next]:
    made = db.execute(
        "SELECT target, confidence FROM edge WHERE source = ? AND relation = 'introduces' AND confidence >= ? ORDER BY target", (paper, least)
    ).fetchall()
    found = []
    for thing, made_sure in made:
        if len(_introducing(db, thing, least)) == 1:
            found += [_Next(user, edge, thing, sure * made_sure // 1000) for user, edge, sure in _using(db, thing, least)]
    return found + _direct(db, "target", paper, ("cites", "builds_on"), least)


def _thing_down(db: sqlite3.Connection, thing: int, least: int) -> list[_Next]:
    users = [_Next(user, edge, None, sure) for user, edge, sure in _using(db, thing, least)]
    return users + _direct(db, "target", thing, ("variant_of", "part_of", "successor_of"), least)


def _introducing(db: sqlite3.Connection, thing: int, least: int) -> list[tuple[int, int, int]]:
    query = "SELECT source, id, confidence FROM edge WHERE target = ? AND relation = 'introduces' AND confidence >= max(?, 500) ORDER BY confidence DESC, source"
    return db.execute(query, (thing, least)).fetchall()


def _using(db: sqlite3.Connection, thing: int, least: int) -> list[tuple[int, int, int]]:
    query = "SELECT source, id, confidence FROM edge WHERE target = ? AND relation IN ('uses', 'trains_on') AND confidence >= ?"
    return db.execute(query, (thing, least)).fetchall()


def _direct(db: sqlite3.Connection, end: str, node: int, relations: tuple[str, ...], least: int) -> list[_Next]:
    other = "target" if end == "source" else "source"
    marks = ", ".join(f"'{relation}'" for relation in relations)
    rows = db.execute(f"SELECT {other}, id, confidence FROM edge WHERE {end} = ? AND relation IN ({marks}) AND confidence >= ?", (node, least))
    return [_Next(reached, edge, None, confidence) for reached, edge, confidence in rows]
