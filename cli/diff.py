"""`kg diff`: what one state of a graph gained and lost over another."""

from __future__ import annotations

import click

from cli.changes import feed_options, print_all, write_feed
from cli.options import confidence_option, json_option, limit_option
from cli.output import print_json


@click.command("diff")
@click.argument("old", type=click.Path(dir_okay=False))
@click.argument("new", type=click.Path(dir_okay=False))
@feed_options
@limit_option
@confidence_option
@json_option
def command(old: str, new: str, feed: str | None, date: str, limit: int, min_confidence: float, as_json: bool) -> None:
    """List papers, entities and links that the graph file NEW has and OLD has not (+), and the other way round (-).

    \b
    kg diff last-week.kg graph.kg
    kg diff last-week.kg graph.kg --feed new.xml --date 2025-01-31
    """
    from kg.graph import Graph

    with Graph(old) as older, Graph(new) as newer:
        found = newer.diff(older, limit=limit, min_confidence=min_confidence)
        if feed:
            write_feed(newer, found.gained, feed, date)
        if as_json:
            print_json("diff", found)
        elif feed != "-":
            print_all([(found.gained, newer, "+"), (found.lost, older, "-")])
