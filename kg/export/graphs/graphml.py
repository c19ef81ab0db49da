"""GraphML, which nearly every graph tool reads: http://graphml.graphdrawing.org/specification.html."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kg.export.files import writing
from kg.export.graphs.rows import LINK_FIELDS, NODE_FIELDS, LinkRow, NodeRow, iter_links, iter_nodes, legal
from kg.graph import Graph

_TYPES = {str: "string", int: "int", float: "double"}


def write_graphml(graph: Graph, output: str | os.PathLike[str], *, min_confidence: float = 0.0) -> None:
    """Write nodes and links with their best evidence as GraphML."""
    with writing(output) as stream:
        for line in _lines(graph, min_confidence):
            stream.write((line + "\n").encode())


def _lines(graph: Graph, min_confidence: float) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for domain, fields in (("node", NODE_FIELDS), ("edge", LINK_FIELDS)):
        for name, type_ in fields.items():
            yield f'  <key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{_TYPES[type_]}"/>'
    yield '  <graph edgedefault="directed">'
    for node in iter_nodes(graph.db):
        yield f"    <node id={attribute(node.id)}>{_data('node', NODE_FIELDS, node)}</node>"
    for number, link in enumerate(iter_links(graph.db, min_confidence=min_confidence)):
        yield f'    <edge id="e{number}" source={attribute(link.source)} target={attribute(link.target)}>{_data("edge", LINK_FIELDS, link)}</edge>'
    yield "  </graph>"
    yield "</graphml>"


def _data(domain: str, fields: Mapping[str, type], row: NodeRow | LinkRow) -> str:
    values: Iterator[tuple[str, Any]] = ((name, getattr(row, name)) for name in fields)
    return "".join(f'<data key="{domain}_{name}">{escape(legal(str(value)))}</data>' for name, value in values if value not in (None, ""))


def attribute(text: str) -> str:
    """A text as the quoted value of an XML attribute."""
    return quoteattr(legal(text))
