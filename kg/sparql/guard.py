"""Refuse queries that would change something or reach another machine, by the words of the query: before anything is run.

Words are told from names, texts, addresses and comments by the lexical rules of SPARQL 1.1, section 19.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.sparql.errors import QueryRefused, QuerySyntaxError

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*(?:\\u[0-9A-Fa-f]{4}[^<>"{}|^`\\\x00-\x20]*|\\U[0-9A-Fa-f]{8}[^<>"{}|^`\\\x00-\x20]*)*>)
  | (?P<text>\"\"\"(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"\"\"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<prefixed>(?:[^\W\d_][\w.-]*)?:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*|_:\w[\w.-]*)
  | (?P<word>[^\W\d_]\w*)
  | (?P<other>.)
    """,
    re.X | re.S,
)
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


def words(query: str) -> Iterator[tuple[str, int]]:
    """The bare words of a query in capitals, each with its offset; names, texts, addresses and comments are none.

    >>> [word for word, _ in words("SELECT ?service { ?s :service 'SERVICE' } # SERVICE")]
    ['SELECT']
    """
    for match in _TOKEN.finditer(query):
        if match.lastgroup == "word":
            yield match[0].upper(), match.start()


def check_query(query: str, *, has_graphs: bool = False) -> None:
    """Check that a query only reads, and only what is here.

    Args:
        query: The text of a query.
        has_graphs: Whether there are named graphs, so that FROM can mean one of them; it never fetches.

    Raises:
        QueryRefused: Where it is an update, has SERVICE, or has FROM where nothing is named.
    """
    first = ""
    for word, offset in words(query):
        if not first and word not in ("PREFIX", "BASE", "VERSION"):
            first = word
            if word in _UPDATES or word == "WITH":
                raise QueryRefused(f"{word} is an update; only queries (SELECT, ASK, CONSTRUCT, DESCRIBE) are answered here")
            if word not in _FORMS:
                raise QuerySyntaxError(query, *place(query, offset), f"a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with {word}")
        if word == "SERVICE":
            raise QueryRefused("SERVICE would send a part of the query to another machine; that is not done here")
        if word == "FROM" and not has_graphs:
            raise QueryRefused("FROM names a graph to query, and there is only the one here; nothing is fetched. Leave FROM out.")
    if not first:
        raise QuerySyntaxError(query, *place(query, len(query.rstrip())), "the query is empty")


def place(query: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, both from 1."""
    before = query[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
