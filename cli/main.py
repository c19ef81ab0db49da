"""The command `kg`: a table of commands, each in a file of its own, imported only when it is called."""

from __future__ import annotations

import atexit
import gc
import os
import sqlite3
import sys
from typing import NoReturn

import click

from cli.lazy import LazyGroup
from kg import __version__
from kg.errors import AmbiguousName, KgError, UnknownName

# section: command -> module below `cli`
SECTIONS = {
    "Make a graph": {"build": "build", "add": "add", "extract": "extract", "demo": "demo"},
    "Look up": {"search": "search", "show": "show", "names": "names", "papers": "papers", "code": "code", "stats": "stats"},
    "Connect": {"why": "why", "shared": "shared", "related": "related", "together": "together", "path": "path", "lineage": "lineage", "compare": "compare"},
    "See the field": {"rank": "rank", "groups": "groups", "matrix": "matrix", "new": "new", "diff": "diff"},
    "Check": {"explain": "explain", "problems": "problems", "check": "check", "score": "score"},
    "Look at it": {"view": "view"},
    "Hand out": {"export": "export", "sparql": "sparql", "serve": "serve"},
    "Help": {"completion": "completion", "manual": "manual"},
}


class Commands(LazyGroup):
    """Lists commands by section, and turns errors into messages and exit codes."""

    modules = {name: module for commands in SECTIONS.values() for name, module in commands.items()}  # noqa: RUF012

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by section."""
        for section, commands in SECTIONS.items():
            rows = [(name, found.get_short_help_str(200)) for name in commands if (found := self.get_command(ctx, name)) and not found.hidden]
            with formatter.section(section):
                formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an error that a user can mend is printed without a traceback.

        Exit codes: 0 done or found, 1 error, 2 wrong usage, 3 no such name, 4 ambiguous name, 130 interrupted.
        """
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(3 if isinstance(error, UnknownName) else 4 if isinstance(error, AmbiguousName) else 1)
        except sqlite3.DatabaseError as error:
            click.echo(f"kg: the graph file cannot be read: {error}. Build it again from its sources.", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            _forget_output()
            ctx.exit(0)
        except OSError as error:
            if error.filename is None:  # it is the output that takes no more
                _forget_output()
            click.echo(f"kg: {error.filename or 'the output'}: {error.strerror or error}", err=True)
            ctx.exit(1)


def _forget_output() -> None:
    """Let what is still to be printed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Own the graph of your field: papers, and the datasets, benchmarks, techniques, models, tasks and code that they share.

    \b
    kg build listing.txt -o graph.kg       read listings into one graph file
    kg show MathVista                      what a name means, and who uses it
    kg why NVLM LLaVA                      how two things are linked, in the papers' own words

    Exit codes: 0 done or found, 1 error, 2 wrong usage, 3 no such name, 4 ambiguous name.
    """


def run() -> NoReturn:
    """Run the command as a process, which ends without taking apart what it holds: after a build that would take a tenth of a second."""
    gc.disable()  # a command ends before a search for cycles pays
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no product here gains by a second thread, which spins from the import on
    try:
        main(prog_name="kg")
    except SystemExit as ended:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(ended.code or 0))
    raise AssertionError("a command ends by an exit code")
