"""Speed, memory and growth in tables: build, ask, add, export, beside what a user would take instead.

    make bench                                        the short form, some minutes
    python -m benchmarks.speed --papers 600000        the long form; --keep FOLDER keeps files, and takes those that are there
    python -m benchmarks.speed --stated               statements come from the generator: everything but extraction is measured

Writes benchmarks/results/speed.md and speed.json. Nothing here asserts a time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

import psutil

from benchmarks.measuring import Table, Taken, first_prefix, machine, middle, run, write_report
from benchmarks.others import MATCHERS
from benchmarks.questions import Comparable, choose_scene, comparable, questions
from benchmarks.stores import STORES
from benchmarks.texts import real_records

_KG = ("-m", "cli")
_DAY = 300
_WHOLE = "kg"
_TURNS = 3
_NAMES = {
    _WHOLE: "whole build of kg",
    "phrases": "spaCy PhraseMatcher, names only", "ruler": "spaCy EntityRuler, names only", "flashtext": "flashtext, names only",
    "automaton": "ahocorasick_rs, our matcher, names only", "reading": "reading and decoding the file",
}  # fmt: skip


class Bench:
    """Makes files in a folder and measures on them; what is there already is taken."""

    def __init__(self, folder: Path, processes: int, *, is_stated: bool) -> None:
        self._folder, self._processes, self._is_stated = folder, processes, is_stated
        self.asked: dict[int, dict[str, Taken]] = {}

    def papers(self, count: int, first: int = 0) -> Path:
        """Generated papers, and beside them their statements."""
        path = self._folder / f"papers-{first}-{count}.jsonl"
        if not path.exists():
            run(["-m", "benchmarks.texts", str(count), "--first", str(first), "-o", path, "--statements", self._stated(path)])
        return path

    @staticmethod
    def _stated(path: Path) -> Path:
        return path.with_suffix(".stated.jsonl")

    def _given(self, papers: Path) -> list[str]:
        return ["--statements", str(self._stated(papers))] if self._is_stated else []

    def real(self, count: int) -> tuple[Path, int]:
        """So many real papers, or all that there are, and how many these are."""
        records = real_records(count)
        path = self._folder / "papers-real.jsonl"
        path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
        return path, len(records)

    def graph(self, count: int) -> tuple[Path, Taken]:
        """A graph of so many papers, and what building it took: now, or when it was built here before."""
        path = self._folder / f"graph-{count}.kg"
        noted = path.with_suffix(".json")
        if path.exists() and noted.exists():
            return path, Taken(**json.loads(noted.read_text("utf-8")))
        taken = self._build(self.papers(count), path)
        noted.write_text(json.dumps(asdict(taken)), "utf-8")
        return path, taken

    def _build(self, papers: Path, graph: Path) -> Taken:
        return run([*_KG, "build", papers, *self._given(papers), "-o", graph, "--force", "--processes", str(self._processes)])

    def beside(self, papers: Path, count: int, what: str) -> Table:
        """Finding the lexicon's names by other means in the same texts, in the same number of processes: by turns, medians."""
        found: dict[str, list[Taken]] = {name: [] for name in (_WHOLE, *MATCHERS)}
        for _ in range(_TURNS):
            found[_WHOLE].append(self._build(papers, self._folder / "beside.kg"))
            for name in MATCHERS:
                found[name].append(run(["-m", "benchmarks.others", name, papers, str(self._processes)]))
        taken = {name: (median(t.wall for t in turns), median(t.cpu for t in turns)) for name, turns in found.items()}
        table = Table(
            f"{count:,} {what}, {self._processes} processes, {_TURNS} times by turns", ("what", "seconds", "processor seconds", "papers/s", "whole build : this")
        )
        table.rows += [(_NAMES[name], wall, cpu, count / wall, taken[_WHOLE][0] / wall) for name, (wall, cpu) in taken.items()]
        return table

    def ask(self, count: int, times: int) -> None:
        """Each question of a fresh process."""
        path = self._folder / f"graph-{count}.kg"
        asked = questions(choose_scene(path))
        self.asked[count] = {name: middle([*_KG, *words, "-g", path], times if not name.startswith(("groups", "rank --by")) else 1) for name, words in asked.items()}

    def ask_others(self, count: int, times: int) -> Table:
        """The same questions of other stores, a fresh process each: loading counts.

        Raises:
            RuntimeError: Where an answer is not that of kg.
        """
        graph = self._folder / f"graph-{count}.kg"
        table = Table(f"The same questions, {count:,} papers: seconds of a fresh process", ("question", "kg, with quotes", *(f"{n}, a number" for n in STORES)))
        stores = {tool: self._folder / f"store-{count}.{tool}" for tool in STORES if count * _HELD.get(tool, 0) < psutil.virtual_memory().available}
        made = {tool: run(["-m", "benchmarks.stores", "make", tool, graph, store]) for tool, store in stores.items() if not store.exists()}
        for question, asked in comparable(graph).items():
            found = [self._ask_other(tool, stores[tool], question, asked, times) if tool in stores else _NO_ROOM for tool in STORES]
            table.rows.append((question, self.asked[count][asked.command].wall, *found))
        table.rows.append(("to make it from the graph", "-", *(made[tool].wall if tool in made else "-" for tool in STORES)))
        return table

    @staticmethod
    def _ask_other(tool: str, store: Path, question: str, asked: Comparable, times: int) -> float | str:
        if not hasattr(STORES[tool], question):
            return "-"
        command: list[str | Path] = ["-m", "benchmarks.stores", "ask", tool, store, question, *asked.names]
        taken = middle(command, times if tool != "networkx" else 1)
        if json.loads(taken.output) != asked.answer:
            raise RuntimeError(f"{question} of {tool}: {taken.output}, of kg: {asked.answer}")
        return taken.wall

    def add(self, count: int, times: int) -> Table:
        """A day's listing into the graph."""
        graph, copy = self._folder / f"graph-{count}.kg", self._folder / "added.kg"
        day = self.papers(_DAY, count)
        found = []
        for _ in range(times):
            shutil.copyfile(graph, copy)
            os.sync()  # what copying left to write would be written beside the addition
            found.append(run([*_KG, "add", copy, day, "--processes", str(self._processes)], is_first=True))
            copy.unlink()
        taken = sorted(found, key=lambda t: t.wall)[len(found) // 2]
        table = Table(f"{_DAY} papers more", ("into", "seconds", "processor seconds", "peak MB"))
        table.rows.append((f"{count:,} papers", taken.wall, taken.cpu, taken.memory))
        return table

    def export(self, count: int) -> Table:
        """Streams out of the graph."""
        graph = self._folder / f"graph-{count}.kg"
        table = Table(f"Exports of {count:,} papers", ("what", "seconds", "lines", "lines/s", "MB", "peak MB"))
        for name, options in (("N-Triples with evidence", ["rdf", "--format", "nt"]), ("JSON lines", ["jsonl"])):
            path = self._folder / "export"
            taken = run([*_KG, "export", *options, "-g", graph, "-o", path], is_first=True)
            with path.open("rb") as stream:
                lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
            table.rows.append((name, taken.wall, lines, lines / taken.wall, path.stat().st_size / 1e6, taken.memory))
            path.unlink()
        return table

    def built(self, built: dict[int, Taken]) -> Table:
        """Sizes against what building took."""
        table = Table("Growth: building" + (", statements given" if self._is_stated else ""), ("papers", *(f"{count:,}" for count in built)))
        for name, read in (("seconds", "wall"), ("processor seconds", "cpu"), ("peak MB", "memory")):
            table.rows.append((name, *(getattr(taken, read) for taken in built.values())))
        table.rows.append(("papers/s", *(count / taken.wall for count, taken in built.items())))
        table.rows.append(("papers/processor s", *(count / taken.cpu for count, taken in built.items())))
        table.rows.append(("file, MB", *((self._folder / f"graph-{count}.kg").stat().st_size / 1e6 for count in built)))
        return table

    def questions(self, sizes: Sequence[int]) -> Table:
        """Sizes against each question: seconds of wall, and of processor in brackets."""
        table = Table("Growth: asking, a fresh process each: seconds (processor seconds)", ("question", *(f"{size:,}" for size in sizes)))
        table.note = "Run before all other work of the machine, as additions and other stores are." if first_prefix() else ""
        for question in self.asked[sizes[0]]:
            taken = [self.asked[size][question] for size in sizes]
            table.rows.append((question, *(f"{t.wall:.2f} ({t.cpu:.2f})" for t in taken)))
        return table


_BESIDE = 6_000  # papers: more take ten times the time
_WRITTEN = 60_000  # papers: the triples of more are many gigabytes
_HELD = {"networkx": 20_000}  # bytes of memory for each paper
_NO_ROOM = "no room"


def measure(bench: Bench, most: int, times: int, *, is_stated: bool, with_others: bool) -> Iterator[Table]:
    """All tables for graphs of up to so many papers, as they are done."""
    sizes = [size for size in (600, _BESIDE, 60_000) if size < most] + [most]
    if not is_stated:
        few = min(most, _BESIDE)
        yield bench.beside(bench.papers(few), few, "generated papers")
        yield bench.beside(*bench.real(most), "real papers")
    yield bench.built({size: bench.graph(size)[1] for size in sizes})
    for size in sizes:
        bench.ask(size, times)
    yield bench.questions(sizes)
    yield bench.add(most, min(times, 3))
    for size in sizes[1:] or sizes:
        if size <= _WRITTEN:
            yield bench.export(size)
        if with_others:
            yield bench.ask_others(size, times)


def main() -> None:
    """Measure, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=2_000, help="how many papers the largest graph has")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--times", type=int, default=5, help="how often each question is asked; the median counts, the first is left out")
    parser.add_argument("--stated", action="store_true", help="take statements from the generator")
    parser.add_argument("--alone", action="store_true", help="ask no other stores")
    parser.add_argument("--keep", type=Path, help="a folder for papers and graphs")
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).parent / "results" / "speed")
    options = parser.parse_args()
    about = machine()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, options.processes, is_stated=options.stated)
        tables = []
        for table in measure(bench, options.papers, options.times, is_stated=options.stated, with_others=not options.alone):
            tables.append(table)
            write_report(tables, about, options.output)
            print(table.markdown(), flush=True)


if __name__ == "__main__":
    main()
