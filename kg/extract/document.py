"""A paper's text as tokens and sentences; every offset is one of the text as it is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.records import Paper

# Parts after a hyphen that make an adjective of a name: "CLIP-based" is the name CLIP and a rest.
_SUFFIX = (
    "based|style|like|trained|tuned|guided|driven|aware|powered|level|free|enhanced|augmented|oriented|specific|inspired|generated"
    "|centric|wise|agnostic|assisted|enabled|equipped|derived|compatible|finetuned|type|era|related|only|initialized|intensive|family"
    "|consistent|relevant|focused|friendly|empowered|scalable|augmentation|induced|grade|ready|optimal|constrained|conditioned|supervised"
)
_JOINT = rf"(?:\.(?=\d)|['’](?!s\b)(?=[^\W_])|_(?=[^\W_])|[-‐‑](?!(?i:{_SUFFIX})\b)(?=[^\W_]))"
_TOKEN = re.compile(
    rf"https?://[^\s<>\"{{}}]+|\\[A-Za-z]+|[^\W_]+(?:{_JOINT}[^\W_]+)*(?:\+\+(?!\w)|\+(?!\w))?|[^\s\w]|_",
)
_NO_END = frozenset(
    [
        "al",
        "fig",
        "eq",
        "sec",
        "no",
        "vs",
        "etc",
        "i.e",
        "e.g",
        "cf",
        "approx",
        "resp",
        "dr",
        "st",
        "ref",
        "refs",
        "tab",
        "eqs",
        "figs",
        "e",
        "g",
        "i",
    ]
)
_LONGEST = 100  # tokens: a longer sentence is cut, so that no text without full stops becomes one sentence


@dataclass(frozen=True, slots=True)
class Document:
    """The title, a line break and the abstract as one text, cut into tokens; `sentences` are pairs of first and last+1 token."""

    paper: Paper
    text: str
    title_end: int
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]


def _find_sentences(tokens: list[str], starts: list[int], ends: list[int], title_end: int) -> list[tuple[int, int]]:
    """Cut after the title, and after a full stop that a space and no small letter follows."""
    found: list[tuple[int, int]] = []
    first, last = 0, len(tokens) - 1
    for i, token in enumerate(tokens):
        if i == last:
            break
        if i - first >= _LONGEST or (ends[i] <= title_end <= starts[i + 1]):
            found.append((first, i + 1))
            first = i + 1
        elif token in ".?!" and starts[i + 1] > ends[i]:
            if token == "." and (tokens[i - 1].lower() in _NO_END or (len(tokens[i - 1]) == 1 and tokens[i - 1].isupper())):
                continue
            if not tokens[i + 1][0].islower() and tokens[i + 1] not in (",", ";", ")"):
                found.append((first, i + 1))
                first = i + 1
    if tokens:
        found.append((first, len(tokens)))
    return found


def read_document(paper: Paper) -> Document:
    """Cut a paper's title and abstract into sentences and tokens."""
    text = f"{paper.title}\n{paper.abstract}"
    matches = list(_TOKEN.finditer(text))
    tokens = [match.group() for match in matches]
    starts = [match.start() for match in matches]
    ends = [match.end() for match in matches]
    sentences = _find_sentences(tokens, starts, ends, len(paper.title))
    return Document(paper, text, len(paper.title), tuple(tokens), tuple(starts), tuple(ends), tuple(sentences))
