"""The papers that a paper cites: its list of references, and identifiers and author–year mentions in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARXIV = re.compile(r"(?:arxiv\s*[:.]?\s*(?:preprint\s*)?(?:arxiv:)?\s*|arxiv\.org/(?:abs|pdf)/)(\d{4}\.\d{4,5})(?:v\d+)?", re.I)
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>{}|\\^]+[^\s\"<>{}|\\^.,;:)\]])")
_NAME = r"[A-Z][\w'’-]+"
_AUTHOR_YEAR = re.compile(
    rf"({_NAME})(?:,?\s+(?:et\s+al\.?|and\s+{_NAME}|&\s+{_NAME}))?,?\s*(?:\(((?:19|20)\d\d)[a-z]?\)|\[((?:19|20)\d\d)[a-z]?\])"
    rf"|[(;]\s*({_NAME})(?:,?\s+(?:et\s+al\.?|and\s+{_NAME}|&\s+{_NAME}))?,\s*((?:19|20)\d\d)[a-z]?(?=[);])"
)
# Each citation has one of these: a dot of an identifier, a year with what closes it.
_SIGNS = tuple(map(re.compile, (r"\.(?:(?<=\d{4}\.)|(?<=10\.))\d{4}", r"19\d\d[a-z]?[)\];]", r"20\d\d[a-z]?[)\];]")))
_NO_AUTHOR = frozenset(
    [
        "In",
        "Since",
        "From",
        "Until",
        "By",
        "The",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Spring",
        "Summer",
        "Autumn",
        "Winter",
        "Version",
        "Challenge",
        "Task",
        "Workshop",
        "Track",
        "Olympics",
        "Conference",
        "Competition",
        "Early",
        "Late",
        "Mid",
        "Of",
        "And",
    ]
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited paper named at `start:end` of a field."""

    field: str
    start: int
    end: int
    name: str
    rule: str


def _identifiers(field: str, text: str) -> list[Citation]:
    found = (
        [Citation(field, m.start(1), m.end(1), f"arXiv:{m.group(1)}", "arxiv-id") for m in _ARXIV.finditer(text)]
        if "rxiv" in text.lower()
        else []
    )
    if "10." in text:
        found += [
            Citation(field, m.start(1), m.end(1), f"doi:{m.group(1).lower()}", "doi")
            for m in _DOI.finditer(text)
            if "rxiv." not in m.group(1)
        ]
    return found


def find_citation_signs(text: str) -> list[int]:
    """Places of signs without which a running text cites nothing."""
    return [match.start() for sign in _SIGNS for match in sign.finditer(text)]


def find_citations(field: str, text: str) -> list[Citation]:
    """The papers that a running text names by identifier or by author and year.

    >>> [c.name for c in find_citations("abstract", "as Radford et al. (2021) showed, see arXiv:1706.03762v2")]
    ['arXiv:1706.03762', 'Radford 2021']
    """
    found = _identifiers(field, text)
    for match in _AUTHOR_YEAR.finditer(text):
        author, year = match.group(1) or match.group(4), match.group(2) or match.group(3) or match.group(5)
        start = match.start(1) if match.group(1) else match.start(4)
        plain = not re.search(r"et\s+al|\sand\s|&", match.group())
        if author not in _NO_AUTHOR and not author.isupper() and not (plain and match.group(1)):
            end = match.end()
            found.append(Citation(field, start, end, f"{author} {year}", "author-year"))
    return found


def read_reference(number: int, text: str) -> Citation | None:
    """One entry of a list of references: by its identifier, else by the whole of it, which is a title."""
    field = f"references/{number}"
    known = _identifiers(field, text)
    if known:
        return known[0]
    bare = re.fullmatch(r"\s*(\d{4}\.\d{4,5})(?:v\d+)?\s*", text)
    if bare:
        return Citation(field, bare.start(1), bare.end(1), f"arXiv:{bare.group(1)}", "reference")
    name = " ".join(text.split()).rstrip(".")
    start = len(text) - len(text.lstrip())
    return Citation(field, start, len(text.rstrip()), name, "reference") if name else None
