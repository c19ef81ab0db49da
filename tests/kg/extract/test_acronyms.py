"""Acronyms of many documents at once."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from kg.extract.acronyms import find_definitions
from kg.extract.document import read_documents
from kg.records import Paper

_PARTS = ["ABC", "ABCs", "Alpha", "Beta", "Cat", "cat", " ", "\n", "-", ", ", ", the ", "(", ")", ": ", ". ", "}", "*", "$", "\x1e"]
_TEXTS = st.lists(st.sampled_from(_PARTS), max_size=12).map("".join)
_PAPERS = st.builds(Paper, st.just("p"), _TEXTS, _TEXTS)


def _define(*papers: Paper) -> list[list[tuple[int, ...]]]:
    texts = read_documents(papers)
    rows = zip(texts.begins.tolist(), find_definitions(texts), strict=True)
    return [[(d.start - begin, d.end - begin, d.short_start - begin, d.short_end - begin) for d in found] for begin, found in rows]


@given(_PAPERS, _PAPERS, _PAPERS)
@example(Paper("p", "A title", "We meet ABC"), Paper("p", ", Alpha Beta Cat", "ABC ("), Paper("p", "ABC)", "(Alpha Beta Cat"))
def test_a_document_defines_the_same_alone_and_between_others(before: Paper, paper: Paper, after: Paper) -> None:
    assert _define(before, paper, after)[1] == _define(paper)[0]


def test_capitals_count_within_a_joined_word() -> None:
    title, abstract = "Alpha Beta Cat: A Study", "It is $ABC$ or ABC-like, and the ABC’ed ABC.5 is one."
    (found,) = _define(Paper("p", title, abstract))
    assert [(title + "\n" + abstract)[start:end] for _, _, start, end in found] == ["ABC"]
    assert found[0][2] == len(title) + 1 + abstract.index("ABC’")
