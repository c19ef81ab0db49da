"""One paper or entity, whole, with its links."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from kg.query.find import find_node, read_node
from kg.query.nodes import per_mille
from kg.query.table import InNotebook
from kg.records import Edge, Entity, Name, Node, Paper
from kg.store.reading import read_edge, read_paper
from kg.vocabulary import RELATIONS

_MANY = 4_000  # links: to find the first of more by what is at their other end, all nodes are gone through in that order


@dataclass(frozen=True, slots=True)
class Link:
    """An edge, and the node at its other end as seen from the one that was asked for; `inverse` where the edge points to that one."""

    edge: Edge
    other: Node
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Shown(InNotebook):
    """A paper or an entity with its links, the strongest relation first; `counts` counts the links of each relation, all of them."""

    node: Node
    paper: Paper | None
    entity: Entity | None
    counts: Mapping[str, int]
    links: tuple[Link, ...]


def read_entity(db: sqlite3.Connection, number: int) -> Entity:
    """The entity of a node's number, with all its names, the most used first."""
    node = read_node(db, number)
    kinds, confidence, note, url = db.execute("SELECT kinds, confidence, note, url FROM entity WHERE node = ?", (number,)).fetchone()
    names = db.execute(
        "SELECT n.text, s.papers, s.reason FROM spelling s JOIN name n ON n.id = s.name WHERE s.entity = ? ORDER BY s.papers DESC, n.text", (number,)
    )
    return Entity(node.id, node.label, tuple(kinds.split()), tuple(Name(*row) for row in names), node.papers, confidence / 1000, note, url)


def show(db: sqlite3.Connection, name: str, *, kind: str | None = None, limit: int = 0, min_confidence: float = 0.0) -> Shown:
    """A paper or an entity by any of its names, with its links; `limit` bounds them for each relation (0: no bound).

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    number = find_node(db, name, kind)
    node = read_node(db, number)
    counts: dict[str, int] = {}
    links = []
    found = {inverse: _count_links(db, number, per_mille(min_confidence), inverse=inverse) for inverse in (False, True)}
    for relation in sorted(RELATIONS.values(), key=lambda r: (-r.strength, r.name)):
        for inverse in (False, True):
            if count := found[inverse].get(relation.name, 0):
                counts[relation.inverse if inverse else relation.phrase] = count
                chosen = _best_links(db, number, relation.name, min(limit, count) or count, inverse=inverse)
                links += [Link(read_edge(db, edge), read_node(db, other), inverse) for edge, other in chosen]
    paper = read_paper(db, number) if node.kind == "paper" else None
    return Shown(node, paper, None if paper else read_entity(db, number), counts, tuple(links))


def _count_links(db: sqlite3.Connection, number: int, least: int, *, inverse: bool) -> dict[str, int]:
    here = "target" if inverse else "source"
    return dict(db.execute(f"SELECT relation, count(*) FROM edge WHERE {here} = ? AND confidence >= ? GROUP BY relation", (number, least)))


def _best_links(db: sqlite3.Connection, number: int, relation: str, count: int, *, inverse: bool) -> list[tuple[int, int]]:
    """The surest links of a node in a relation, equals by what is at their other end: the edge, and that node."""
    here, there = ("target", "source") if inverse else ("source", "target")
    mine, values = f"e.{here} = ? AND e.relation = ?", (number, relation)
    last = db.execute(f"SELECT e.confidence FROM edge e WHERE {mine} ORDER BY 1 DESC LIMIT 1 OFFSET ?", (*values, count - 1)).fetchone()[0]
    best = f"SELECT e.id, o.number FROM edge e JOIN node o ON o.number = e.{there} WHERE {mine} AND e.confidence {{}} ? ORDER BY e.confidence DESC, o.label, o.id"
    surer = db.execute(best.format(">"), (*values, last)).fetchall()
    equal = best.format("=") + " LIMIT ?"
    if db.execute(f"SELECT count(*) FROM edge e WHERE {mine} AND e.confidence = ?", (*values, last)).fetchone()[0] > _MANY:
        equal = f"SELECT e.id, o.number FROM node o CROSS JOIN edge e ON e.{there} = o.number AND {mine} AND e.confidence = ? ORDER BY o.label, o.id LIMIT ?"
    return [*surer, *db.execute(equal, (*values, last, count - len(surer)))]
