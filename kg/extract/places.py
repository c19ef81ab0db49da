"""Evidence: a place of the document turned into a place of the paper's own fields."""

from __future__ import annotations

from bisect import bisect_right

from kg.extract.document import Document
from kg.records import Evidence


def sentence_number(document: Document, token: int) -> int:
    """The number of the sentence that a token stands in."""
    return bisect_right(document.sentences, (token, len(document.tokens) + 1)) - 1


def make_evidence(document: Document, start: int, end: int, rule: str, confidence: float, token: int = -1) -> Evidence:
    """The sentence around `start:end` of the document, as a place of the title or the abstract; `token` is the first one, if known."""
    in_title = start < document.title_end
    shift, text = (0, document.paper.title) if in_title else (document.title_end + 1, document.paper.abstract)
    if token < 0:
        token = min(bisect_right(document.ends, start), len(document.tokens) - 1)
    first, last = document.sentences[sentence_number(document, token)]
    quote_start = max(0, min(document.starts[first] - shift, start - shift))
    quote_end = min(len(text), max(document.ends[last - 1] - shift, end - shift))
    return Evidence(
        "title" if in_title else "abstract",
        quote_start,
        quote_end,
        text[quote_start:quote_end],
        start - shift,
        end - shift,
        rule,
        round(confidence, 4),
    )
