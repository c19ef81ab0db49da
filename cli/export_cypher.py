"""`kg export cypher`: for Neo4j."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, quiet_option


@click.command("cypher")
@click.option("-o", "--output", default="exports/graph.cypher", show_default=True, metavar="FILE", help="The file to write; - for standard output.")
@confidence_option
@graph_option
@quiet_option
def command(output: str, min_confidence: float, graph: str, quiet: bool) -> None:
    """Write Cypher statements that load the graph into Neo4j; running them again doubles nothing.

    \b
    kg export cypher -o graph.cypher
    """
    from kg.export.graphs.cypher import write_cypher
    from kg.graph import Graph

    with Graph(graph) as opened:
        write_cypher(opened, output, min_confidence=min_confidence)
    if not quiet and output != "-":
        click.echo(f"{output}: statements for Neo4j")
