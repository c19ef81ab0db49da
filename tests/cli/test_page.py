"""`kg export html` and `kg view`."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_view_writes_beside_the_graph_and_prints_the_path(run: Any, small_path: Path, tmp_path: Path) -> None:
    graph = tmp_path / "field.kg"
    graph.write_bytes(small_path.read_bytes())
    done = run("view", "--no-browser", "-g", graph)
    assert done.exit_code == 0
    assert Path(done.output.strip()) == graph.with_suffix(".html").resolve()
    assert "<title>field</title>" in graph.with_suffix(".html").read_text("utf-8")


def test_what_has_no_room_is_said(run: Any, small_path: Path, tmp_path: Path) -> None:
    done = run("export", "html", "-g", small_path, "-o", tmp_path / "page.html", "--top", 6)
    assert "holds the best 6" in done.output
    assert "--around" in done.output
    assert "holds the best" not in run("export", "html", "-g", small_path, "-o", tmp_path / "page.html").output


def test_options_choose_and_an_unknown_name_is_told(run: Any, small_path: Path, tmp_path: Path) -> None:
    output = tmp_path / "page.html"
    done = run("export", "html", "-g", small_path, "-o", output, "--around", "GSM8K", "--depth", 1, "--title", "Only <GSM8K>")
    assert done.exit_code == 0
    assert "<title>Only &lt;GSM8K&gt;</title>" in output.read_text("utf-8")
    done = run("export", "html", "-g", small_path, "-o", output, "--around", "GSM9K")
    assert done.exit_code == 3
    assert "GSM8K" in done.stderr


def test_a_page_can_go_to_standard_output_and_a_folder_that_cannot_be_written_is_told(run: Any, small_path: Path, tmp_path: Path) -> None:
    done = run("export", "html", "-g", small_path, "-o", "-")
    assert done.output.startswith("<!DOCTYPE html>")
    (tmp_path / "file").write_text("")
    done = run("export", "html", "-g", small_path, "-o", tmp_path / "file" / "page.html")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
