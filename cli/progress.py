"""Progress bars and closing reports of the commands that make graphs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from cli.output import print_json

if TYPE_CHECKING:
    from kg.build import Report
    from kg.planning import Progress


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress | None]:
    """A bar for each stage on a terminal, with an estimate of the time left; nothing in a pipe."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<11}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        stages: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=total)
            bars.update(stages[stage], completed=done, total=total)

        yield show


def print_report(command: str, report: Report, path: str, *, quiet: bool, as_json: bool) -> None:
    """Print what a build or an addition did."""
    if as_json:
        print_json(command, report)
    elif not quiet:
        click.echo(f"{path}: {report.papers:,} papers out of {report.entries:,} entries read from {report.files} files; {report.joined:,} duplicates joined in all")
        click.echo(f"  statements  {report.statements:,}")
        for title, counts in (("entities", report.entities), ("links", report.links), ("problems", report.problems)):
            listed = ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"
            click.echo(f"  {title:<11} {listed}")
