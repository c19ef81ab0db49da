"""`kg names`: what a name means, and why."""

from __future__ import annotations

import click

from cli.options import graph_option, json_option, kind_option, name_type
from cli.output import clean, is_terminal, kind_text, print_json, print_rows


@click.command("names")
@click.argument("name", type=name_type)
@kind_option
@graph_option
@json_option
def command(name: str, kind: str | None, graph: str, as_json: bool) -> None:
    """Explain NAME: each thing that is called so, how it is written and how often, why the spellings are one, and what was kept apart and why.

    \b
    kg names COCO
    kg names MMD
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        report = opened.names(name, kind=kind)
    if as_json:
        print_json("names", report)
        return
    if not is_terminal():
        rows = [("same", e.id, n.surface, n.papers, n.reason) for e in report.entities for n in e.names]
        rows += [("apart", k.name, k.other, k.papers, k.reason) for k in report.kept_apart]
        print_rows(("verdict", "thing", "surface", "papers", "reason"), rows)
        return
    for entity in report.entities:
        click.echo(f"{click.style(clean(entity.name), bold=True)}  {' '.join(kind_text(k) for k in entity.kinds)} {click.style(entity.id, dim=True)}")
        click.echo(f"named by {entity.papers} papers" + (f"; {clean(entity.note)}" if entity.note else ""))
        print_rows(("surface", "papers", "why it is this"), ((n.surface, n.papers, n.reason) for n in entity.names))
    if report.kept_apart:
        click.echo(click.style("kept apart or left out", bold=True))
        print_rows(("name", "from", "papers", "why"), ((k.name, k.other, k.papers, k.reason) for k in report.kept_apart))
