"""The promises that a build keeps: same bytes, nothing lost, adding as building, the last good graph after any death."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.errors import StoreError
from kg.export.papers import write_papers

SAMPLE = Path(kg.__file__).parent / "data" / "sample" / "papers.jsonl"


def lines() -> list[str]:
    return SAMPLE.read_text("utf-8").splitlines()


def exported(graph: Path) -> bytes:
    """What a graph says, with nothing of how it was made: places of sources aside."""
    output = graph.with_suffix(".jsonl")
    with kg.open(graph) as opened:
        assert opened.check() == []
        write_papers(opened, output)
        edges = [(e.source, e.relation, e.target, e.confidence) for e in opened.iter_edges()]
    records = [{k: v for k, v in json.loads(line).items() if k != "sources"} for line in output.read_text("utf-8").splitlines()]
    return json.dumps([records, edges]).encode()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    kg.build_graph([str(SAMPLE)], folder / "whole.kg")
    return folder / "whole.kg"


def test_every_paper_is_there_with_its_whole_text(whole: Path) -> None:
    wanted = {(r["title"], r["abstract"]) for r in map(json.loads, lines())}
    with kg.open(whole) as graph:
        papers = list(graph.iter_papers())
        assert {(p.title, p.abstract) for p in papers} == wanted
        assert sorted(p.places[0].line for p in papers) == list(range(1, len(wanted) + 1))


def test_evidence_cuts_its_quote_out_of_the_text(whole: Path) -> None:
    with kg.open(whole) as graph:
        texts = {p.id: {"title": p.title, "abstract": p.abstract} | {f"references/{i}": r for i, r in enumerate(p.references)} for p in graph.iter_papers()}
        edges = [e for e in graph.iter_edges(with_evidence=True) if e.source in texts]
        assert len(edges) > 1000
        for edge in edges:
            assert edge.evidence
            for e in edge.evidence:
                text = texts[edge.source][e.field]
                assert text[e.start : e.end] == e.quote
                assert e.start <= e.name_start < e.name_end <= e.end


def test_shuffled_input_and_another_hash_seed_give_the_same(whole: Path, tmp_path: Path) -> None:
    shuffled = lines()
    random.Random(4).shuffle(shuffled)
    (tmp_path / "shuffled.jsonl").write_text("\n".join(shuffled), "utf-8")
    script = "import sys, kg; kg.build_graph([sys.argv[1]], sys.argv[2])"
    subprocess.run([sys.executable, "-c", script, tmp_path / "shuffled.jsonl", tmp_path / "other.kg"], check=True, env={**os.environ, "PYTHONHASHSEED": "77"})
    assert exported(tmp_path / "other.kg") == exported(whole)


def test_the_same_input_gives_the_same_file(whole: Path, tmp_path: Path) -> None:
    kg.build_graph([str(SAMPLE)], tmp_path / "again.kg")
    assert (tmp_path / "again.kg").read_bytes() == whole.read_bytes()


def test_processes_change_nothing(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.build._SERIAL", 10)
    kg.build_graph([str(SAMPLE)], tmp_path / "two.kg", options=kg.Options(processes=2))
    assert exported(tmp_path / "two.kg") == exported(whole)


@pytest.mark.parametrize("cut", [1, 40, 128])
def test_adding_in_parts_is_building_at_once(whole: Path, tmp_path: Path, cut: int) -> None:
    shuffled = lines()
    random.Random(cut).shuffle(shuffled)
    (tmp_path / "one.jsonl").write_text("\n".join(shuffled[:cut]), "utf-8")
    (tmp_path / "two.jsonl").write_text("\n".join(shuffled[cut:]), "utf-8")
    kg.build_graph([str(tmp_path / "one.jsonl")], tmp_path / "parts.kg")
    kg.add_sources(tmp_path / "parts.kg", [str(tmp_path / "two.jsonl")])
    assert exported(tmp_path / "parts.kg") == exported(whole)


def test_adding_a_file_twice_changes_nothing(whole: Path, tmp_path: Path) -> None:
    graph = tmp_path / "twice.kg"
    graph.write_bytes(whole.read_bytes())
    before = exported(graph)
    report = kg.add_sources(graph, [str(SAMPLE)])
    assert report.entries == 0
    assert exported(graph) == before


def test_a_paper_from_two_sources_is_one_and_knows_both(tmp_path: Path) -> None:
    first = {"title": "Alpha: Reading Figures With Words", "abstract": "We introduce Alpha.", "venue": "ICLR 2021", "arxiv_id": "2101.00001"}
    second = {"title": "ALPHA: reading figures with words", "abstract": "We introduce Alpha, and more.", "venue": "ICLR", "year": 2021}
    for name, record in (("a", first), ("b", second)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(record))
    report = kg.build_graph([str(tmp_path / "*.jsonl")], tmp_path / "g.kg")
    assert (report.entries, report.papers, report.joined) == (2, 1, 1)
    with kg.open(tmp_path / "g.kg") as graph:
        (paper,) = graph.iter_papers()
        assert (paper.abstract, paper.year, [Path(p.file).name for p in paper.places]) == ("We introduce Alpha, and more.", 2021, ["a.jsonl", "b.jsonl"])
        differing = [d for (d,) in graph.db.execute("SELECT difference FROM entry ORDER BY source")]
        assert "We introduce Alpha." in differing[0]
        assert '"venue": "ICLR"' in differing[1]


def test_an_existing_graph_is_not_overwritten(whole: Path) -> None:
    before = whole.read_bytes()
    with pytest.raises(StoreError, match="exists"):
        kg.build_graph([str(SAMPLE)], whole)
    assert whole.read_bytes() == before


def test_a_build_that_is_killed_leaves_the_last_good_graph(whole: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g.kg"
    graph.write_bytes(whole.read_bytes())
    before = exported(graph)
    many = tmp_path / "many.jsonl"
    many.write_text("".join(json.dumps({"title": f"Paper number {i} about things", "abstract": "We use BERT on GLUE. " * 4}) + "\n" for i in range(1500)))
    add = [sys.executable, "-m", "cli", "add", str(graph), str(many), "--quiet"]
    begun = time.monotonic()
    subprocess.run(add, check=True)
    needed, after = time.monotonic() - begun, exported(graph)
    killed = 0
    for instant in range(1, 13):
        graph.write_bytes(whole.read_bytes())
        process = subprocess.Popen(add, stderr=subprocess.DEVNULL)
        time.sleep(needed * instant / 15)  # the instant of death, not a wait for something
        process.send_signal(signal.SIGKILL)
        was_killed = process.wait() == -signal.SIGKILL
        found = exported(graph)
        assert found in (before, after)
        killed += was_killed and found == before  # else it had just ended
    assert killed >= 6
    kg.add_sources(graph, [str(many)])
    with kg.open(graph) as opened:
        assert opened.stats().papers == len(lines()) + 1500
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_reader_goes_on_while_the_graph_is_replaced(whole: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g.kg"
    graph.write_bytes(whole.read_bytes())
    more = tmp_path / "more.jsonl"
    more.write_text('{"title": "One More Paper About Things", "abstract": "We use BERT."}')
    with kg.open(graph) as reader:
        papers = reader.stats().papers
        kg.add_sources(graph, [str(more)])
        assert reader.stats().papers == papers
        assert reader.check() == []
    with kg.open(graph) as again:
        assert again.stats().papers == papers + 1


def broken(path: Path, change: Callable[[Path], object]) -> Path:
    change(path)
    return path


def set_version(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.unlink(), "no such graph file"),
        (lambda p: p.write_text("not a database, just a text that is long enough to be looked at" * 20), "not a graph file"),
        (lambda p: p.write_bytes(b""), "not one of kg's graphs"),
        (set_version, "schema version 999"),
    ],
)
def test_a_file_that_is_no_graph_of_this_version_is_a_clear_error(whole: Path, tmp_path: Path, change: Callable[[Path], Any], message: str) -> None:
    path = tmp_path / "g.kg"
    path.write_bytes(whole.read_bytes())
    with pytest.raises(StoreError, match=message):
        kg.open(broken(path, change))


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    target = folder / "g.kg" if os.geteuid() else Path("/proc/g.kg")  # root may write anywhere but there
    with pytest.raises(StoreError, match="cannot be written"):
        kg.build_graph([str(SAMPLE)], target)


def test_a_full_disk_is_a_clear_error_and_leaves_what_was_there(whole: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g.kg"
    graph.write_bytes(whole.read_bytes())
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20)); from cli.main import main; main(sys.argv[1:])"
    )
    done = subprocess.run([sys.executable, "-c", script, "build", str(SAMPLE), "-o", str(graph), "--force"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert graph.read_bytes() == whole.read_bytes()


def test_own_names_and_corrections_are_noted_and_used_by_later_additions(tmp_path: Path) -> None:
    def paper(number: int) -> str:
        return json.dumps({"title": f"Paper {number} about an ordinary thing", "abstract": "We evaluate on Grumblefrotz and on Snorkeldust."}) + "\n"

    (tmp_path / "a.jsonl").write_text(paper(1))
    (tmp_path / "b.jsonl").write_text(paper(2))
    (tmp_path / "names.txt").write_text("Grumblefrotz | benchmark | math | |\nSnorkeldust | dataset | math | |\n")
    (tmp_path / "said.txt").write_text("same | Snorkeldust | Grumblefrotz\n")
    options = kg.Options(lexicon=(str(tmp_path / "names.txt"),))
    kg.build_graph([str(tmp_path / "a.jsonl")], tmp_path / "g.kg", options=options)
    with kg.open(tmp_path / "g.kg") as graph:
        assert graph.show("Snorkeldust").node.id == "dataset/snorkeldust"
    kg.add_sources(tmp_path / "g.kg", [str(tmp_path / "b.jsonl")], options=kg.Options(corrections=(str(tmp_path / "said.txt"),)))
    with kg.open(tmp_path / "g.kg") as graph:
        assert graph.find("Snorkeldust").id == "benchmark/grumblefrotz"
        assert graph.find("Grumblefrotz").papers == 2


def test_addresses_of_the_authors_comment_are_links_with_their_place(tmp_path: Path) -> None:
    comment = "CVPR 2025, Code: https://github.com/a/foo Project page: https://foo.github.io/x"
    source = tmp_path / "papers.jsonl"
    source.write_text(json.dumps({"title": "Foo: A Net", "abstract": "We propose Foo.", "comment": comment}), "utf-8")
    kg.build_graph([str(source)], tmp_path / "g.kg")
    with kg.open(tmp_path / "g.kg") as graph:
        assert graph.check() == []
        found = {e.relation: e.evidence for e in graph.iter_edges(with_evidence=True) if e.relation.startswith("has_")}
    assert {relation: [comment[e.name_start : e.name_end] for e in places] for relation, places in found.items()} == {
        "has_code": ["https://github.com/a/foo"],
        "has_project": ["https://foo.github.io/x"],
    }
    assert {e.field for places in found.values() for e in places} == {"comment"}


def test_a_write_error_that_the_system_tells_only_once_is_not_lost(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = tmp_path / "graph.kg"
    graph.write_bytes(whole.read_bytes())
    told: list[int] = []

    def fail_once(descriptor: int) -> None:
        told.append(descriptor)
        if len(told) == 1:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail_once)
    with pytest.raises(StoreError, match="cannot be written: Input/output error"):
        kg.build_graph([str(SAMPLE)], graph, force=True)
    assert graph.read_bytes() == whole.read_bytes()
