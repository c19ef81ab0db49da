"""Rows of an answer: a list that a notebook shows as a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, TypeVar

from kg.records import Edge, Evidence, Node

T = TypeVar("T")
_SHOWN = 50


class Rows(list[T]):
    """A list of records. In a notebook it shows as a table with everything from papers escaped."""

    def _repr_html_(self) -> str:
        return html_table(self)


class InNotebook:
    """What a record needs to show itself in a notebook: a table of its fields, with everything from papers escaped."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        names = [field.name for field in dataclasses.fields(self)]  # type: ignore[arg-type]
        return grid(("", ""), [(escape(name.replace("_", " ")), html_cell(getattr(self, name))) for name in names])


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Cells that are HTML already as a table."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td style='text-align:left'>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def html_table(records: Iterable[Any]) -> str:
    """Records of one type as an HTML table, a column for each field; at most 50 rows."""
    rows = list(records)
    if not rows:
        return "<p>nothing found</p>"
    if not dataclasses.is_dataclass(rows[0]):
        return "<ul>" + "".join(f"<li>{escape(str(row))}</li>" for row in rows[:_SHOWN]) + "</ul>"
    names = [field.name for field in dataclasses.fields(rows[0])]
    cells = ([html_cell(getattr(row, name)) for name in names] for row in rows[:_SHOWN])
    table = grid((escape(name.replace("_", " ")) for name in names), cells)
    rest = f"<p>… and {len(rows) - _SHOWN} more</p>" if len(rows) > _SHOWN else ""
    return table + rest


def html_cell(value: Any) -> str:
    """One value as escaped HTML: nodes by what they are called, edges by their best quote, tuples as lines."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, Node):
        return f"{escape(value.label)} <small>{escape(value.kind)}</small>"
    if isinstance(value, Edge):
        return _edge(value)
    if isinstance(value, Evidence):
        return _quote(value)
    if isinstance(value, Mapping):
        return "<br>".join(f"{escape(str(name))} {html_cell(part)}" for name, part in value.items())
    if isinstance(value, tuple | list):
        return "<br>".join(html_cell(part) for part in value[:10])
    if dataclasses.is_dataclass(value):
        return ", ".join(html_cell(getattr(value, field.name)) for field in dataclasses.fields(value))
    return escape(str(value))


def _edge(edge: Edge) -> str:
    quote = f": {_quote(edge.evidence[0])}" if edge.evidence else ""
    return f"<i>{escape(edge.relation)}</i> {edge.confidence:.2f}{quote}"


def _quote(evidence: Evidence) -> str:
    start, end = evidence.name_start - evidence.start, evidence.name_end - evidence.start
    quote = evidence.quote
    return f"“{escape(quote[:start])}<b>{escape(quote[start:end])}</b>{escape(quote[end:])}”"
