"""What a user of the query commands sees: every command in a pipe, as JSON, and with names that are wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.records import Entry, Place
from tests.small import PAPERS, statement, write_rows

Run = Callable[..., Any]
ROOT = Path(__file__).resolve().parent.parent.parent

COMMANDS = [
    ("search", "low", "rank"), ("names", "CLIP"), ("papers", "--uses", "CLIP", "--not-evaluates-on", "COCO"), ("code",), ("code", "--promised"),
    ("shared", "LLaVA", "MathVista"), ("related", "arXiv:2201.00002"), ("together", "CLIP"), ("path", "GSM8K", "CLIP"), ("lineage", "CLIP"),
    ("compare", "arXiv:2201.00002", "arXiv:2101.00001"), ("rank", "dataset"), ("rank", "paper", "--by", "pagerank"), ("groups", "--min-size", "1"),
    ("rank", "model", "--by", "betweenness"), ("matrix", "--rows", "technique", "--columns", "dataset"),
    ("matrix", "--rows", "technique", "--columns", "benchmark", "--gaps", "--min-papers", "1"), ("new", "--since", "2023"), ("new", "--source", "small"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_pipe_gets_a_header_and_rows_of_as_many_cells(run: Run, small_path: Path, command: tuple[str, ...]) -> None:
    done = run(*command, "-g", small_path)
    assert done.exit_code == 0
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(lines) > 1
    assert {len(cells) for cells in lines} == {len(lines[0])}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_json_is_versioned_and_the_same_each_time(run: Run, small_path: Path, command: tuple[str, ...]) -> None:
    first, again = (run(*command, "--json", "-g", small_path).stdout for _ in range(2))
    assert first == again
    found = json.loads(first)
    assert (found["schema_version"], found["command"]) == (1, command[0])
    assert found["result"]


@pytest.mark.parametrize("command", [c for c in COMMANDS if c[0] in ("names", "shared", "related", "together", "path", "lineage", "compare")], ids=" ".join)
def test_an_unknown_name_is_exit_code_3_and_near_names(run: Run, small_path: Path, command: tuple[str, ...]) -> None:
    arguments = [command[0], *("Mathvsta" if argument in ("CLIP", "LLaVA", "GSM8K", "arXiv:2201.00002") else argument for argument in command[1:])]
    done = run(*arguments, "-g", small_path)
    assert done.exit_code == 3
    assert "nothing in the graph is called 'Mathvsta'" in done.stderr
    if command[0] not in ("related", "compare"):  # which look for papers
        assert "MathVista" in done.stderr


def test_an_ambiguous_title_lists_its_choices_and_is_exit_code_4(run: Run, tmp_path: Path) -> None:
    rows = [(Entry(f"Sight: {rest} and more words", "We use CLIP.", Place("a", n)), []) for n, rest in enumerate(("one way to see", "another way to see"))]
    write_rows([(entry, [statement(entry, "uses", "model", "CLIP")]) for entry, _ in rows], tmp_path / "a.kg")
    done = run("show", "Sight", "-g", tmp_path / "a.kg")
    assert done.exit_code == 4
    assert done.stderr.count("paper/sight-") == 2


@pytest.mark.parametrize("arguments", [("shared", "CLIP"), ("papers", "--year", "20x"), ("related", "CLIP", "--by", "thing"), ("new",), ("rank", "idea"), ("path", "CLIP")])
def test_wrong_usage_is_exit_code_2(run: Run, small_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, "-g", small_path).exit_code == 2


def test_nothing_found_is_an_answer(run: Run, small_path: Path) -> None:
    done = run("papers", "--uses", "CLIP", "--about", "GSM8K", "-g", small_path)
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 1)
    assert json.loads(run("shared", "GSM8K", "COCO", "--json", "-g", small_path).stdout)["result"] == []


def test_limit_and_confidence_cut_the_answer(run: Run, small_path: Path) -> None:
    assert len(run("papers", "--limit", "2", "-g", small_path).stdout.splitlines()) == 3
    assert len(run("papers", "--limit", "0", "-g", small_path).stdout.splitlines()) == 6
    assert len(run("papers", "--uses", "CLIP", "--min-confidence", "0.99", "-g", small_path).stdout.splitlines()) == 1


@pytest.mark.parametrize("form", ["--csv", "--markdown", "--html"])
def test_compare_escapes_what_papers_say(run: Run, tmp_path: Path, form: str) -> None:
    title = "=1+1 <b>|`x`|</b>, and a title that is long enough"
    entry = Entry(title, "We use CLIP.", Place("a", 1))
    write_rows([(entry, [statement(entry, "uses", "model", "CLIP")])], tmp_path / "a.kg")
    done = run("compare", title, title, form, "-g", tmp_path / "a.kg")
    assert done.exit_code == 0
    if form == "--csv":
        assert '"\'=1+1 <b>' in done.stdout
    elif form == "--markdown":
        assert "\\<b\\>\\|\\`x\\`\\|\\</b\\>" in done.stdout
    else:
        assert "&lt;b&gt;" in done.stdout
        assert "<b>" not in done.stdout


def test_a_feed_is_atom_dated_by_its_papers(run: Run, small_path: Path, tmp_path: Path) -> None:
    assert run("new", "--since", "2024", "--feed", tmp_path / "n.xml", "-g", small_path).exit_code == 0
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.parse(tmp_path / "n.xml").getroot()
    assert feed.tag == f"{atom}feed"
    assert [entry.findtext(f"{atom}updated") for entry in feed.iter(f"{atom}entry")] == ["2024-06-01T00:00:00Z", "2024-05-01T00:00:00Z"]
    assert all(feed.findtext(f"{atom}{name}") for name in ("id", "title", "updated"))


def test_a_feed_without_dates_asks_for_one(run: Run, tmp_path: Path) -> None:
    entry = Entry("A paper without any date at all", "We use CLIP.", Place("a", 1))
    write_rows([(entry, [statement(entry, "uses", "model", "CLIP")])], tmp_path / "a.kg")
    asked = ("new", "--source", "a", "--feed", tmp_path / "n.xml", "-g", tmp_path / "a.kg")
    done = run(*asked)
    assert (done.exit_code, (tmp_path / "n.xml").exists()) == (1, False)
    assert "--date YYYY-MM-DD" in done.stderr
    assert run(*asked, "--date", "2025-01-31").exit_code == 0
    assert "2025-01-31T00:00:00Z" in (tmp_path / "n.xml").read_text()


def test_diff_tells_what_came_and_what_went(run: Run, small_path: Path, tmp_path: Path) -> None:
    write_rows([(entry, [statement(entry, *claim) for claim in claims]) for entry, claims in PAPERS[:4]], tmp_path / "old.kg")
    found = json.loads(run("diff", tmp_path / "old.kg", small_path, "--json", "--limit", "0").stdout)["result"]
    assert [paper["node"]["label"] for paper in found["gained"]["papers"]] == ["Omega: Adding Numbers with Low Rank"]
    assert {node["label"] for node in found["gained"]["entities"]} == {"GSM8K", "mathematical reasoning"}
    assert found["gained"]["link_count"] == 4
    assert found["lost"]["paper_count"] == found["lost"]["link_count"] == 0
    back = json.loads(run("diff", small_path, tmp_path / "old.kg", "--json").stdout)["result"]
    assert back["lost"] == {**found["gained"]}
    same = json.loads(run("new", "--since", tmp_path / "old.kg", "-g", small_path, "--json", "--limit", "0").stdout)["result"]
    assert same == found["gained"]


@pytest.mark.parametrize("form", ["graphml", "gexf", "nodelink", "cypher"])
def test_exports_to_a_file_and_to_standard_output(run: Run, small_path: Path, tmp_path: Path, form: str) -> None:
    assert run("export", form, "-o", tmp_path / "out", "-g", small_path).exit_code == 0
    printed = run("export", form, "-o", "-", "-g", small_path)
    assert printed.stdout_bytes == (tmp_path / "out").read_bytes()


def test_the_tables_are_written_into_a_folder(run: Run, small_path: Path, tmp_path: Path) -> None:
    assert run("export", "csv", "-o", tmp_path / "tables", "-g", small_path).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == ["edges.csv", "nodes.csv"]


def test_the_manual_is_what_the_commands_say(run: Run) -> None:
    assert run("manual").stdout == (ROOT / "docs" / "manual.md").read_text("utf-8"), "`make manual` writes it anew"


def test_every_command_has_a_real_example(run: Run) -> None:
    from cli.main import SECTIONS

    for name in (name for commands in SECTIONS.values() for name in commands):
        assert f"kg {name}" in run(name, "--help").stdout.partition("\n")[2], name


def test_commands_are_grouped_in_the_help(run: Run) -> None:
    from cli.main import SECTIONS

    text = run("--help").stdout
    assert [text.index(f"\n{section}:") for section in SECTIONS] == sorted(text.index(f"\n{section}:") for section in SECTIONS)


def completed(shell: str, words: str, graph: Path) -> str:
    at = words.split(" ")[-1] if shell == "fish" else str(len(words.split(" ")) - 1)
    environment = {**os.environ, "_KG_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": at, "KG_GRAPH": str(graph)}
    return subprocess.run([sys.executable, "-m", "cli"], env=environment, capture_output=True, text=True, check=True, cwd=ROOT).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands_options_and_names(shell: str, small_path: Path) -> None:
    assert "together" in completed(shell, "kg tog", small_path)
    assert "--min-confidence" in completed(shell, "kg show --min", small_path)
    assert "MathVista" in completed(shell, "kg show math", small_path)
    assert "task/visual-question-answering" in completed(shell, "kg papers --about visual", small_path)
    assert "CLIP" in completed(shell, "kg why LLaVA CL", small_path)


def test_completion_without_a_graph_is_silent(tmp_path: Path) -> None:
    assert completed("bash", "kg show CL", tmp_path / "none.kg").strip() == ""


def test_bash_itself_completes(run: Run, small_path: Path, tmp_path: Path) -> None:
    (tmp_path / "kg").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m cli "$@"\n')
    (tmp_path / "kg").chmod(0o755)
    script = 'eval "$(kg completion bash)"; COMP_WORDS=(kg show math); COMP_CWORD=2; _kg_completion kg math show; printf "%s\\n" "${COMPREPLY[@]}"'
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "KG_GRAPH": str(small_path)}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert "MathVista" in done.stdout.splitlines()


@pytest.mark.parametrize("command", [("show", "CLIP"), ("papers", "--uses", "CLIP"), ("path", "GSM8K", "CLIP"), ("related", "arXiv:2201.00002")], ids=" ".join)
def test_a_command_that_only_asks_loads_nothing_heavy(small_path: Path, command: tuple[str, ...]) -> None:
    line = [sys.executable, "-X", "importtime", "-m", "cli", *command, "-g", str(small_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {entry.rpartition("|")[2].strip().split(".")[0] for entry in done.stderr.splitlines() if entry.startswith("import time:")}
    assert not loaded & {"networkx", "rdflib", "pyvis", "numpy", "scipy", "igraph", "pyoxigraph", "rich"}


def test_an_empty_answer_says_which_condition_left_nothing(run: Run, small_path: Path) -> None:
    done = run("papers", "--uses", "CLIP", "--about", "GSM8K", "-g", small_path)
    assert "uses CLIP 2, about GSM8K 1" in done.stderr


def test_gaps_of_one_thing(run: Run, small_path: Path) -> None:
    done = run("matrix", "--rows", "technique", "--columns", "benchmark", "--column", "MathVista", "--gaps", "--min-papers", "1", "-g", small_path)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()[1:]] == ["LoRA", "LoRAPrune"]


@pytest.mark.parametrize(
    "line",
    [("search", "LLaVA"), ("new", "--since", "2022"), ("path", "GSM8K", "CLIP", "--limit", "1"), ("lineage", "CLIP", "--limit", "1"), ("compare", "Alpha", "Beta", "--limit", "1")],
    ids=" ".join,
)
def test_limits_and_confidence_are_options_everywhere(run: Run, small_path: Path, line: tuple[str, ...]) -> None:
    assert run(*line, "--min-confidence", "0.1", "-g", small_path).exit_code == 0


def test_what_is_not_sure_enough_is_not_found_nor_new(run: Run, small_path: Path) -> None:
    assert "model/llava" not in run("search", "LLaVA", "--min-confidence", "0.99", "-g", small_path).output
    links = json.loads(run("new", "--since", "2022", "--min-confidence", "0.95", "--json", "-g", small_path).output)["result"]["links"]
    assert all(link["confidence"] >= 0.95 for link in links)
