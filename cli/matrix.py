"""`kg matrix`: how many papers join each pair of two kinds of things."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, limit_option, name_type
from cli.output import print_json, print_rows
from kg.query.matrix import Axis
from kg.vocabulary import NAMED, TO_NAMED

_WIDE = 200  # gaps are looked for among so many things of each kind


@click.command("matrix")
@click.option("--rows", type=click.Choice(NAMED), required=True, help="The kind of things that stand in the rows.")
@click.option("--columns", type=click.Choice(NAMED), required=True, help="The kind of things that stand in the columns.")
@click.option("--row", "row_names", multiple=True, metavar="NAME", type=name_type, help="Only this thing in the rows; may be given several times.")
@click.option("--column", "column_names", multiple=True, metavar="NAME", type=name_type, help="Only this thing in the columns; may be given several times.")
@click.option("--row-relation", type=click.Choice(TO_NAMED), help="Only papers that are linked to a row's thing in this relation.")
@click.option("--column-relation", type=click.Choice(TO_NAMED), help="Only papers that are linked to a column's thing in this relation.")
@click.option("--size", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="So many rows and columns: the things that most papers name.")
@click.option("--gaps", is_flag=True, help="List the pairs that should have met, by how frequent both are, and never did.")
@click.option("--min-papers", type=click.IntRange(1), default=3, show_default=True, metavar="N", help="For gaps: at least N papers name each of the two.")
@click.option("--broad", is_flag=True, help="For gaps: also terms so broad that they say little of a paper, such as pre-training.")
@limit_option
@confidence_option
@graph_option
@json_option
def command(
    rows: str, columns: str, row_names: tuple[str, ...], column_names: tuple[str, ...], row_relation: str | None, column_relation: str | None, size: int, gaps: bool, min_papers: int,
    broad: bool, limit: int, min_confidence: float, graph: str, as_json: bool,
) -> None:  # fmt: skip
    """Count how many papers join each pair of two kinds of things, or list the pairs that no paper joins though both are frequent.

    `kg shared ROW COLUMN` gives the papers of a cell with their sentences. The expected number is what chance would give.

    \b
    kg matrix --rows technique --columns benchmark
    kg matrix --rows technique --columns benchmark --row-relation uses --gaps
    kg matrix --rows technique --columns benchmark --column MathVista --gaps
    """
    from kg.graph import Graph

    looked_at = _WIDE if gaps else size
    axes = Axis(rows, row_relation, looked_at, row_names), Axis(columns, column_relation, looked_at, column_names)
    with Graph(graph) as opened:
        if gaps:
            found = opened.gaps(*axes, min_papers=min_papers, broad=broad, limit=limit, min_confidence=min_confidence)
        else:
            matrix = opened.matrix(*axes, min_confidence=min_confidence)
    if gaps and as_json:
        print_json("matrix", found)
    elif gaps:
        print_rows((rows, "papers", columns, "papers", "expected"), ((g.row.label, g.row_papers, g.column.label, g.column_papers, g.expected) for g in found))
    elif as_json:
        print_json("matrix", matrix)
    else:
        counts = zip(matrix.rows, matrix.counts, strict=True)
        print_rows((f"{rows} \\ {columns}", *(c.label for c in matrix.columns)), ((row.label, *(count or "" for count in line)) for row, line in counts))
