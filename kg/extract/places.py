"""Evidence: a place of the document turned into a place of the paper's own fields."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from kg.extract.chunk import Chunk
from kg.extract.document import Document
from kg.records import Evidence


def make_evidence(document: Document, start: int, end: int, rule: str, confidence: float) -> Evidence:
    """The sentence around `start:end` of the document, as a place of the title or the abstract."""
    in_title = start < document.title_end
    shift, text = (0, document.paper.title) if in_title else (document.title_end + 1, document.paper.abstract)
    token = min(bisect_right(document.ends, start), len(document.tokens) - 1)
    first, last = document.sentences[bisect_right(document.sentences, (token, len(document.tokens) + 1)) - 1]
    quote_start = max(0, min(document.starts[first] - shift, start - shift))
    quote_end = min(len(text), max(document.ends[last - 1] - shift, end - shift))
    field, quote = "title" if in_title else "abstract", text[quote_start:quote_end]
    return Evidence(field, quote_start, quote_end, quote, start - shift, end - shift, rule, round(confidence, 4))


class Quote(NamedTuple):
    """A mention `start:end` and the quote around it, all by the text of all documents; `shift` is where its field begins."""

    start: int
    end: int
    quote_start: int
    quote_end: int
    shift: int
    sentence_start: int
    sentence_end: int
    field: str


def quote_mentions(chunk: Chunk) -> list[Quote]:
    """The sentence of each mention, as far as it is of the mention's field."""
    texts, document = chunk.texts, np.repeat(chunk.owner, np.diff(chunk.begins))
    shift = np.where(chunk.is_title, texts.begins[document], texts.title_ends[document] + 1)
    field_end = np.where(chunk.is_title, texts.title_ends[document], texts.ends[document])
    sentence_start, sentence_end = texts.starts[chunk.sentence_first], texts.stops[chunk.sentence_last - 1]
    quote_start = np.maximum(shift, np.minimum(sentence_start, chunk.start))
    quote_end = np.minimum(field_end, np.maximum(sentence_end, chunk.end))
    columns = (chunk.start, chunk.end, quote_start, quote_end, shift, sentence_start, sentence_end)
    fields = (("abstract", "title")[is_title] for is_title in chunk.is_title.tolist())
    return list(map(Quote, *(column.tolist() for column in columns), fields))
