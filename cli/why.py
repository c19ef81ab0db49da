"""`kg why`: how two things are linked, in the papers' own words."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, kind_option, limit_option, name_type
from cli.output import clean, print_edge, print_json


@click.command("why")
@click.argument("a", type=name_type)
@click.argument("b", type=name_type)
@kind_option
@limit_option
@confidence_option
@graph_option
@json_option
def command(a: str, b: str, kind: str | None, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """Show every link between A and B with its quotes: direct links first, then the papers that have links to both.

    \b
    kg why NVLM LLaVA
    kg why "Visual Instruction Tuning" CLIP
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        reasons = opened.why(a, b, kind=kind, limit=limit, min_confidence=min_confidence)
        ids = {identity for reason in reasons for edge in reason.edges for identity in (edge.source, edge.target)}
        labels = {identity: opened.find(identity).label for identity in ids}
    if as_json:
        print_json("why", reasons)
        return
    if not reasons:
        click.echo(f"no link between {clean(a)} and {clean(b)}, and no paper that has links to both")
    for reason in reasons:
        if reason.via:
            click.echo(click.style(f"in {clean(reason.via.label)}", fg="cyan"))
        for edge in reason.edges:
            print_edge(edge, labels[edge.source], labels[edge.target])
