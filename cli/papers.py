"""`kg papers`: papers by what they are linked to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

from cli.options import confidence_option, graph_option, json_option, limit_option, name_type
from cli.output import clean, print_edge, print_json, print_rows
from kg.vocabulary import RELATIONS, TO_NAMED

_ABOUT = "about"
_COLUMNS = ("title", "year", "confidence", "id")
_LINKS = (*TO_NAMED, _ABOUT)


class YearRange(click.ParamType):  # type: ignore[type-arg]  # generic only in later versions of click
    """A year, or two joined by dots of which either may be missing: 2023, 2023..2025, ..2022, 2024.. ."""

    name = "years"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int | None, int | None]:
        """The first and last year."""
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(\d{4})?(?:(\.\.)(\d{4})?)?", str(value))
        if not found or not (found[1] or found[3]):
            self.fail(f"{value!r} is no year or range of years, such as 2023, 2023..2025, ..2022 or 2024..", param, ctx)
        first, dots, last = found.groups()
        return int(first) if first else None, int(last) if last else None if dots else int(first)


def _link_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(_LINKS):
        option = name.replace("_", "-")
        text = "linked to NAME in any relation" if name == _ABOUT else f"that {'introduce' if name == 'introduces' else RELATIONS[name].phrase} NAME"
        command = click.option(f"--not-{option}", f"not_{name}", multiple=True, metavar="NAME", hidden=True, type=name_type)(command)
        command = click.option(f"--{option}", name, multiple=True, metavar="NAME", type=name_type, help=f"Papers {_plural(text)}.")(command)
    return command


def _plural(text: str) -> str:
    """A phrase about papers, not about a paper."""
    return re.sub(r"\b(evaluates|trains|uses|compares|addresses|mentions)\b", lambda m: m[1][:-2] if m[1] == "addresses" else m[1][:-1], text)


@click.command("papers")
@_link_options
@click.option("--any", "match_any", is_flag=True, help="One of the links is enough; else a paper must have them all.")
@click.option("--with-code/--without-code", default=None, help="Only papers that give the address of their code, or that give none.")
@click.option("--source", default="", metavar="TEXT", help="Only papers read from a file whose name has this in it.")
@click.option("--year", type=YearRange(), metavar="YEAR[..YEAR]", help="Only papers of these years; either end may be left out.")
@click.option("--show-evidence", is_flag=True, help="Print the quotes behind each row.")
@limit_option
@confidence_option
@graph_option
@json_option
def command(
    match_any: bool, with_code: bool | None, source: str, year: tuple[int | None, int | None] | None, show_evidence: bool,
    limit: int, min_confidence: float, graph: str, as_json: bool, **links: tuple[str, ...],
) -> None:  # fmt: skip
    """List papers by any number of links, those whose links are best supported first.

    Each of these options may be given several times, and each has a --not- form (--not-uses CLIP) for papers that have no such link.

    \b
    kg papers --evaluates-on MathVista --uses CLIP
    kg papers --trains-on LLaVA-Instruct --not-evaluates-on MMMU --with-code
    kg papers --uses DPO --uses RLHF --any --year 2023..2025
    kg papers --about "knowledge distillation" --show-evidence
    """
    from kg.graph import Graph
    from kg.query.nodes import read_labels
    from kg.query.papers import PaperFilter, count_each

    wanted = tuple((None if relation == _ABOUT else relation, name) for relation in _LINKS for name in links[relation])
    unwanted = tuple((None if relation == _ABOUT else relation, name) for relation in _LINKS for name in links[f"not_{relation}"])
    asked = PaperFilter(wanted, unwanted, match_any, with_code, source, year)
    with Graph(graph) as opened:
        rows = opened.papers(filter=asked, limit=limit, min_confidence=min_confidence)
        alone = count_each(opened.db, wanted, min_confidence=min_confidence) if not rows else []
        labels = read_labels(opened.db, (edge.target for row in rows for edge in row.edges))
    if as_json:
        print_json("papers", rows)
    elif not rows and wanted:
        each = ", ".join(f"{RELATIONS[r].phrase if r else _ABOUT} {clean(name)} {count:,}" for (r, name), count in zip(wanted, alone, strict=True))
        click.echo(f"no paper passes all conditions; papers by each link alone: {each}", err=True)
        print_rows(_COLUMNS, ())
    elif show_evidence:
        for row in rows:
            for edge in row.edges:
                print_edge(edge, row.node.label, labels[edge.target])
    else:
        print_rows(_COLUMNS, ((row.node.label, row.year, row.confidence, row.node.id) for row in rows))
