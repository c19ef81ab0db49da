"""`kg score`: a graph against labelled papers."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import click

from cli.options import confidence_option, graph_option, json_option
from cli.output import print_json, print_rows


@click.command("score")
@click.argument("gold", type=click.Path(dir_okay=False))
@click.option("--half", type=click.Choice(["odd", "even"]), help="Only these lines of the labelled file, counted from 1.")
@click.option("--errors", type=click.IntRange(0), default=0, metavar="N", help="Also list N mistakes, grouped by kind of error, kind and rule.")
@confidence_option
@graph_option
@json_option
def command(gold: str, half: Literal["odd", "even"] | None, errors: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """Measure the graph against GOLD, a file of labelled papers: precision, recall and F1 by kind, relation accuracy, links.

    \b
    kg score labels.jsonl --errors 40
    """
    from kg.export.papers import paper_records
    from kg.graph import Graph
    from kg.names import title_key
    from kg.score import as_rows, read_labelled, score_papers

    labelled = read_labelled(gold, half)
    with Graph(graph) as opened:
        predicted = {title_key(record["title"]): record for record in paper_records(opened, min_confidence=min_confidence)}
    scores = score_papers(labelled, predicted)
    if as_json:
        print_json("score", {"papers": scores.papers, "missing": scores.missing, "found": {row[0]: row[1:] for row in as_rows(scores)},
                             "relations": scores.relations, "roles": scores.roles, "mistakes": scores.mistakes})  # fmt: skip
        return
    click.echo(f"{scores.papers} labelled papers, {len(scores.missing)} of them not in the graph")
    columns = ("what", "precision", "recall", "F1", "right", "wrong", "missed")
    print_rows(columns, ((name, f"{p:.3f}", f"{r:.3f}", f"{f:.3f}", tp, fp, fn) for name, p, r, f, tp, fp, fn in as_rows(scores)))
    shares = {name: f"{right / total:.3f}" for name, (right, total) in sorted(scores.relations.items()) if total}
    click.echo("relations right: " + ", ".join(f"{name} {share}" for name, share in shares.items()))
    if scores.roles[1]:
        click.echo(f"link roles right: {scores.roles[0] / scores.roles[1]:.3f}")
    if errors:
        groups = Counter((m.verdict, m.kind, m.rule) for m in scores.mistakes)
        print_rows(("error", "kind", "rule", "count"), ((*group, count) for group, count in sorted(groups.items(), key=lambda item: (-item[1], item[0]))))
        print_rows(("error", "kind", "name", "detail", "rule", "paper"), ((m.verdict, m.kind, m.name, m.detail, m.rule, m.paper) for m in scores.mistakes[:errors]))
