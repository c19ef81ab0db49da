"""`kg new`: what is new since a date or an older graph, or what one source brought."""

from __future__ import annotations

import os

import click

from cli.changes import feed_options, print_all, write_feed
from cli.options import confidence_option, graph_option, json_option, limit_option
from cli.output import print_json


@click.command("new")
@click.option("--since", metavar="WHEN", help="A date (2024, 2024-06, 2024-06-01), or an older graph file to compare with.")
@click.option("--source", metavar="TEXT", help="Instead: what only the files whose name has TEXT in it have brought.")
@feed_options
@limit_option
@confidence_option
@graph_option
@json_option
def command(since: str | None, source: str | None, feed: str | None, date: str, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """List papers that are new, the entities that only they name, and their links; dates are those of papers, no clock is asked.

    \b
    kg new --since 2024-06
    kg new --since last-week.kg --feed new.xml --date 2025-01-31
    kg new --source 004
    """
    from kg.graph import Graph

    if (since is None) == (source is None):
        raise click.UsageError("give either --since or --source")
    with Graph(graph) as opened:
        if source is not None:
            found = opened.brought(source, limit=limit, min_confidence=min_confidence)
        elif since and os.path.isfile(since):
            with Graph(since) as older:
                found = opened.diff(older, limit=limit, min_confidence=min_confidence).gained
        else:
            found = opened.new(since or "", limit=limit, min_confidence=min_confidence)
        if feed:
            write_feed(opened, found, feed, date)
        if as_json:
            print_json("new", found)
        elif feed != "-":
            print_all([(found, opened, "+")])
    if found.undated and not as_json:
        click.echo(f"{found.undated:,} papers have no date", err=True)
