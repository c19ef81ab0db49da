"""`kg add`: more sources into a graph file."""

from __future__ import annotations

import click

from cli.options import reading_options
from cli.progress import print_report, progress_bar


@click.command("add")
@click.argument("graph", metavar="GRAPH")
@click.argument("sources", nargs=-1, required=True)
@reading_options
def command(
    graph: str, sources: tuple[str, ...], format_: str | None, corrections: tuple[str, ...], processes: int, strict: bool, quiet: bool, as_json: bool
) -> None:
    """Extend the file GRAPH by SOURCES. The result is the same as building from all sources at once.

    \b
    kg add graph.kg today.jsonl
    """
    from kg.build import Options, add_sources

    with progress_bar(quiet=quiet) as progress:
        report = add_sources(graph, sources, options=Options(format=format_, corrections=corrections, processes=processes, strict=strict), progress=progress)
    print_report("add", report, graph, quiet=quiet, as_json=as_json)
