"""Statements that come from anywhere make the graph that a local build makes; those that do not fit the text are not believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.errors import SourceError

SAMPLE = Path(kg.__file__).parent / "data" / "sample" / "papers.jsonl"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("papers") / "papers.jsonl"
    path.write_text("\n".join(SAMPLE.read_text("utf-8").splitlines()[:30]), "utf-8")
    return path


@pytest.fixture(scope="module")
def local(papers: Path) -> bytes:
    kg.build_graph([str(papers)], papers.with_name("local.kg"))
    return papers.with_name("local.kg").read_bytes()


def built(papers: Path, statements: Path, output: Path) -> Any:
    return kg.build_graph([str(papers)], output, options=kg.Options(statements=(str(statements),)))


@pytest.mark.parametrize("name", ["statements.jsonl", "statements.jsonl.gz", "statements.parquet"])
def test_the_graph_is_the_same_byte_for_byte(papers: Path, local: bytes, tmp_path: Path, name: str) -> None:
    count, problems = kg.extract_statements([str(papers)], tmp_path / name)
    assert (count, problems) == (30, [])
    built(papers, tmp_path / name, tmp_path / "given.kg")
    assert (tmp_path / "given.kg").read_bytes() == local


def test_a_folder_of_parts_is_taken_as_one(papers: Path, local: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    for number, part in enumerate((papers.read_text("utf-8").splitlines()[:12], papers.read_text("utf-8").splitlines()[12:])):
        source = tmp_path / f"{number}.jsonl"
        source.write_text("\n".join(part), "utf-8")
        kg.extract_statements([str(source)], folder / f"part-{number}.jsonl")
    (folder / "_SUCCESS").write_text("")
    built(papers, folder, tmp_path / "given.kg")
    assert (tmp_path / "given.kg").read_bytes() == local


def changed(papers: Path, path: Path, change: Any) -> None:
    kg.extract_statements([str(papers)], path)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_statements_that_do_not_fit_the_text_are_read_anew(papers: Path, tmp_path: Path) -> None:
    def lie(rows: list[dict[str, Any]]) -> None:
        rows[0]["statements"][0]["evidence"][0]["quote"] = "This paper proves everything."
        rows[1]["statements"][0]["evidence"][0]["end"] = 10**9

    changed(papers, tmp_path / "s.jsonl", lie)
    report = built(papers, tmp_path / "s.jsonl", tmp_path / "given.kg")
    assert report.problems == {"stale-statements": 2}
    with kg.open(tmp_path / "given.kg") as graph:
        assert graph.check() == []
        assert not [e for edge in graph.iter_edges(with_evidence=True) for e in edge.evidence if "proves everything" in e.quote]


def test_rows_that_are_none_and_papers_that_are_not_there_are_told(papers: Path, tmp_path: Path) -> None:
    def break_(rows: list[dict[str, Any]]) -> None:
        rows[0]["statements"][0]["relation"] = "proves"
        rows[1].pop("paper")
        rows[2]["paper"] = "paper/of-nobody"
        rows[3]["statements"][0]["confidence"] = float("nan")
        rows[4]["statements"][0]["kinds"] = {"model": 1000}

    changed(papers, tmp_path / "s.jsonl", break_)
    assert built(papers, tmp_path / "s.jsonl", tmp_path / "given.kg").problems == {"bad-statements": 4, "unmatched-statements": 1}


def test_a_file_that_is_not_there_is_told(papers: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        built(papers, tmp_path / "nothing.jsonl", tmp_path / "given.kg")


def test_the_command_writes_what_the_build_takes(run: Any, papers: Path, local: bytes, tmp_path: Path) -> None:
    assert "30 papers" in run("extract", papers, "-o", tmp_path / "s.jsonl").output
    assert run("build", papers, "--statements", tmp_path / "s.jsonl", "-o", tmp_path / "given.kg").exit_code == 0
    assert (tmp_path / "given.kg").read_bytes() == local
