"""A group whose commands are imported when they are asked for, so that a small question starts fast."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """Commands by name, each in a module below `cli` that holds it as `command`."""

    modules: ClassVar[dict[str, str]]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        if cmd_name not in self.modules:
            return None
        command = import_module(f"cli.{self.modules[cmd_name]}").command
        assert isinstance(command, click.Command)
        return command
