"""`kg groups`: communities of papers and what they name."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option
from cli.output import clean, is_terminal, print_json, print_rows


@click.command("groups")
@click.option("--resolution", type=click.FloatRange(0, min_open=True), default=1.0, show_default=True, metavar="R", help="Above 1 gives more and smaller groups.")
@click.option("--min-size", type=click.IntRange(1), default=3, show_default=True, metavar="N", help="Groups of at least N papers.")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, metavar="N", help="At most N groups; 0 for all.")
@confidence_option
@graph_option
@json_option
def command(resolution: float, min_size: int, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """Part the graph into communities, the largest first: what each is about, its size, its centre, and its most central papers.

    \b
    kg groups
    kg groups --resolution 2 --min-size 5
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        rows = opened.groups(resolution=resolution, min_size=min_size, limit=limit, min_confidence=min_confidence)
    if as_json:
        print_json("groups", rows)
    elif is_terminal():
        for number, row in enumerate(rows, 1):
            click.echo(f"{number:3}. {click.style(clean(row.name), bold=True)}  {row.size} papers, around {clean(row.centre.label)}")
            click.echo("     " + ", ".join(f"{clean(t.node.label)} ({t.papers})" for t in row.topics))
            for paper in row.papers[:3]:
                click.echo(click.style(f"     · {clean(paper.label)}", dim=True))
    else:
        columns = ("papers", "about", "centre", "topics", "central paper")
        print_rows(columns, ((r.size, r.name, r.centre.label, "; ".join(f"{t.node.label} ({t.papers})" for t in r.topics), r.papers[0].label) for r in rows))
