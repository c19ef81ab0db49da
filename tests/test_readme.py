"""The README and other documents show what the commands print."""

from __future__ import annotations

import os
import re
import shlex
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import kg

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```console\n\$ (kg [^\n]*)\n(.*?)```", re.S)


def console_blocks() -> list[tuple[str, str]]:
    """Every command of the README that is shown with what it prints, on the graph of the sample."""
    return BLOCK.findall((ROOT / "README.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("readme") / "graph.kg"
    kg.build_graph([str(files("kg.data") / "sample" / "papers.jsonl")], path)
    return path


def printed(command: str, sample: Path) -> str:
    from cli.main import main

    result: Any = CliRunner().invoke(main, shlex.split(command)[1:], env={"KG_GRAPH": str(sample)})
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_the_readme_shows_what_its_commands_print(sample: Path) -> None:
    blocks = console_blocks()
    assert blocks
    if os.environ.get("KG_REWRITE_DOCS"):  # `make docs`
        text = (ROOT / "README.md").read_text("utf-8")
        text = BLOCK.sub(lambda m: f"```console\n$ {m[1]}\n{printed(m[1], sample)}```", text)
        (ROOT / "README.md").write_text(text, "utf-8")
    for command, output in console_blocks():
        assert printed(command, sample) == output, command


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text("utf-8")):
            assert "://" in target or (document.parent / target).exists(), f"{document.name}: {target}"
