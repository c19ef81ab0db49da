"""What must not depend on the machine: memory that does not grow with the input, and work that grows no faster than it.

Work is counted, not timed: steps of SQLite's virtual machine, calls of Python functions, passes over what papers state.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import shutil
import sqlite3
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from benchmarks.questions import choose_scene, questions
from benchmarks.texts import Generator, real_records, state_names
from cli.main import main
from kg.statements import to_json

_GENERATOR = Generator(real_records(400))
_FEW, _MANY = 2_000, 20_000
_EVERY = 1000  # steps of the virtual machine: so often they are counted
_STATED = 4  # statements of a paper: more would tell the same


@dataclass(frozen=True)
class Cost:
    """What some work took: thousands of virtual machine steps of SQLite, calls of Python, statements that go over what papers state."""

    steps: int
    calls: int
    passes: int


def cost_of(work: Callable[[], object]) -> Cost:
    """Count what some work takes."""
    counted: Counter[str] = Counter()
    connect = sqlite3.connect

    def step() -> int:
        counted["steps"] += 1
        return 0

    def trace(statement: str) -> None:
        counted["passes"] += "FROM statement" in statement

    def counting(*arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        connection.set_progress_handler(step, _EVERY)
        connection.set_trace_callback(trace)
        return connection

    profile = cProfile.Profile()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite3, "connect", counting)
        profile.runcall(work)
    calls = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    return Cost(counted["steps"], calls - counted["steps"], counted["passes"])


def write_papers(folder: Path, count: int) -> tuple[str, kg.Options]:
    """Generated papers, and what the generator knows that they name, so that nothing is spent on reading them."""
    papers, stated = folder / f"{count}.jsonl", folder / f"{count}.stated.jsonl"
    with papers.open("w", encoding="utf-8") as one, stated.open("w", encoding="utf-8") as other:
        for number in range(count):
            record, sentences = _GENERATOR.paper_and_names(number)
            one.write(json.dumps(record) + "\n")
            statements = state_names(record, sentences)[:_STATED]
            other.write(json.dumps(to_json("paper/arxiv-" + record["id"].removeprefix("arXiv:"), statements)) + "\n")
    return str(papers), kg.Options(processes=1, statements=(str(stated),))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, Cost]]:
    """Graphs of few and of ten times as many papers, and what building each took."""
    folder = tmp_path_factory.mktemp("growth")
    found = {}
    for count in (_FEW, _MANY):
        papers, options = write_papers(folder, count)
        graph = folder / f"{count}.kg"
        found[count] = graph, cost_of(lambda: kg.build_graph([papers], graph, options=options))  # noqa: B023
    return found


def test_the_cost_of_a_build_grows_at_most_twelvefold_for_ten_times_the_papers(built: dict[int, tuple[Path, Cost]]) -> None:
    few, many = built[_FEW][1], built[_MANY][1]
    assert many.steps <= 12 * few.steps
    assert many.calls <= 12 * few.calls


def test_a_build_goes_over_what_papers_state_equally_often_however_many_they_are(built: dict[int, tuple[Path, Cost]]) -> None:
    assert built[_MANY][1].passes == built[_FEW][1].passes > 0


def test_the_cost_of_an_addition_hardly_grows_with_the_graph(built: dict[int, tuple[Path, Cost]], tmp_path: Path) -> None:
    more = tmp_path / "more.jsonl"
    fresh = (record for number in range(50_000, 50_100) if ": " in (record := _GENERATOR.paper(number))["title"])  # others may share their title
    more.write_text("".join(json.dumps(record) + "\n" for record in islice(fresh, 30)), "utf-8")
    costs = []
    for count in (_FEW, _MANY):
        graph = tmp_path / f"{count}.kg"
        shutil.copyfile(built[count][0], graph)
        costs.append(cost_of(lambda: kg.add_sources(graph, [str(more)], options=kg.Options(processes=1))))  # noqa: B023
    assert costs[1].steps <= 6 * costs[0].steps
    assert costs[1].calls <= 2 * costs[0].calls


def test_the_cost_of_a_question_grows_at_most_twelvefold_for_ten_times_the_papers(built: dict[int, tuple[Path, Cost]]) -> None:
    costs = []
    for graph, _ in built.values():
        asked = questions(choose_scene(graph))
        costs.append({name: cost_of(lambda: ask(words, graph)) for name, words in asked.items()})  # noqa: B023
    grown = {name: (few, costs[1][name]) for name, few in costs[0].items()}
    assert {name: pair for name, pair in grown.items() if pair[1].steps > 12 * pair[0].steps + 50 or pair[1].calls > 12 * pair[0].calls} == {}


def ask(words: tuple[str, ...], graph: Path) -> None:
    """Ask as on the command line."""
    result = CliRunner().invoke(main, [*words, "-g", str(graph)], catch_exceptions=False)
    assert result.exit_code == 0, result.output


def test_memory_does_not_grow_with_the_papers(tmp_path: Path) -> None:
    peaks = []
    for count in (2000, 5000):
        papers, options = write_papers(tmp_path, count)
        tracemalloc.start()
        kg.build_graph([papers], tmp_path / f"{count}.kg", options=options)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] <= 1.5 * peaks[0]
