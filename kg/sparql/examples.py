"""The example queries: files with a title, a description, and values that can be changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kg.errors import UnknownName
from kg.sparql.errors import QueryError

_VALUE = re.compile(r'VALUES \?(\w+) \{ "((?:[^"\\]|\\.)*)" \}')


@dataclass(frozen=True, slots=True)
class Example:
    """A query with a name: `title` is the question it answers; `values` pairs each name that can be set with what it is set to."""

    name: str
    title: str
    description: str
    query: str
    values: tuple[tuple[str, str], ...] = ()

    def fill(self, values: dict[str, str]) -> str:
        """The query with other values.

        Raises:
            QueryError: For a name that the example has not.
        """
        known = dict(self.values)
        for name in values:
            if name not in known:
                raise QueryError(f"the example {self.name} has no value {name!r}; it has {', '.join(known) or 'none'}")
        return _VALUE.sub(lambda m: f'VALUES ?{m[1]} {{ "{_escape(values[m[1]])}" }}' if m[1] in values else m[0], self.query)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


@lru_cache(maxsize=1)
def read_examples() -> tuple[Example, ...]:
    """All examples, sorted by name."""
    folder = files("kg.data") / "rdf" / "examples"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".rq"))
    return tuple(_read(name.removesuffix(".rq"), (folder / name).read_text("utf-8")) for name in names)


def _read(name: str, text: str) -> Example:
    """The first comment line is the title, those after it the description."""
    head = [line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#")]
    return Example(name, head[0], " ".join(head[1:]), text, tuple(_VALUE.findall(text)))


def find_example(name: str) -> Example:
    """The example of a name; raises UnknownName."""
    from difflib import get_close_matches

    known = {example.name: example for example in read_examples()}
    if name not in known:
        raise UnknownName(name, get_close_matches(name, known, n=5, cutoff=0.4))
    return known[name]
