"""The rooms of the house: imports run one way, and a small question loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).resolve().parent.parent
BASE = {"kg.records", "kg.vocabulary", "kg.names", "kg.errors", "kg.ontology"}
STAGES = ("kg.sources", "kg.extract", "kg.resolve", "kg.store")


def modules() -> list[tuple[str, set[str]]]:
    """Every module of ours with the modules of ours that it imports, type-checking imports too."""
    found = []
    for path in sorted([*(ROOT / "kg").rglob("*.py"), *(ROOT / "cli").rglob("*.py")]):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        imported = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
        found.append((name, {m for m in imported if m.split(".")[0] in ("kg", "cli")}))
    return found


def test_the_base_imports_nothing_of_ours_but_itself() -> None:
    for name, imported in modules():
        if name in BASE:
            assert imported <= BASE, name


def test_stages_never_import_one_another() -> None:
    for name, imported in modules():
        for stage in STAGES:
            if name.startswith(stage):
                others = tuple(s for s in STAGES if s != stage)
                assert not {m for m in imported if m.startswith((*others, "kg.query", "kg.export", "kg.build", "kg.graph"))}, name


def test_the_library_never_imports_the_command_line() -> None:
    for name, imported in modules():
        if name.startswith("kg"):
            assert not {m for m in imported if m.startswith("cli")}, name


@pytest.mark.parametrize("heavy", ["networkx", "rdflib", "pyoxigraph", "pyvis", "numpy", "rich"])
def test_a_small_question_loads_nothing_heavy(heavy: str, small_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "cli", "show", "CLIP", "-g", str(small_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "CLIP" in done.stdout
    assert heavy not in loaded


def test_importing_the_package_does_no_work() -> None:
    code = "import sys, kg; print(sorted(m for m in sys.modules if m.startswith('kg.') or m in ('sqlite3', 'json')))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip() == "[]"


def test_the_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert kg.__version__ == project["version"]
