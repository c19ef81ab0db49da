"""Cypher statements that load the graph into Neo4j: `cypher-shell -f graph.cypher`. They may be run again: nothing is doubled."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from kg.export.files import writing
from kg.export.graphs.rows import LINK_FIELDS, LinkRow, NodeRow, iter_links, iter_nodes
from kg.graph import Graph
from kg.vocabulary import RELATIONS

_BATCH = 500


def write_cypher(graph: Graph, output: str | os.PathLike[str], *, min_confidence: float = 0.0) -> None:
    """Write statements that make a node for each paper and entity, labelled by its kind, and a relationship for each link, typed by its relation."""
    with writing(output) as stream:
        for line in _statements(graph, min_confidence):
            stream.write((line + "\n").encode("utf-8", "replace"))


def _statements(graph: Graph, min_confidence: float) -> Iterator[str]:
    yield "CREATE CONSTRAINT node_id IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE;"
    for kind, nodes in groupby(iter_nodes(graph.db), key=lambda node: node.kind):
        for batch in _batches(nodes):
            yield f"UNWIND [\n{_rows(map(_node, batch))}\n] AS row MERGE (n:Node {{id: row.id}}) SET n += row, n:{kind.capitalize()};"
    links = iter_links(graph.db, min_confidence=min_confidence)
    # a paper's links come one relation after another, so batches are gathered by relation over the papers
    waiting: dict[str, list[LinkRow]] = {relation: [] for relation in RELATIONS}
    for link in links:
        waiting[link.relation].append(link)
        if len(waiting[link.relation]) == _BATCH:
            yield _relationships(link.relation, waiting[link.relation])
            waiting[link.relation] = []
    for relation, rest in waiting.items():
        if rest:
            yield _relationships(relation, rest)


def _relationships(relation: str, links: Iterable[LinkRow]) -> str:
    return (
        f"UNWIND [\n{_rows(map(_link, links))}\n] AS row MATCH (a:Node {{id: row.source}}) MATCH (b:Node {{id: row.target}}) "
        f"MERGE (a)-[r:{relation.upper()}]->(b) SET r += row.properties;"
    )


def _node(node: NodeRow) -> dict[str, Any]:
    values = {"id": node.id, "name": node.label, "kind": node.kind, "kinds": node.kinds.split(), "papers": node.papers, "year": node.year, "url": node.url}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _link(link: LinkRow) -> dict[str, Any]:
    return {"source": link.source, "target": link.target, "properties": {name: getattr(link, name) for name in LINK_FIELDS if name != "relation"}}


def _batches(nodes: Iterator[NodeRow]) -> Iterator[list[NodeRow]]:
    while batch := list(islice(nodes, _BATCH)):
        yield batch


def _rows(rows: Iterable[dict[str, Any]]) -> str:
    return ",\n".join("  " + literal(row) for row in rows)


def literal(value: Any) -> str:
    r"""A value as Cypher writes it.

    >>> literal({"name": "it's \\ 1", "years": [1, 2.5]})
    "{name: 'it\\'s \\\\ 1', years: [1, 2.5]}"
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return "'" + "".join(map(_escape, value)) + "'" if isinstance(value, str) else str(value)


def _escape(character: str) -> str:
    if character in "'\\":
        return "\\" + character
    return character if character.isprintable() and ord(character) < 0x10000 else "".join(f"\\u{unit:04x}" for unit in _units(character))


def _units(character: str) -> Iterator[int]:
    """The UTF-16 units of a character, which is what Cypher's escapes name."""
    data = character.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2))
