"""`kg export gexf`: ready for Gephi."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, quiet_option


@click.command("gexf")
@click.option("-o", "--output", default="exports/graph.gexf", show_default=True, metavar="FILE", help="The file to write; - for standard output.")
@click.option("--positions/--no-positions", default=True, show_default=True, help="Compute where each node stands.")
@confidence_option
@graph_option
@quiet_option
def command(output: str, positions: bool, min_confidence: float, graph: str, quiet: bool) -> None:
    """Write GEXF with positions, colours by kind and sizes by papers, so that Gephi opens the picture ready.

    \b
    kg export gexf -o graph.gexf
    kg export gexf --no-positions --min-confidence 0.7
    """
    from kg.export.graphs.gexf import write_gexf
    from kg.graph import Graph

    with Graph(graph) as opened:
        write_gexf(opened, output, positions=positions, min_confidence=min_confidence)
    if not quiet and output != "-":
        click.echo(f"{output}: nodes and links as GEXF")
