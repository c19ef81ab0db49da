"""`kg problems`: what went wrong with the input."""

from __future__ import annotations

import click

from cli.options import graph_option, json_option
from cli.output import print_json, print_rows


@click.command("problems")
@click.option("--code", help="Only problems of this code.")
@graph_option
@json_option
def command(code: str | None, graph: str, as_json: bool) -> None:
    """List every record that was skipped, cut, mended or merged in doubt, with its file, line and reason.

    \b
    kg problems --code no-abstract
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        problems = opened.problems(code)
    if as_json:
        print_json("problems", problems)
    else:
        print_rows(("severity", "code", "file", "line", "message"), ((p.severity, p.code, p.file, p.line, p.message) for p in problems))
