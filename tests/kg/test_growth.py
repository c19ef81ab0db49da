"""What must not depend on the machine: memory that does not grow with the input, and work that grows no faster than it."""

from __future__ import annotations

import json
import sqlite3
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from benchmarks.texts import Generator, real_records, state_names
from kg.statements import to_json

_GENERATOR = Generator(real_records(400))


def write_papers(folder: Path, count: int) -> tuple[str, kg.Options]:
    """Generated papers, and what the generator knows that they name, so that nothing is spent on reading them."""
    papers, stated = folder / f"{count}.jsonl", folder / f"{count}.stated.jsonl"
    with papers.open("w", encoding="utf-8") as one, stated.open("w", encoding="utf-8") as other:
        for number in range(count):
            record, sentences = _GENERATOR.paper_and_names(number)
            one.write(json.dumps(record) + "\n")
            other.write(json.dumps(to_json("paper/arxiv-" + record["id"].removeprefix("arXiv:"), state_names(record, sentences))) + "\n")
    return str(papers), kg.Options(processes=1, statements=(str(stated),))


def steps_of(work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many thousands of virtual machine steps SQLite takes in some work: its cost, whatever the machine."""
    counted = [0]
    connect = sqlite3.connect

    def counting(*arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]

        def step() -> int:
            counted[0] += 1
            return 0

        connection.set_progress_handler(step, 1000)
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", counting)
        work()
    return counted[0]


def test_the_cost_of_a_build_grows_at_most_twelvefold_for_ten_times_the_papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    for count in (400, 4000):
        papers, options = write_papers(tmp_path, count)
        steps.append(steps_of(lambda: kg.build_graph([papers], tmp_path / f"{count}.kg", options=options), monkeypatch))  # noqa: B023
    assert steps[1] <= 12 * steps[0]


def test_the_cost_of_an_addition_hardly_grows_with_the_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = tmp_path / "more.jsonl"
    more.write_text("".join(json.dumps(_GENERATOR.paper(number)) + "\n" for number in range(50_000, 50_030)), "utf-8")
    steps = []
    for count in (400, 4000):
        papers, options = write_papers(tmp_path, count)
        kg.build_graph([papers], tmp_path / f"{count}.kg", options=options)
        added = kg.Options(processes=1)
        steps.append(steps_of(lambda: kg.add_sources(tmp_path / f"{count}.kg", [str(more)], options=added), monkeypatch))  # noqa: B023
    assert steps[1] <= 6 * steps[0]  # ten times the graph


def test_memory_does_not_grow_with_the_papers(tmp_path: Path) -> None:
    peaks = []
    for count in (1000, 4000):
        papers, options = write_papers(tmp_path, count)
        tracemalloc.start()
        kg.build_graph([papers], tmp_path / f"{count}.kg", options=options)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] <= 1.5 * peaks[0]
