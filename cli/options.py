"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from kg.vocabulary import KINDS

F = TypeVar("F", bound=Callable[..., Any])


class NameType(click.ParamType):  # type: ignore[type-arg]  # generic only in later versions of click
    """A name of a paper or entity; the shell completes it out of the graph."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Names of the graph that begin so; nothing where there is no graph yet."""
        from cli.completing import complete_name

        return complete_name(ctx, incomplete)


name_type = NameType()

graph_option = click.option(
    "-g", "--graph", default="graph.kg", envvar="KG_GRAPH", show_envvar=True, show_default=True, metavar="FILE", help="The graph file."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON with a schema_version.")
limit_option = click.option("--limit", type=click.IntRange(0), default=20, show_default=True, metavar="N", help="At most N rows; 0 for all.")
confidence_option = click.option(
    "--min-confidence", type=click.FloatRange(0, 1), default=0.0, show_default=True, metavar="P", help="Leave out links less sure than P."
)
kind_option = click.option("--kind", type=click.Choice(KINDS), help="Take the name as one of this kind.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress, no report; errors only.")


def reading_options(command: F) -> F:
    """The options of commands that read sources."""
    for option in (
        click.option("--format", "format_", type=click.Choice(["jsonl", "listing", "rdf"]), help="Read every file as this format."),
        click.option("--corrections", multiple=True, type=click.Path(exists=True, dir_okay=False), help="A file of corrections: same, different, kind, not an entity."),
        click.option("--processes", type=click.IntRange(0), default=0, metavar="N", help="Extract with N processes; 0 takes one for each core."),
        click.option("--strict", is_flag=True, help="Stop at the first error in the input."),
        quiet_option,
        json_option,
    ):
        command = option(command)
    return command
