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
    for relation in sorted(RELATIONS.values(), key=lambda r: (-r.strength, r.name)):
        for here, there, inverse in (("source", "target", False), ("target", "source", True)):
            where = f"FROM edge e JOIN node o ON o.number = e.{there} WHERE e.{here} = ? AND e.relation = ? AND e.confidence >= ?"
            values = (number, relation.name, per_mille(min_confidence))
            count = db.execute(f"SELECT count(*) {where}", values).fetchone()[0]
            if count:
                counts[relation.inverse if inverse else relation.phrase] = count
                rows = db.execute(f"SELECT e.id, e.{there} {where} ORDER BY e.confidence DESC, o.label, o.id LIMIT ?", (*values, limit or -1))
                links += [Link(read_edge(db, edge), read_node(db, other), inverse) for edge, other in rows.fetchall()]
    paper = read_paper(db, number) if node.kind == "paper" else None
    return Shown(node, paper, None if paper else read_entity(db, number), counts, tuple(links))
