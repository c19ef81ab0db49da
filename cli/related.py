"""`kg related`: papers that share with a paper what few others name."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, limit_option, name_type
from cli.output import clean, is_terminal, kind_text, print_json, print_rows
from kg.vocabulary import KINDS


class _Kinds(click.ParamType):  # type: ignore[type-arg]  # generic only in later versions of click
    name = "kinds"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Kinds joined by commas, each a known one."""
        kinds = tuple(part.strip() for part in value.split(","))
        wrong = [kind for kind in kinds if kind not in KINDS]
        if wrong:
            self.fail(f"{wrong[0]!r} is no kind; kinds are {', '.join(KINDS)}", param, ctx)
        return kinds


@click.command("related")
@click.argument("paper", type=name_type)
@click.option("--by", type=_Kinds(), metavar="KIND,...", help="Only things of these kinds may be shared: benchmark,dataset; `paper` is for what both cite.")
@click.option("--min-shared", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="At least N things must be shared.")
@limit_option
@confidence_option
@graph_option
@json_option
def command(paper: str, by: tuple[str, ...] | None, min_shared: int, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """List papers related to PAPER: by what they share, weighted by how few papers name it and how sure both links are.

    \b
    kg related "NVLM: Open Frontier-Class Multimodal LLMs"
    kg related LLaVA                                             the paper that introduces it
    kg related arXiv:2310.02255 --by benchmark,dataset --min-shared 2
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        rows = opened.related(paper, by=by or (), min_shared=min_shared, limit=limit, min_confidence=min_confidence)
    if as_json:
        print_json("related", rows)
    elif is_terminal():
        for row in rows:
            click.echo(f"{click.style(f'{row.score:6.2f}', dim=True)}  {click.style(clean(row.node.label), bold=True)}")
            click.echo("        " + ", ".join(f"{clean(s.node.label)} ({kind_text(s.node.kind)})" for s in row.shared[:8]))
    else:
        print_rows(("score", "title", "shared", "id"), ((r.score, r.node.label, "; ".join(s.node.label for s in r.shared), r.node.id) for r in rows))
