"""`kg together`: what is named along with a thing."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, limit_option, name_type
from cli.output import print_json, print_rows
from kg.query.together import Order
from kg.vocabulary import KINDS, TO_NAMED


@click.command("together")
@click.argument("name", type=name_type)
@click.option("--kind", type=click.Choice(KINDS[1:]), help="Only things of this kind.")
@click.option("--relation", type=click.Choice(TO_NAMED), help="Only in papers that are linked to NAME in this relation.")
@click.option("--by", "order", type=click.Choice(["support", "count", "lift"]), default="support", show_default=True, help="How to sort; support asks for both count and lift.")
@click.option("--min-papers", type=click.IntRange(1), metavar="N", help="At least N papers must name both; 1 where it is not given, 2 with --by lift.")
@limit_option
@confidence_option
@graph_option
@json_option
def command(
    name: str, kind: str | None, relation: str | None, order: Order, min_papers: int | None, limit: int, min_confidence: float, graph: str, as_json: bool
) -> None:
    """List what papers name along with NAME: in how many papers, and how many times more than by chance (lift).

    \b
    kg together MathVista --kind benchmark
    kg together LoRA --kind technique --by lift
    kg together CLIP --relation uses
    """
    from kg.graph import Graph
    from kg.query.together import find_together

    with Graph(graph) as opened:
        rows = find_together(
            opened.db, name, kind=kind, relation=relation, order=order, min_papers=min_papers, limit=limit, min_confidence=min_confidence
        )
    if as_json:
        print_json("together", rows)
    else:
        columns = ("kind", "name", "papers", "share", "lift", "for example", "id")
        print_rows(columns, ((r.node.kind, r.node.label, r.count, r.share, r.lift, r.papers[0].label, r.node.id) for r in rows))
