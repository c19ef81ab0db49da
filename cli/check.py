"""`kg check`: the invariants of a graph file."""

from __future__ import annotations

import click

from cli.options import graph_option, json_option
from cli.output import print_json, print_rows


@click.command("check")
@click.option("--rdf", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Check an RDF export against the SHACL shapes instead; needs kg[shacl].")
@graph_option
@json_option
@click.pass_context
def command(ctx: click.Context, rdf: str | None, graph: str, as_json: bool) -> None:
    """Check every invariant of the file: that each quote stands where it is said to stand, that each link has evidence, and so on.

    Exit code 1 where one does not hold.

    \b
    kg check -g graph.kg
    kg check --rdf graph.ttl
    """
    if rdf:
        from kg.export.rdf.checking import check_rdf

        violations = check_rdf(rdf)
    else:
        from kg.graph import Graph

        with Graph(graph) as opened:
            violations = opened.check()
    if as_json:
        print_json("check", violations)
    elif violations:
        print_rows(("invariant", "detail"), ((v.invariant, v.detail) for v in violations))
    else:
        click.echo(f"{rdf or graph}: every {'constraint' if rdf else 'invariant'} holds")
    ctx.exit(1 if violations else 0)
