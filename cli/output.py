"""How results are printed: tables on a terminal, tab-separated values in a pipe, JSON where it is asked for."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from kg.records import Edge, Evidence
from kg.vocabulary import RELATIONS

SCHEMA_VERSION = 1
_COLOURS = {"paper": "white", "dataset": "blue", "benchmark": "cyan", "technique": "magenta", "model": "green", "task": "yellow"}


def is_terminal() -> bool:
    """Whether a person reads along."""
    return sys.stdout.isatty()


def print_json(command: str, result: Any) -> None:
    """Print a result as JSON: `schema_version`, `command` and `result`, with records as objects."""
    payload = {"schema_version": SCHEMA_VERSION, "command": command, "result": result}
    click.echo(json.dumps(payload, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if hasattr(value, "items"):
        return dict(value)
    raise TypeError(type(value).__name__)


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows: a table on a terminal, else tab-separated with a header; control characters of texts never reach either."""
    if is_terminal():
        _print_table(columns, rows)
        return
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join(clean(cell) for cell in row))


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    Console().print(table)


def clean(cell: object) -> str:
    """A cell as one line: what could break a row or steer a terminal becomes a space."""
    text = "" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else str(cell)
    return "".join(c if c.isprintable() else " " for c in text)


def kind_text(kind: str) -> str:
    """A kind in its colour."""
    return click.style(kind, fg=_COLOURS.get(kind, "bright_black"))


def quote_text(evidence: Evidence) -> str:
    """A quote on one line, with the name in it marked where there is a terminal."""
    start, end = evidence.name_start - evidence.start, evidence.name_end - evidence.start
    before, name, after = evidence.quote[:start], evidence.quote[start:end], evidence.quote[end:]
    return f"“{clean(before).lstrip()}{click.style(clean(name), bold=True, fg='yellow')}{clean(after).rstrip()}”"


def print_edge(edge: Edge, source: str, target: str, *, quotes: int = 3) -> None:
    """Print an edge as a sentence with its confidence, and its quotes below."""
    phrase = click.style(RELATIONS[edge.relation].phrase, bold=True)
    click.echo(f"{clean(source)} {phrase} {clean(target)}  {click.style(f'{edge.confidence:.2f}', dim=True)}")
    sentences = list({(e.field, e.start, e.end): e for e in reversed(edge.evidence)}.values())[::-1]  # each once, with its best place
    shown = sentences[:quotes] if quotes else sentences
    for evidence in shown:
        click.echo(f"    {quote_text(evidence)} {click.style(f'[{evidence.field}, {evidence.rule}]', dim=True)}")
    if len(shown) < len(sentences):
        click.echo(click.style(f"    … and {len(sentences) - len(shown)} more", dim=True))


def mark_text(text: str, marks: Iterable[tuple[int, int]]) -> str:
    """A text on one line, with some spans marked where there is a terminal."""
    parts, last = [], 0
    for start, end in sorted(marks):
        if start >= last:
            parts += [clean(text[last:start]), click.style(clean(text[start:end]), bold=True, fg="yellow")]
            last = end
    return "".join((*parts, clean(text[last:]))).strip()
