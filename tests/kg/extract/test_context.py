"""Enumerations, stretches and shared means of mentions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.context import MARKS, SLOTS, means, read_context, sum_by, sum_words
from kg.extract.engine import Extractor
from kg.extract.relations import read_words
from kg.extract.types import TypeFacts
from kg.records import Paper

TEXT = "We evaluate on MMMU, MathVista and ScienceQA. Our model outperforms GPT-4V."


def test_an_enumeration_hangs_on_its_first_name() -> None:
    chunk = Extractor().gather([Paper("p", "A study", TEXT)])
    facts = TypeFacts(lambda: chunk.texts.vocabulary.names, read_words().number)
    rows = np.arange(len(chunk.start))
    context = read_context(chunk, rows, facts.tokens(chunk.texts.tokens))
    names = [chunk.texts.text[start:end] for start, end in zip(chunk.start, chunk.end, strict=True)]
    first = names.index("MMMU")
    chains = {name: names[context.chain[names.index(name)]] for name in ("MMMU", "MathVista", "ScienceQA", "GPT-4V")}
    assert chains == {"MMMU": "MMMU", "MathVista": "MMMU", "ScienceQA": "MMMU", "GPT-4V": "GPT-4V"}
    assert context.words.shape == (len(rows), SLOTS)
    assert context.marks.max() < MARKS
    assert context.sentence[first] != context.sentence[names.index("GPT-4V")]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_sums_by_group_are_those_of_the_rows(groups: list[int]) -> None:
    rows = np.arange(2 * len(groups), dtype=np.float32).reshape(-1, 2)
    sums, which = sum_by(rows, np.array(groups))
    found = sums[which]
    for group in set(groups):
        here = np.array(groups) == group
        assert (found[here] == rows[here].sum(0)).all()


TABLE = np.array([[1, -2], [3, 4], [0, 0]], np.int16)


def test_empty_stretches_count_nothing() -> None:
    stretches = np.array([[0, 0, 0, 1, 1, 2, 0, 2]])
    assert means(sum_words(TABLE, np.array([0, 1])), stretches).tolist() == [[0, 0, 1, -2, 3, 4, 2, 1]]


@given(st.lists(st.integers(0, 1), max_size=300))
def test_sums_of_words_are_those_of_the_rows(words: list[int]) -> None:
    sums = sum_words(TABLE, np.array(words, np.int64))
    ends = np.arange(len(words) + 1)
    for begin in (0, len(words) // 2):
        found = sums.between(np.full(len(ends), begin), ends)
        assert all((found[n] == TABLE[words[begin:n]].sum(0)).all() for n in range(begin, len(ends)))
