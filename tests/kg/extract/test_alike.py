"""Words that are spelt the same."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from kg.extract.alike import find_alike

_WORDS = st.lists(st.text("ab1\x00šáš", min_size=1, max_size=20), max_size=60)


@given(_WORDS)
@example(["a" * 16, "a" * 17, "a" * 16, "a", "š", "a", "š", "a\x00", "á", chr(ord("a") + 256), "á"])
def test_a_word_stands_only_for_words_that_are_spelt_the_same(words: list[str]) -> None:
    text = "\x1e".join(words)
    ends = np.cumsum([len(word) + 1 for word in words], dtype=np.int64) - 1
    starts = ends - np.array([len(word) for word in words], np.int64)
    found = find_alike(np.frombuffer(text.encode("utf-32-le"), np.uint32), starts, ends)
    assert [words[number] for number in found.tolist()] == words
    assert (found[found] == found).all()
