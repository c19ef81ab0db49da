"""Refuse queries that would change something or reach another machine, before anything is run.

Words are told from names, texts, addresses and comments by the lexical rules of SPARQL 1.1, section 19.8. Where a `<` may begin an address
or compare, only a parser knows; so what keeps a query from reaching out does not depend on it: every SERVICE that is left in a query is
part of a name, or has its first letter written as an escape, which means the same in a text and is an error where a word should be.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from kg.sparql.errors import QueryRefused, QuerySyntaxError

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*(?:\\u[0-9A-Fa-f]{4}[^<>"{}|^`\\\x00-\x20]*|\\U[0-9A-Fa-f]{8}[^<>"{}|^`\\\x00-\x20]*)*>)
  | (?P<text>\"\"\"(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"\"\"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"(?!\"\")(?:[^\"\\\n\r]|\\.)*\"|'(?!'')(?:[^'\\\n\r]|\\.)*')
  | (?P<open>["'])
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:[^\W\d_][\w.-]*+)?:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*|_:\w[\w.-]*)
  | (?P<word>[^\W\d_][\w.-]*)
  | (?P<other>.)
    """,
    re.X | re.S,
)
_WORD = re.compile(r"\w+")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_SERVICE = re.compile(r"(\\*)(service)", re.I | re.A)
# before a SERVICE that is the end of a name in every reading: a variable, or a prefix and what may stand in a name
_IN_NAME = re.compile(r"(?:[?$][A-Za-z_]*|:(?!\.)(?:[\w:%-]|\.(?!\.)|\\[_~.\-!$&'()*+,;=/?\#@%])*)\Z", re.A)
_VALUE = re.compile(r"[?$](?:true|false)\Z", re.I)
_ESCAPE = {"s": r"\u0073", "S": r"\u0053"}
_LONGEST_NAME = 200
_TEXTS = {"comment", "iri", "text"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A query that may be run: `text` means what the query means, `escapes` are the offsets in it that are longer than they were."""

    text: str
    escapes: tuple[int, ...] = ()

    def original(self, line: int, column: int) -> tuple[int, int]:
        """Where a place of the text was in the query; lines and columns from 1."""
        if not self.escapes:
            return line, column
        begin = _line_start(self.text, line)
        moved = sum(begin <= offset < begin + column - 1 for offset in self.escapes)
        return line, max(1, column - moved * (len(_ESCAPE["s"]) - 1))


def words(query: str) -> Iterator[tuple[str, int]]:
    """The bare words of a query in capitals, each with its offset; names, texts, addresses and comments are none.

    >>> [word for word, _ in words("SELECT ?service { ?s :service 'SERVICE' } # SERVICE")]
    ['SELECT']

    Raises:
        QuerySyntaxError: Where a text does not end.
    """
    for match in _TOKEN.finditer(query):
        if match.lastgroup == "word":
            for part in _WORD.finditer(match[0]):
                yield part[0].upper(), match.start() + part.start()
        elif match.lastgroup == "open":
            raise QuerySyntaxError(query, *place(query, match.start()), "the text that begins here does not end")


def check_query(query: str, *, has_graphs: bool = False) -> Checked:
    """Check that a query only reads, and only what is here.

    Args:
        query: The text of a query.
        has_graphs: Whether there are named graphs, so that FROM can mean one of them; it never fetches.

    Returns:
        What to run in its place.

    Raises:
        QueryRefused: Where it is an update, has SERVICE, or has FROM where nothing is named.
        QuerySyntaxError: Where it is none.
    """
    found = words(query)
    _check_form(query, found)
    lower = query.lower()
    if "service" not in lower and "from" not in lower:
        return Checked(query)
    for word, _ in found:
        if "SERVICE" in word:  # Oxigraph wants no space between a value and the word
            raise QueryRefused("SERVICE would send a part of the query to another machine; that is not done here")
        if word == "FROM" and not has_graphs:
            raise QueryRefused("FROM names a graph to query, and there is only the one here; nothing is fetched. Leave FROM out.")
    return _escape(query)


def _check_form(query: str, found: Iterator[tuple[str, int]]) -> None:
    word, offset = next(((word, offset) for word, offset in found if word not in ("PREFIX", "BASE", "VERSION")), ("", 0))
    if not word:
        raise QuerySyntaxError(query, *place(query, len(query.rstrip())), "the query is empty")
    if word in _UPDATES or word == "WITH":
        raise QueryRefused(f"{word} is an update; only queries (SELECT, ASK, CONSTRUCT, DESCRIBE) are answered here")
    if word not in _FORMS:
        raise QuerySyntaxError(query, *place(query, offset), f"a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with {word}")


def _escape(query: str) -> Checked:
    """Write every SERVICE that is not in a name so that it is no word in any reading of the query."""
    texts = [match.span() for match in _TOKEN.finditer(query) if match.lastgroup in _TEXTS]
    parts: list[str] = []
    escapes, done, length = [], 0, 0
    for match in _SERVICE.finditer(query):
        start = match.start(2)
        if len(match[1]) % 2 or _is_in_name(query[max(0, start - _LONGEST_NAME) : start]):
            continue  # there is no such escape: an error in every reading
        if not _is_inside(texts, start):
            line, column = place(query, start)
            raise QueryRefused(f"SERVICE at line {line}, column {column} could be read as the word, which would reach another machine. Use another name.")
        parts += [query[done:start], _ESCAPE[query[start]]]
        escapes.append(length + start - done)
        length, done = length + start - done + len(parts[-1]), start + 1
    return Checked("".join([*parts, query[done:]]), tuple(escapes))


def _is_inside(spans: list[tuple[int, int]], offset: int) -> bool:
    """Whether an offset is in one of the spans, which are sorted."""
    found = bisect_right(spans, (offset, offset)) - 1
    return found >= 0 and offset < spans[found][1]


def _is_in_name(before: str) -> bool:
    return bool(_IN_NAME.search(before)) and not _VALUE.search(before)


def _line_start(text: str, line: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start


def place(query: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, both from 1."""
    before = query[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
