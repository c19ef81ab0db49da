"""`kg export graphml`: for nearly every graph tool."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, quiet_option


@click.command("graphml")
@click.option("-o", "--output", default="exports/graph.graphml", show_default=True, metavar="FILE", help="The file to write; - for standard output.")
@confidence_option
@graph_option
@quiet_option
def command(output: str, min_confidence: float, graph: str, quiet: bool) -> None:
    """Write nodes and links with their best evidence as GraphML, which networkx, igraph, Gephi, yEd and Cytoscape read.

    \b
    kg export graphml -o graph.graphml
    """
    from kg.export.graphs.graphml import write_graphml
    from kg.graph import Graph

    with Graph(graph) as opened:
        write_graphml(opened, output, min_confidence=min_confidence)
    if not quiet and output != "-":
        click.echo(f"{output}: nodes and links as GraphML")
