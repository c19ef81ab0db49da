"""Entries that are the same paper, and entries that only look so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kg.records import Entry, Place
from kg.resolve.papers import difference, group_entries, identities, merge_entries, restore

LONG = "A Title That Is Long Enough To Be One Paper's Own"


def entry(number: int, title: str = LONG, abstract: str = "Text.", **values: str) -> Entry:
    return Entry(title, abstract, Place("a", number), **values)


def groups(*entries: Entry) -> list[list[int]]:
    return group_entries((e.place.line, identities(e)) for e in entries)[0]


def test_a_title_in_other_case_and_punctuation_is_the_same_paper() -> None:
    assert groups(entry(1), entry(2, LONG.upper() + "!")) == [[1, 2]]


def test_one_identifier_joins_papers_of_different_titles() -> None:
    assert groups(entry(1, arxiv_id="2101.00001"), entry(2, "Quite Another Title After Review", arxiv_id="2101.00001")) == [[1, 2]]


def test_different_identifiers_keep_equal_titles_apart_and_it_is_reported() -> None:
    first, second, nameless = entry(1, arxiv_id="2101.00001"), entry(2, arxiv_id="2202.00002"), entry(3)
    found, shared = group_entries((e.place.line, identities(e)) for e in (first, second, nameless))
    assert found == [[1], [2], [3]]
    assert len(shared) == 1


def test_short_titles_are_one_paper_only_with_the_same_text() -> None:
    assert groups(entry(1, "Introduction", "One."), entry(2, "Introduction", "Two."), entry(3, "Introduction", "One.")) == [[1, 3], [2]]


def test_what_differs_between_sources_is_kept() -> None:
    one, two = entry(1, venue="ICLR"), entry(2, venue="NeurIPS", abstract="A longer text.")
    paper = merge_entries([one, two])
    assert paper.abstract == "A longer text."
    assert [restore(replace(Entry("", "", e.place)), paper, difference(e, paper)) for e in (one, two)] == [one, two]


TITLES = st.sampled_from([LONG, LONG.lower(), "Introduction", "Another Title That Is Long Enough", ""])
ENTRIES = st.builds(
    Entry, title=TITLES, abstract=st.sampled_from(["", "One.", "Two."]), place=st.just(Place("a", 0)), arxiv_id=st.sampled_from(["", "2101.00001", "2101.00002"]),
    doi=st.sampled_from(["", "10.1/a", "10.1/b"]), year=st.sampled_from([None, 2020, 2021]), extra=st.sampled_from([(), (("a", "1"),), (("a", "2"), ("b", '"x"'))]),
)  # fmt: skip


@given(st.lists(ENTRIES, max_size=7), st.randoms())
def test_the_order_of_entries_does_not_matter(entries: list[Entry], random: object) -> None:
    entries = [replace(e, place=Place("a", i)) for i, e in enumerate(entries)]
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def papers(order: list[Entry]) -> list[object]:
        found, _ = group_entries((e.place.line, identities(e)) for e in order)
        by_line = {e.place.line: e for e in order}
        return sorted((merge_entries([by_line[n] for n in group]) for group in found), key=repr)

    assert papers(entries) == papers(shuffled)


@given(st.lists(ENTRIES, min_size=1, max_size=4))
def test_every_entry_can_be_restored_from_its_paper(entries: list[Entry]) -> None:
    paper = merge_entries(entries)
    for e in entries:
        assert restore(Entry("", "", e.place), paper, difference(e, paper)) == e
