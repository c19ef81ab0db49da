"""What can go wrong with a query, in words for the person who wrote it."""

from __future__ import annotations

import re

from kg.errors import KgError


class QueryError(KgError):
    """Base of the errors of queries; `status` is what HTTP calls it."""

    status = 400


class QuerySyntaxError(QueryError):
    """A query that cannot be read: the message shows the line and points at the place; both count from 1."""

    def __init__(self, query: str, line: int, column: int, reason: str) -> None:
        self.line, self.column = line, column
        lines = query.split("\n")
        shown = lines[min(line, len(lines)) - 1] if line else ""
        start = max(0, column - 80)
        pointer = " " * (column - 1 - start) + "^"
        visible = "".join(c if c.isprintable() else " " for c in shown)[start : start + 120]
        super().__init__(f"the query cannot be read at line {line}, column {column}: {reason}\n  {visible}\n  {pointer}")


def read_syntax_error(error: SyntaxError) -> tuple[int, int, str]:
    """The line, the column and the reason that Oxigraph gives; zeros where it says no place."""
    message = str(error.msg)
    if found := re.match(r"(?:Parser )?error at (\d+):(\d+): (.*)", message, re.S):
        return int(found[1]), int(found[2]), found[3]
    return error.lineno or 0, error.offset or 0, message


class QueryRefused(QueryError):
    """A query that asks for what is not allowed here."""

    status = 403


class QueryTimeout(QueryError):
    """A query that took too long."""

    status = 503

    def __init__(self, seconds: float) -> None:
        after = f"{seconds:g} second" + "s" * (seconds != 1)
        super().__init__(f"the query was stopped after {after}, the time limit. Ask for less (more triple patterns, a LIMIT), or raise the limit.")


class TooManyRows(QueryError):
    """A query whose result is larger than allowed."""

    status = 500

    def __init__(self, rows: int) -> None:
        super().__init__(f"the result has more than {rows:,} rows, the row limit. Add a LIMIT to the query, or raise the limit.")


class TooMuchMemory(QueryError):
    """A query that needed more memory than allowed."""

    status = 500

    def __init__(self, megabytes: int) -> None:
        super().__init__(f"the query needs more than {megabytes:,} MB of memory, the memory limit, and was stopped. Ask for less at once.")


class TooLarge(QueryError):
    """A query whose result has few rows but long ones."""

    status = 500

    def __init__(self, megabytes: int) -> None:
        super().__init__(f"the result is larger than {megabytes:,} MB, an eighth of the memory limit. Ask for fewer rows or columns, or raise the limit.")


class TooDeep(QueryError):
    """A query whose parts stand in one another so deeply that no stack suffices."""

    def __init__(self) -> None:
        super().__init__("the query is nested too deeply, or has too many parts in one chain, to be answered")


class Busy(QueryError):
    """All processes are answering other queries."""

    status = 503

    def __init__(self) -> None:
        super().__init__("all queries that may run at once are running; try again in a moment")
