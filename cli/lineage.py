"""`kg lineage`: what something builds on and what builds on it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cli.options import confidence_option, graph_option, json_option, kind_option, name_type
from cli.output import clean, is_terminal, kind_text, print_json, print_rows
from kg.query.lineage import Branch
from kg.vocabulary import RELATIONS


@click.command("lineage")
@click.argument("name", type=name_type)
@click.option("--depth", type=click.IntRange(1, 20), default=2, show_default=True, metavar="N", help="Go N steps.")
@click.option("--breadth", "--limit", "breadth", type=click.IntRange(0), default=6, show_default=True, metavar="N", help="At most N branches at each node; 0 for all.")
@kind_option
@confidence_option
@graph_option
@json_option
def command(name: str, depth: int, breadth: int, kind: str | None, min_confidence: float, graph: str, as_json: bool) -> None:
    """Show what NAME builds on and what builds on it, as two trees: through what papers use, who introduced that, and what they cite.

    \b
    kg lineage LLaVA
    kg lineage "Visual Instruction Tuning" --depth 3
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        found = opened.lineage(name, kind=kind, depth=depth, breadth=breadth, min_confidence=min_confidence)
    if as_json:
        print_json("lineage", found)
    elif is_terminal():
        for title, root in (("builds on", found.up), ("is built on by", found.down)):
            click.echo(f"{click.style(clean(root.node.label), bold=True)} {click.style(title if root.branches else f'{title} nothing in this graph', fg='cyan')}")
            for line in _tree(root, ""):
                click.echo(line)
    else:
        rows = [(title, depth, _label(branch), _why(branch), branch.node.kind, branch.node.id)
                for title, root in (("builds on", found.up), ("built on by", found.down)) for depth, branch in _flat(root)]  # fmt: skip
        print_rows(("direction", "depth", "name", "link", "kind", "id"), rows)


def _flat(branch: Branch, depth: int = 1) -> Iterator[tuple[int, Branch]]:
    for below in branch.branches:
        yield depth, below
        yield from _flat(below, depth + 1)


def _tree(branch: Branch, indent: str) -> Iterator[str]:
    for position, below in enumerate(branch.branches):
        is_last = position == len(branch.branches) - 1 and not branch.more
        why = click.style(f"({_why(below)})", dim=True)
        yield f"{indent}{'└─' if is_last else '├─'} {clean(_label(below))} {kind_text(below.node.kind)} {why}"
        yield from _tree(below, indent + ("   " if is_last else "│  "))
    if branch.more:
        yield click.style(f"{indent}└─ … and {branch.more} more (--breadth 0)", dim=True)


def _label(branch: Branch) -> str:
    return f"{branch.node.label} ({branch.year})" if branch.year else branch.node.label


def _why(branch: Branch) -> str:
    """How a branch hangs on the one before."""
    if branch.edge is None:
        return ""
    is_inverse = branch.edge.source == branch.node.id
    phrase = RELATIONS[branch.edge.relation].inverse if is_inverse else RELATIONS[branch.edge.relation].phrase
    if branch.through:
        phrase = RELATIONS[branch.edge.relation].phrase + f" {clean(branch.through.label)}"
    return f"{phrase}, {branch.edge.confidence:.2f}"
