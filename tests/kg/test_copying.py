"""Copies of graph files, whatever the file system can."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import kg
from kg.store import connection
from kg.store.copying import copy_file
from tests.kg.graphs import differences
from tests.kg.test_adding import make_lines, write


@pytest.mark.parametrize("size", [0, 1, 4096, 3 * 4096 + 1, (8 << 20) + 4096, (8 << 20) + 5])
def test_a_copy_has_the_bytes_of_the_source(tmp_path: Path, size: int) -> None:
    content = random.Random(size).randbytes(size)
    (tmp_path / "source").write_bytes(content)
    (tmp_path / "target").write_bytes(b"something longer that stood there" * 1000)
    copy_file(tmp_path / "source", tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == content
    assert (tmp_path / "source").read_bytes() == content


def test_what_is_written_to_a_copy_does_not_reach_its_source(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(bytes(8192))
    copy_file(tmp_path / "source", tmp_path / "target")
    with (tmp_path / "target").open("r+b") as target:
        target.write(b"new")
    assert (tmp_path / "source").read_bytes() == bytes(8192)


def test_a_copy_without_a_source_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        copy_file(tmp_path / "none", tmp_path / "target")
    (tmp_path / "source").write_bytes(bytes(4096))
    with pytest.raises(OSError, match="nowhere"):
        copy_file(tmp_path / "source", tmp_path / "nowhere" / "target")


def test_what_is_made_ready_while_a_large_graph_is_copied_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = make_lines(20, 1)
    files = [write(tmp_path / f"{number}.jsonl", part) for number, part in enumerate((lines[:15], lines[15:]))]
    kg.build_graph(files, tmp_path / "whole.kg")
    kg.build_graph(files[:1], tmp_path / "parts.kg")
    monkeypatch.setattr(connection, "_LARGE", 0)
    kg.add_sources(tmp_path / "parts.kg", files[1:])
    assert differences(tmp_path / "whole.kg", tmp_path / "parts.kg") == {}
