"""Node-link JSON, as networkx, D3 and others read it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from kg.export.files import writing
from kg.export.graphs.rows import LinkRow, NodeRow, iter_links, iter_nodes
from kg.graph import Graph


def write_nodelink(graph: Graph, output: str | os.PathLike[str], *, min_confidence: float = 0.0) -> None:
    """Write the graph in the form of `networkx.node_link_graph(data, edges="edges")`, a line for each node and link; keys are relations."""
    with writing(output) as stream:
        stream.write(b'{"directed": true, "multigraph": true, "graph": {},\n"nodes": [\n')
        _write_items(stream, (_node(node) for node in iter_nodes(graph.db)))
        stream.write(b'],\n"edges": [\n')
        _write_items(stream, (_link(link) for link in iter_links(graph.db, min_confidence=min_confidence)))
        stream.write(b"]}\n")


def _write_items(stream: Any, items: Iterator[dict[str, Any]]) -> None:
    for position, item in enumerate(items):
        text = json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")
        stream.write((b",\n" if position else b"") + text)
    stream.write(b"\n")


def _node(node: NodeRow) -> dict[str, Any]:
    return {name: value for name, value in asdict(node).items() if value not in (None, "")}


def _link(link: LinkRow) -> dict[str, Any]:
    values = asdict(link)
    return {"source": values.pop("source"), "target": values.pop("target"), "key": link.relation, **values}
