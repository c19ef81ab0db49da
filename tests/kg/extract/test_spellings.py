"""Keys of spellings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.spellings import name_key, spelling_keys, stem_key

_WORDS = st.sampled_from(
    ["the", "Our", "LLaVA", "LLMs", "AISs", "ISS", "data", "Set", "sets", "Models", "tasks", "B", "s", "13B", "-13B", "Chat", "C++", "résumés", "ations", "2.5"]
)


@given(st.one_of(st.text(min_size=1, max_size=20), st.lists(_WORDS, min_size=1, max_size=4).map(" ".join), st.lists(_WORDS, min_size=1, max_size=4).map("-".join)))
def test_both_keys_are_those_that_are_asked_for_alone(surface: str) -> None:
    name, stem = spelling_keys(surface)
    assert name == name_key(surface)
    assert stem in ("", stem_key(surface))
