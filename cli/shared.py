"""`kg shared`: what several things have in common."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, kind_option, limit_option, name_type
from cli.output import print_edge, print_json, print_rows
from kg.records import Edge
from kg.vocabulary import RELATIONS


@click.command("shared")
@click.argument("names", nargs=-1, required=True, metavar="A B [C]...", type=name_type)
@click.option("--show-evidence", is_flag=True, help="Print the quotes behind each row.")
@kind_option
@limit_option
@confidence_option
@graph_option
@json_option
def command(names: tuple[str, ...], show_evidence: bool, kind: str | None, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """Show what papers have in common, with the relation on each side; between entities, the papers that join them.

    What few papers name comes first. --kind keeps only shared things of one kind.

    \b
    kg shared "NVLM: Open Frontier-Class Multimodal LLMs" "Visual Instruction Tuning"
    kg shared MathVista DPO
    """
    from kg.graph import Graph
    from kg.query.nodes import read_labels

    if len(names) < 2:
        raise click.UsageError("at least two names are needed")
    with Graph(graph) as opened:
        rows = opened.shared(*names, kind=kind, limit=limit, min_confidence=min_confidence)
        labels = read_labels(opened.db, (end for row in rows for side in row.sides for edge in side for end in (edge.source, edge.target)))
    if as_json:
        print_json("shared", rows)
    elif show_evidence:
        for row in rows:
            for side in row.sides:
                print_edge(side[0], labels[side[0].source], labels[side[0].target])
    else:
        columns = ("kind", "name", *names, "score", "id")
        print_rows(columns, ((row.node.kind, row.node.label, *(_relations(row.node.id, side) for side in row.sides), row.score, row.node.id) for row in rows))


def _relations(shared: str, side: tuple[Edge, ...]) -> str:
    """The relations of one side, read from what was asked for to what is shared."""
    found = dict.fromkeys(RELATIONS[e.relation].phrase if e.target == shared else RELATIONS[e.relation].inverse for e in side)
    return ", ".join(found)
