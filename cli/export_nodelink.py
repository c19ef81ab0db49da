"""`kg export nodelink`: JSON for networkx and D3."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, quiet_option


@click.command("nodelink")
@click.option("-o", "--output", default="exports/graph.json", show_default=True, metavar="FILE", help="The file to write; - for standard output.")
@confidence_option
@graph_option
@quiet_option
def command(output: str, min_confidence: float, graph: str, quiet: bool) -> None:
    """Write node-link JSON, the form of networkx.node_link_graph(data, edges="edges") and of D3.

    \b
    kg export nodelink -o graph.json
    """
    from kg.export.graphs.nodelink import write_nodelink
    from kg.graph import Graph

    with Graph(graph) as opened:
        write_nodelink(opened, output, min_confidence=min_confidence)
    if not quiet and output != "-":
        click.echo(f"{output}: nodes and links as node-link JSON")
