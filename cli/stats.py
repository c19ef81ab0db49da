"""`kg stats`: what a graph holds."""

from __future__ import annotations

import click

from cli.options import graph_option, json_option
from cli.output import print_json, print_rows


@click.command("stats")
@graph_option
@json_option
def command(graph: str, as_json: bool) -> None:
    """Count papers, entities by kind, links by relation, evidence and problems.

    \b
    kg stats -g graph.kg
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        stats = opened.stats()
    if as_json:
        print_json("stats", stats)
        return
    rows: list[tuple[str, str, int]] = [("read", f"{name} ({format_})", entries) for name, format_, entries in stats.sources]
    rows += [("papers", "", stats.papers), ("entries", "", stats.entries)]
    for title, counts in (("entity", stats.entities), ("link", stats.links)):
        rows += [(title, name, count) for name, count in counts.items()]
    rows += [("statements", "", stats.statements), ("statements", "left open", stats.unresolved), ("evidence", "", stats.evidence)]
    rows += [("problem", name, count) for name, count in stats.problems.items()]
    print_rows(("what", "name", "count"), rows)
