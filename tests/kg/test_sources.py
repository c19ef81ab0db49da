"""Listings and JSON lines in every state that they come in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.records import Entry, Problem
from kg.sources import find_files, read_entries

BODY = (
    "Learning from pairs of images and texts has become common. We introduce a way of doing it with far fewer pairs, and we look at what is lost. "
    "On two well-known sets the loss is small, and on a third there is a gain that we explain. The code will be released with all weights and logs."
)
CHROME = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nMar 18\n\n"
GLUED = "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe"


def read(tmp_path: Path, content: str | bytes, name: str = "a.txt", format: str | None = None) -> tuple[list[Entry], list[Problem]]:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    files, problems = find_files([str(tmp_path / name)], tmp_path, format)
    items = [item for file in files for item in read_entries(file)]
    return [i for i in items if isinstance(i, Entry)], problems + [i for i in items if isinstance(i, Problem)]


def codes(problems: Sequence[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def test_spaced_listing_gives_title_abstract_and_line(tmp_path: Path) -> None:
    entries, problems = read(tmp_path, f"{CHROME}First: A Paper\n\n{BODY}\n\nSecond Paper\n\n{BODY}")
    assert [(e.title, e.abstract, e.place.line) for e in entries] == [("First: A Paper", BODY, 11), ("Second Paper", BODY, 15)]
    assert problems == []


def test_glued_listing_gives_the_first_title_without_the_chrome(tmp_path: Path) -> None:
    entries, problems = read(tmp_path, f"{GLUED}First Paper\n{BODY}\nSecond Paper\n{BODY}\n")
    assert [(e.title, e.abstract, e.place.line) for e in entries] == [("First Paper", BODY, 3), ("Second Paper", BODY, 5)]
    assert problems == []


def test_a_listing_that_stops_after_a_title_keeps_it_and_says_so(tmp_path: Path) -> None:
    entries, problems = read(tmp_path, f"{GLUED}First Paper\n{BODY}\nSecond Paper\n{BODY}\nThird Paper")
    assert [e.title for e in entries] == ["First Paper", "Second Paper", "Third Paper"]
    assert entries[2].abstract == ""
    assert [(p.code, p.line) for p in problems] == [("no-abstract", 7)]


def test_an_empty_abstract_does_not_shift_the_papers_after_it(tmp_path: Path) -> None:
    entries, problems = read(tmp_path, f"{CHROME}First Paper\n\nSecond Paper\n\n{BODY}\n\nThird Paper\n\n{BODY}")
    assert [(e.title, bool(e.abstract)) for e in entries] == [("First Paper", False), ("Second Paper", True), ("Third Paper", True)]
    assert codes(problems) == ["no-abstract"]


def test_an_abstract_without_title_is_reported_and_shifts_nothing(tmp_path: Path) -> None:
    entries, problems = read(tmp_path, f"{BODY} It ends.\n\nFirst Paper\n\n{BODY}\n\nSecond Paper\n\n{BODY}")
    assert [e.title for e in entries] == ["First Paper", "Second Paper"]
    assert [(p.code, p.line) for p in problems] == [("no-title", 1)]


def test_an_abstract_over_several_lines_is_one_abstract(tmp_path: Path) -> None:
    wrapped = BODY.replace(". ", ".\n")
    entries, problems = read(tmp_path, f"{CHROME}First Paper\n\n{wrapped}\n\nSecond Paper\n\n{BODY}\n\n{BODY}")
    assert [e.abstract for e in entries] == [wrapped, f"{BODY}\n{BODY}"]
    assert problems == []


def test_an_abstract_over_several_lines_without_blank_lines(tmp_path: Path) -> None:
    entries, _ = read(tmp_path, f"{GLUED}First Paper\n{BODY}\nCode: https://example.org/first\nSecond Paper\n{BODY}")
    assert [(e.title, e.abstract) for e in entries] == [("First Paper", f"{BODY}\nCode: https://example.org/first"), ("Second Paper", BODY)]


@pytest.mark.parametrize(("chrome", "gap"), [(CHROME, "\n\n"), (GLUED, "\n")])
def test_a_title_over_two_lines_is_one_title(tmp_path: Path, chrome: str, gap: str) -> None:
    entries, _ = read(tmp_path, f"{chrome}A Long Title That Goes On and\non Until Here{gap}{BODY}{gap}Second Paper{gap}{BODY}")
    assert [e.title for e in entries] == ["A Long Title That Goes On and on Until Here", "Second Paper"]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_and_byte_order_mark_are_no_part_of_the_text(tmp_path: Path, end: str) -> None:
    text = "\ufeff" + f"{CHROME}First Paper\n\n{BODY}\n\nSecond Paper\n\n{BODY}\n".replace("\n", end)
    entries, problems = read(tmp_path, text)
    assert [(e.title, e.abstract) for e in entries] == [("First Paper", BODY), ("Second Paper", BODY)]
    assert problems == []


def test_utf16_is_read(tmp_path: Path) -> None:
    entries, _ = read(tmp_path, f"{CHROME}Erste Überschrift\n\n{BODY}".encode("utf-16"))
    assert [(e.title, e.abstract) for e in entries] == [("Erste Überschrift", BODY)]


def test_nul_bytes_and_invalid_utf8_are_reported_with_their_line(tmp_path: Path) -> None:
    content = f"{CHROME}First\0 Paper\n\n{BODY}\n\nSecond Paper\n\n{BODY} caf".encode() + b"\xe9."
    entries, problems = read(tmp_path, content)
    assert [e.title for e in entries] == ["First Paper", "Second Paper"]
    assert entries[1].abstract.endswith("caf\ufffd.")
    assert [(p.code, p.line) for p in problems] == [("nul-bytes", 11), ("invalid-utf8", 17)]


def test_a_file_that_is_no_listing_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"notes\.txt: not a format that kg knows"):
        read(tmp_path, "milk\neggs\nbread\n", "notes.txt")


def test_one_bad_file_in_a_folder_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.jsonl").write_text('{"title": "A Paper", "abstract": "Text."}')
    (folder / "notes.txt").write_text("milk\neggs\n")
    (folder / "empty.txt").write_text("")
    (folder / ".hidden").write_text("never read")
    files, problems = find_files([str(folder)], tmp_path)
    assert [Path(f.name).name for f in files] == ["good.jsonl"]
    assert sorted(codes(problems)) == ["empty-file", "unknown-format"]


def test_the_same_bytes_under_two_names_are_read_once(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"title": "A Paper", "abstract": "Text."}')
    files, problems = find_files([str(tmp_path / "*.jsonl")], tmp_path)
    assert len(files) == 1
    assert codes(problems) == ["same-file"]


def test_json_lines_keep_known_and_unknown_fields(tmp_path: Path) -> None:
    record = {
        "id": "arXiv:2103.00020v2", "title": "A Paper", "abstract": "Text.", "authors": ["Ada Lovelace", {"name": "Alan Turing"}], "year": "2021",
        "doi": "https://doi.org/10.1000/ABC", "references": [{"arxiv_id": "1706.03762"}, {"title": "Another"}], "comment": {"pages": 9},
    }  # fmt: skip
    (entry,), problems = read(tmp_path, json.dumps(record), "a.jsonl")
    assert (entry.arxiv_id, entry.year, entry.doi, entry.authors) == ("2103.00020", 2021, "10.1000/abc", ("Ada Lovelace", "Alan Turing"))
    assert entry.references == ("arXiv:1706.03762", "Another")
    assert entry.extra == (("comment", '{"pages": 9}'),)
    assert problems == []


@pytest.mark.parametrize(
    ("line", "code"),
    [('{"title": "Cut off', "bad-json"), ("[1, 2]", "bad-json"), ('{"abstract": "x"}', "no-title"), ('{"title": "T"}', "no-abstract"), ('{"title": "T", "abstract": "x", "year": "soon"}', "bad-field")],
)
def test_a_bad_line_is_a_problem_and_the_next_line_is_read(tmp_path: Path, line: str, code: str) -> None:
    entries, problems = read(tmp_path, f'{{"title": "Zero", "abstract": "x"}}\n{line}\n{{"title": "Good", "abstract": "x"}}\n', "a.jsonl")
    assert (entries[0].title, entries[-1].title) == ("Zero", "Good")
    assert [(p.code, p.line) for p in problems] == [(code, 2)]


def test_a_packed_file_that_breaks_off_gives_what_is_whole(tmp_path: Path) -> None:
    lines = "".join(f'{{"title": "Paper {i}", "abstract": "{BODY}"}}\n' for i in range(3000))
    packed = gzip.compress(lines.encode(), mtime=0)
    entries, problems = read(tmp_path, packed[: len(packed) // 2], "a.jsonl.gz")
    assert 100 < len(entries) < 3000
    assert "broken-off" in codes(problems)


def test_the_five_listings_are_whole(shared: Path, tmp_path: Path) -> None:
    files, problems = find_files([str(shared / "seeds" / "*.txt")], tmp_path)
    entries = [item for file in files for item in read_entries(file)]
    assert problems == []
    assert all(isinstance(entry, Entry) and entry.abstract for entry in entries)
    assert len(entries) == 641


def test_half_a_surrogate_pair_is_replaced_and_reported(tmp_path: Path) -> None:
    entries, problems = read(tmp_path, r'{"title": "Half a \ud83d pair in a title", "abstract": "Whole: \ud83d\ude00."}', "half.jsonl")
    assert [(e.title, e.abstract) for e in entries] == [("Half a � pair in a title", "Whole: 😀.")]
    assert [p.code for p in problems] == ["half-character"]
