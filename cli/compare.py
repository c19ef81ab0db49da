"""`kg compare`: papers side by side."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

import click

from cli.options import confidence_option, graph_option, json_option, name_type
from cli.output import clean, print_json, print_rows
from kg.export.cells import safe_cell
from kg.query.compare import Comparison
from kg.vocabulary import RELATIONS

Line = Sequence[str]


@click.command("compare")
@click.argument("papers", nargs=-1, required=True, metavar="P Q...", type=name_type)
@click.option("--shared", "only_shared", is_flag=True, help="Only rows that at least two of the papers have.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV; a cell that a spreadsheet would run as a formula gets an apostrophe in front.")
@click.option("--markdown", "form", flag_value="markdown", help="Print a Markdown table.")
@click.option("--html", "form", flag_value="html", help="Print an HTML table.")
@click.option("--limit", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="At most N things in a cell; 0 for all.")
@confidence_option
@graph_option
@json_option
def command(papers: tuple[str, ...], only_shared: bool, form: str | None, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """Put papers side by side in a table: what each introduces, evaluates on, uses and so on, by kind.

    \b
    kg compare BLIP-2 InstructBLIP                               the papers that introduce these
    kg compare arXiv:2103.00020 arXiv:2304.08485 --markdown
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        found = opened.compare(*papers, only_shared=only_shared, min_confidence=min_confidence)
    found = _cut(found, limit)
    if as_json:
        print_json("compare", found)
        return
    columns, rows = _table(found)
    if form:
        click.echo(_WRITERS[form](columns, rows), nl=False)
    else:
        print_rows(columns, rows)


def _cut(found: Comparison, limit: int) -> Comparison:
    """At most so many things in each cell, the surest."""
    rows = tuple(replace(row, cells=tuple(cell[: limit or None] for cell in row.cells)) for row in found.rows)
    return replace(found, rows=rows)


def _table(found: Comparison) -> tuple[Line, list[Line]]:
    columns = ("relation", "kind", *(paper.title for paper in found.papers))
    rows = [(RELATIONS[row.relation].phrase, row.kind, *("; ".join(link.other.label for link in cell) for cell in row.cells)) for row in found.rows]
    return columns, [("year", "", *(str(paper.year or "") for paper in found.papers)), *rows]


def _csv(columns: Line, rows: Sequence[Line]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[safe_cell(clean(cell)) for cell in row] for row in (columns, *rows)])
    return text.getvalue()


def _markdown(columns: Line, rows: Sequence[Line]) -> str:
    def line(cells: Line) -> str:
        return "| " + " | ".join(_markdown_cell(cell) for cell in cells) + " |\n"

    return line(columns) + "|" + " --- |" * len(columns) + "\n" + "".join(line(row) for row in rows)


def _markdown_cell(cell: str) -> str:
    """A cell whose characters mean nothing to Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>|#!~" else c for c in clean(cell))


def _html(columns: Line, rows: Sequence[Line]) -> str:
    def line(cells: Line, tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(clean(cell))}</{tag}>" for cell in cells) + "</tr>\n"

    return f"<table>\n<thead>{line(columns, 'th')}</thead>\n<tbody>\n{''.join(line(row, 'td') for row in rows)}</tbody>\n</table>\n"


_WRITERS: dict[str, Callable[[Line, Sequence[Line]], str]] = {"csv": _csv, "markdown": _markdown, "html": _html}
