"""`kg rank`: what matters most."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, limit_option
from cli.output import print_json, print_rows
from kg.query.rank import Measure
from kg.vocabulary import KINDS, RELATIONS


@click.command("rank")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--by", type=click.Choice(["papers", "pagerank", "betweenness"]), default="papers", show_default=True, help="The measure.")
@click.option("--relation", type=click.Choice(list(RELATIONS)), help="Only links of this relation count.")
@limit_option
@confidence_option
@graph_option
@json_option
def command(kind: str, by: Measure, relation: str | None, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """Rank the things of a KIND: by how many papers name them, by PageRank, or by the share of shortest paths that pass them (betweenness).

    PageRank follows a reader from a paper to what it names, and from there to the paper that introduced it. On graphs of more than some thousand
    papers betweenness is estimated from a fixed sample.

    \b
    kg rank benchmark --relation evaluates_on
    kg rank paper --by pagerank
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        rows = opened.rank(kind, by=by, relation=relation, limit=limit, min_confidence=min_confidence)
    if as_json:
        print_json("rank", rows)
    else:
        print_rows(("rank", "name", by, "id"), ((r.rank, r.node.label, f"{r.value:.4g}" if by != "papers" else int(r.value), r.node.id) for r in rows))
