"""What a user of the command line sees."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
GOOD = '{"title": "A Good Paper About Things", "abstract": "We use BERT on GLUE. Code: https://github.com/a/b"}\n'


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text(GOOD + "{broken\n")
    return path


def test_build_reports_what_it_did(run: Run, listing: Path, tmp_path: Path) -> None:
    done = run("build", listing, "-o", tmp_path / "g.kg")
    assert done.exit_code == 0
    assert "1 papers out of 1 entries" in done.output
    assert "bad-json 1" in done.output
    assert "has_code 1" in done.output


def test_quiet_is_quiet_and_problems_lists_them(run: Run, listing: Path, tmp_path: Path) -> None:
    assert run("build", listing, "-o", tmp_path / "g.kg", "--quiet").output == ""
    assert f"error\tbad-json\t{listing}\t2\t" in run("problems", "-g", tmp_path / "g.kg").output


def test_build_refuses_to_overwrite_and_force_does(run: Run, listing: Path, tmp_path: Path) -> None:
    assert run("build", listing, "-o", tmp_path / "g.kg").exit_code == 0
    again = run("build", listing, "-o", tmp_path / "g.kg")
    assert again.exit_code == 1
    assert "--force" in again.output
    assert run("build", listing, "-o", tmp_path / "g.kg", "--force").exit_code == 0


def test_strict_stops_at_the_first_error_and_leaves_no_graph(run: Run, listing: Path, tmp_path: Path) -> None:
    done = run("build", listing, "-o", tmp_path / "g.kg", "--strict")
    assert done.exit_code == 1
    assert "in.jsonl:2" in done.output
    assert not (tmp_path / "g.kg").exists()


def test_standard_input_and_a_forced_format(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cli", "build", "-", "--format", "jsonl", "-o", str(tmp_path / "g.kg")]
    done = subprocess.run(command, input=GOOD, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 papers" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_an_output_that_takes_no_more_is_told_in_a_line(run: Run, listing: Path, tmp_path: Path) -> None:
    run("build", listing, "-o", tmp_path / "g.kg")
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "cli", "stats", "-g", str(tmp_path / "g.kg")], stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (1, "kg: the output: No space left on device\n")


@pytest.mark.parametrize(("name", "code"), [("CLIP", 0), ("model/clip", 0), ("arXiv:2101.00001", 0), ("Beta: a model that sees", 0), ("Nothing Like It", 3)])
def test_show_finds_by_any_name(run: Run, small_path: Path, name: str, code: int) -> None:
    assert run("show", name, "-g", small_path).exit_code == code


def test_an_unknown_name_offers_near_ones(run: Run, small_path: Path) -> None:
    done = run("show", "MathVsta", "-g", small_path)
    assert done.exit_code == 3
    assert "MathVista" in done.output


def test_papers_with_every_link_asked_for(run: Run, small_path: Path) -> None:
    done = run("papers", "--uses", "CLIP", "--evaluates-on", "ImageNet", "-g", small_path)
    titles = [line.split("\t")[0] for line in done.output.splitlines()[1:]]
    assert sorted(titles) == ["Beta: A Model That Sees", "Delta: Pruning with Low Rank"]


def test_why_shows_the_sentence(run: Run, small_path: Path) -> None:
    done = run("why", "arXiv:2201.00002", "CLIP", "-g", small_path)
    assert "We introduce LLaVA, built with CLIP." in done.output


def test_why_joins_two_entities_by_the_papers_that_link_to_both(run: Run, small_path: Path) -> None:
    done = run("why", "LLaVA", "MathVista", "--json", "-g", small_path)
    assert [r["via"]["label"] for r in json.loads(done.output)["result"]] == ["Beta: A Model That Sees", "Gamma: Measuring Figures"]


@pytest.mark.parametrize("command", [("stats",), ("show", "CLIP"), ("papers", "--about", "CLIP"), ("why", "CLIP", "LLaVA"), ("problems",), ("check",)])
def test_json_has_a_schema_version(run: Run, small_path: Path, command: tuple[str, ...]) -> None:
    done = run(*command, "--json", "-g", small_path)
    assert done.exit_code == 0
    assert json.loads(done.output)["schema_version"] == 1


def test_the_graph_can_be_named_by_the_environment(run: Run, small_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_GRAPH", str(small_path))
    assert run("stats").exit_code == 0


def test_a_missing_graph_is_a_message_and_not_a_traceback(run: Run, tmp_path: Path) -> None:
    done = run("stats", "-g", tmp_path / "none.kg")
    assert done.exit_code == 1
    assert "no such graph file" in done.output


def test_check_finds_what_was_tampered_with(run: Run, small_path: Path, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "bad.kg"
    path.write_bytes(small_path.read_bytes())
    db = sqlite3.connect(path)
    db.execute("UPDATE place SET name_start = name_start + 1, name_end = name_end + 1 WHERE statement = 1")
    db.execute("DELETE FROM entry WHERE line = 2")
    db.commit()
    db.close()
    done = run("check", "-g", path)
    assert done.exit_code == 1
    assert "text[start:end] == quote" in done.output
    assert "every paper is read from somewhere" in done.output


def test_text_from_papers_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    record = {"title": "Evil \x1b[31m\tPaper About\nThings", "abstract": "We introduce EvilNet \x1b]0;gone\x07 on ImageNet."}
    (tmp_path / "e.jsonl").write_text(json.dumps(record))
    run("build", tmp_path / "e.jsonl", "-o", tmp_path / "e.kg", "-q")
    output = run("papers", "-g", tmp_path / "e.kg").output
    assert "Evil" in output
    assert "\x1b" not in output
    assert len(output.splitlines()) == 2


def test_help_of_every_command_has_an_example(run: Run) -> None:
    from cli.main import SECTIONS

    for commands in SECTIONS.values():
        for name in commands:
            assert f"kg {name}" in run(name, "--help").output.partition("Options:")[0].partition("\n")[2], name
