"""Keys of spellings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.spellings import Spellings, name_key, stem_key

_WORDS = st.sampled_from(
    ["the", "Our", "LLaVA", "LLMs", "AISs", "ISS", "data", "Set", "sets", "Models", "tasks", "B", "s", "13B", "-13B", "Chat", "C++", "résumés", "ations", "2.5"]
)


_SURFACES = st.one_of(
    st.text(min_size=1, max_size=20), *(st.lists(_WORDS, min_size=1, max_size=4).map(between.join) for between in (" ", "-", "\n", " - "))
)


@given(st.lists(_SURFACES, min_size=1, max_size=4))
def test_keys_of_many_are_those_of_each(surfaces: list[str]) -> None:
    spellings = Spellings()
    names, stems = spellings.both_keys(spellings.numbers(surfaces))
    assert [spellings.name_keys.names[number] for number in names] == list(map(name_key, surfaces))
    keys = [stem_key(surface) for surface in surfaces]
    assert all(bool(number) == (len(key) > 4) for number, key, surface in zip(stems, keys, surfaces, strict=True) if surface.islower())
    assert len({(number, key) for number, key in zip(stems, keys, strict=True) if number}) == len({number for number in stems if number})
