"""`kg completion`: the script by which a shell completes commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes commands, options, and names out of the graph (that of -g, KG_GRAPH or graph.kg).

    A name of several words is completed to its id, which needs no quotes.

    \b
    eval "$(kg completion bash)"                                 in ~/.bashrc
    eval "$(kg completion zsh)"                                  in ~/.zshrc
    kg completion fish > ~/.config/fish/completions/kg.fish
    """
    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(ctx.find_root().command, {}, "kg", "_KG_COMPLETE").source())
