"""The questions of docs/questions.md, asked of the sample corpus."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
_TEXT = (Path(__file__).resolve().parent.parent / "docs" / "questions.md").read_text("utf-8")
COMMANDS = [line.strip() for line in _TEXT.splitlines() if re.match(r" {7,}kg ", line)]
_MAY_FIND_NOTHING = ("kg code --promised",)  # all papers of the sample give an address or promise nothing


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from kg.build import build_graph

    path = tmp_path_factory.mktemp("sample") / "sample.kg"
    with as_file(files("kg.data") / "sample" / "papers.jsonl") as papers:
        build_graph([str(papers)], path)
    return path


def test_there_are_twenty() -> None:
    assert len(re.findall(r"^\d+\. ", _TEXT, re.MULTILINE)) == 20


@pytest.mark.parametrize("command", COMMANDS)
def test_each_has_an_answer(run: Run, sample: Path, command: str) -> None:
    done = run(*shlex.split(command)[1:], "-g", sample)
    assert done.exit_code == 0, done.stderr
    assert command in _MAY_FIND_NOTHING or len(done.stdout.splitlines()) > 1


def test_the_python_example_runs(sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code = _TEXT.partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(sample.parent)
    exec(code.replace("demo.kg", sample.name), {})
    assert len(capsys.readouterr().out.splitlines()) == 3
