"""The texts of a paper in which evidence may stand, by name and by the number that a graph file holds."""

from __future__ import annotations

import json
from collections.abc import Iterable

from kg.records import Paper

_NAMES = {-2: "comment", 0: "title", 1: "abstract"}
_NUMBERS = {name: number for number, name in _NAMES.items()}


def field_number(field: str) -> int:
    """The number that stands for a text field of a paper: -2 comment, 0 title, 1 abstract, 2+N for `references/N`."""
    number = _NUMBERS.get(field)
    return 2 + int(field.partition("/")[2]) if number is None else number


def field_name(number: int) -> str:
    """The text field that a number stands for."""
    return _NAMES[number] if number in _NAMES else f"references/{number - 2}"


def find_comment(extra: Iterable[tuple[str, str]]) -> str:
    """The authors' comment among the fields that a source gave beside the usual ones: arXiv has their addresses there."""
    for name, value in extra:
        if name in ("comment", "comments"):
            text = json.loads(value)
            return text if isinstance(text, str) else ""
    return ""


def read_field(paper: Paper, field: str) -> str:
    """A text of a paper; empty where it has none of this name."""
    kind, _, number = field.partition("/")
    if kind == "references":
        return paper.references[int(number)] if number.isdigit() and int(number) < len(paper.references) else ""
    if kind == "comment":
        return find_comment(paper.extra)
    return {"title": paper.title, "abstract": paper.abstract}.get(field, "")
