"""CSV tables: nodes.csv and edges.csv, each link with its best evidence."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path

from kg.export.cells import safe_cell
from kg.export.files import writing
from kg.export.graphs.rows import LinkRow, NodeRow, iter_links, iter_nodes
from kg.graph import Graph


def write_tables(graph: Graph, folder: str | os.PathLike[str], *, min_confidence: float = 0.0) -> tuple[Path, Path]:
    """Write `nodes.csv` and `edges.csv` (UTF-8, RFC 4180) into a folder; returns their paths.

    A cell that a spreadsheet would run as a formula has an apostrophe in front; a quote's line breaks stay.
    """
    nodes, edges = Path(folder) / "nodes.csv", Path(folder) / "edges.csv"
    _write(nodes, NodeRow, iter_nodes(graph.db))
    _write(edges, LinkRow, iter_links(graph.db, min_confidence=min_confidence))
    return nodes, edges


def _write(path: Path, record: type, rows: Iterable[NodeRow | LinkRow]) -> None:
    with writing(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow([field.name for field in fields(record)])
        for row in rows:
            writer.writerow([safe_cell(value) if isinstance(value, str) else value for value in astuple(row)])
        text.detach()
