"""`kg path`: how two things are connected."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, kind_option, name_type
from cli.output import clean, is_terminal, kind_text, print_json, print_rows, quote_text
from kg.query.paths import Path
from kg.vocabulary import RELATIONS


@click.command("path")
@click.argument("a", type=name_type)
@click.argument("b", type=name_type)
@click.option("-k", "--limit", "count", type=click.IntRange(1), default=3, show_default=True, metavar="N", help="The N best paths.")
@kind_option
@confidence_option
@graph_option
@json_option
def command(a: str, b: str, count: int, kind: str | None, min_confidence: float, graph: str, as_json: bool) -> None:
    """Show how A and B are connected: the best paths that meet nothing twice, each step with its relation, direction and quote.

    A path costs a step more for each link, more where a link is in doubt, and much more for passing what many papers name.

    \b
    kg path MathVista ImageNet
    kg path LoRA "visual question answering" -k 5
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        paths = opened.paths(a, b, count=count, kind=kind, min_confidence=min_confidence)
    if as_json:
        print_json("path", paths)
    elif not paths:
        click.echo(f"no path between {clean(a)} and {clean(b)}", err=True)
    elif is_terminal():
        for number, path in enumerate(paths, 1):
            _print_path(number, path)
    else:
        rows = [
            (number, path.cost, position, here.label, _phrase(step.edge.relation, step.inverse), step.node.label, step.edge.confidence, step.edge.evidence[0].quote)
            for number, path in enumerate(paths, 1)
            for position, (here, step) in enumerate(zip((path.start, *(s.node for s in path.steps)), path.steps, strict=False), 1)
        ]
        print_rows(("path", "cost", "step", "from", "relation", "to", "confidence", "quote"), rows)


def _phrase(relation: str, inverse: bool) -> str:
    return RELATIONS[relation].inverse if inverse else RELATIONS[relation].phrase


def _print_path(number: int, path: Path) -> None:
    click.echo(f"{click.style(f'{number}. cost {path.cost:.1f}', dim=True)}  {click.style(clean(path.start.label), bold=True)}")
    for step in path.steps:
        arrow = "←" if step.inverse else "→"
        phrase = click.style(_phrase(step.edge.relation, step.inverse), fg="cyan")
        click.echo(f"   {arrow} {phrase} {click.style(clean(step.node.label), bold=True)}  {kind_text(step.node.kind)} {click.style(f'{step.edge.confidence:.2f}', dim=True)}")
        click.echo(f"       {quote_text(step.edge.evidence[0])}")
