"""`kg papers`: papers by what they are linked to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cli.options import confidence_option, graph_option, json_option, limit_option
from cli.output import print_edge, print_json, print_rows

_FILTERS = ("introduces", "evaluates_on", "trains_on", "uses", "compares_to", "addresses", "mentions", "about")


def _filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(_FILTERS):
        text = "in any relation" if name == "about" else f"that it {name.replace('_', ' ')}" if name != "addresses" else "that it addresses"
        command = click.option(f"--{name.replace('_', '-')}", name, multiple=True, metavar="NAME", help=f"With this entity, {text}.")(command)
    return command


@click.command("papers")
@_filter_options
@click.option("--show-evidence", is_flag=True, help="Print the quotes behind each row.")
@limit_option
@confidence_option
@graph_option
@json_option
def command(show_evidence: bool, limit: int, min_confidence: float, graph: str, as_json: bool, **filters: tuple[str, ...]) -> None:
    """List papers that have every link asked for, the best supported first.

    \b
    kg papers --evaluates-on MathVista --uses CLIP
    kg papers --about "knowledge distillation" --show-evidence
    """
    from kg.graph import Graph

    wanted = [(None if relation == "about" else relation, name) for relation, names in filters.items() for name in names]
    with Graph(graph) as opened:
        rows = opened.papers(wanted, limit=limit, min_confidence=min_confidence)
        labels = {edge.target: opened.find(edge.target).label for row in rows for edge in row.edges}
    if as_json:
        print_json("papers", rows)
    elif show_evidence:
        for row in rows:
            for edge in row.edges:
                print_edge(edge, row.node.label, labels[edge.target])
    else:
        print_rows(("title", "year", "confidence", "id"), ((row.node.label, row.year, row.confidence, row.node.id) for row in rows))
