"""Run things in processes of their own and say what they took: wall time, processor time, peak memory; and tables of it."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process took, with all its children: seconds of wall and of processor, peak memory in MB; and what it printed."""

    wall: float
    cpu: float
    memory: float
    output: str = ""


@dataclass(slots=True)
class Table:
    """Rows of figures under a title."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    note: str = ""

    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [f"### {self.title}", "", "| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        lines += ["| " + " | ".join(_shown(value) for value in row) + " |" for row in self.rows]
        return "\n".join([*lines, "", self.note] if self.note else lines)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def first_prefix() -> list[str]:
    """What lets a program run before all other work of the machine, where the system allows that: so its wall time is its own."""
    return ["chrt", "--rr", "1"] if os.geteuid() == 0 and shutil.which("chrt") else []


def run(arguments: Sequence[str | Path], *, is_first: bool = False) -> Taken:
    """Run a Python program from the project's folder; fails where the program fails.

    Peak memory is the largest sum over the process and its children of memory that is their own, looked at twenty times a second.
    """
    command = [*(first_prefix() if is_first else ()), sys.executable, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    before = os.times()
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    output, errors = process.communicate()
    wall = time.perf_counter() - begin
    watcher.join()
    after = os.times()
    if process.returncode:
        raise RuntimeError(f"{arguments}: {errors[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(wall, cpu, peak[0], output)


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    while process.poll() is None:
        try:
            top = psutil.Process(process.pid)
            used = sum(_own(p) for p in [top, *top.children(recursive=True)])
            peak[0] = max(peak[0], used / 1e6)
        except psutil.Error:
            pass
        time.sleep(0.05)


def _own(process: psutil.Process) -> float:
    """Memory of a process without what it maps of files: a large file that is read leaves pages that are nobody's."""
    try:
        found = process.memory_info()
        return float(found.rss - getattr(found, "shared", 0))
    except psutil.Error:
        return 0.0


def middle(arguments: Sequence[str | Path], times: int = 5) -> Taken:
    """The run of median wall time out of several that go before other work, the first left out where there are more than two."""
    taken = [run(arguments, is_first=True) for _ in range(times)]
    kept = taken[1:] if times > 2 else taken
    wall = median(t.wall for t in kept)
    return min(kept, key=lambda t: abs(t.wall - wall))


def machine() -> dict[str, Any]:
    """The machine, its load and the versions that matter."""
    packages = ("paper-kg", "numpy", "ahocorasick-rs", "networkx", "spacy", "flashtext", "duckdb", "rdflib", "oxrdflib", "pyoxigraph", "pyarrow")
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1), "load_at_begin": round(os.getloadavg()[0], 1), "versions": found,
    }  # fmt: skip


def write_report(tables: Sequence[Table], about: dict[str, Any], output: Path) -> None:
    """Write tables as Markdown and JSON beside one another."""
    output.parent.mkdir(parents=True, exist_ok=True)
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    head = f"Python {about['python']}, {about['cores']} cores, {about['memory_gb']} GB, load {about['load_at_begin']} at the begin; {versions}."
    text = "\n\n".join([f"# {output.stem.capitalize()}", head, *(table.markdown() for table in tables)]) + "\n"
    output.with_suffix(".md").write_text(text, "utf-8")
    output.with_suffix(".json").write_text(json.dumps({"about": about, "tables": [asdict(table) for table in tables]}, indent=1) + "\n", "utf-8")
