"""Names out of the graph, for the shell's completion."""

from __future__ import annotations

import os
import sqlite3

import click
from click.shell_completion import CompletionItem

from kg.errors import KgError


def complete_name(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Names of the graph that begin so, the most named first; a name of several words is given by its id, which needs no quotes."""
    from kg.query.find import complete_names
    from kg.store.connection import open_reading

    path = ctx.params.get("graph") or os.environ.get("KG_GRAPH") or "graph.kg"
    try:
        db = open_reading(path)
    except (KgError, OSError):
        return []
    try:
        nodes = complete_names(db, incomplete)
    except sqlite3.Error:
        return []
    finally:
        db.close()
    return [CompletionItem(node.label if _is_plain(node.label) else node.id, help=f"{node.kind}: {_printable(node.label)}") for node in nodes]


def _is_plain(label: str) -> bool:
    """Whether a shell takes a name as one word without quotes."""
    return all(c.isalnum() or c in "-_.+/" for c in label)


def _printable(label: str) -> str:
    return "".join(c if c.isprintable() else " " for c in label)[:80]
