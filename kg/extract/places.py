"""Evidence: a place of the document turned into a place of the paper's own fields."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from kg.columns import EvidenceColumns, Objects, to_objects
from kg.extract.arrays import Floats, Numbers
from kg.extract.chunk import Chunk
from kg.extract.document import Outline
from kg.fields import field_number
from kg.records import Evidence


def make_evidence(document: Outline, start: int, end: int, rule: str, confidence: float) -> Evidence:
    """The sentence around `start:end` of the document, as a place of the title or the abstract."""
    in_title = start < document.title_end
    shift, text = (0, document.paper.title) if in_title else (document.title_end + 1, document.paper.abstract)
    sentence = min(bisect_right(document.ends, start), len(document.ends) - 1)
    quote_start = max(0, min(document.starts[sentence] - shift, start - shift))
    quote_end = min(len(text), max(document.ends[sentence] - shift, end - shift))
    field, quote = "title" if in_title else "abstract", text[quote_start:quote_end]
    return Evidence(field, quote_start, quote_end, quote, start - shift, end - shift, rule, round(confidence, 4))


def quote_places(chunk: Chunk, rows: Numbers, rules: Objects, confidences: Floats) -> EvidenceColumns:
    """The sentence of each of some mentions, as far as it is of the mention's field."""
    texts, is_title, start, end = chunk.texts, chunk.is_title[rows], chunk.start[rows], chunk.end[rows]
    document = np.searchsorted(texts.begins, start, side="right") - 1
    shift = np.where(is_title, texts.begins[document], texts.title_ends[document] + 1)
    field_end = np.where(is_title, texts.title_ends[document], texts.ends[document])
    quote_start = np.maximum(shift, np.minimum(texts.starts[chunk.sentence_first[rows]], start))
    quote_end = np.minimum(field_end, np.maximum(texts.stops[chunk.sentence_last[rows] - 1], end))
    surfaces = to_objects(chunk.spelt(rows))
    fields = np.where(is_title, field_number("title"), field_number("abstract"))
    return EvidenceColumns(fields, quote_start - shift, quote_end - shift, start - shift, end - shift, surfaces, rules, confidences)
