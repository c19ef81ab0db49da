"""The example queries through plain rdflib, through rdflib over Oxigraph (our interface), and through Oxigraph alone.

    python -m benchmarks.sparql --papers 573 5000 20000

Each engine gets the same triples in a process of its own. By default they are those of `kg export rdf --no-evidence`, so that rdflib's
memory suffices, and the examples that ask for evidence are left out; `--evidence` takes all. A query is asked until it has taken a second in all or ten
times, and the median counts; one that takes longer than the limit is stopped. Rows must be the same in every engine, or the run fails.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

from kg.build import build_graph
from kg.export.rdf import RdfOptions, write_rdf
from kg.graph import Graph
from kg.ontology import NAMESPACES
from kg.sparql.examples import read_examples

SHARED = Path(__file__).resolve().parents[2] / "shared"
ENGINES = ("rdflib in memory", "rdflib over Oxigraph", "Oxigraph alone")
NEEDS_EVIDENCE = {"quotes-behind-links", "papers-evaluating-on", "introduced-by", "names-of", "least-sure-links"}
# those whose pattern joins papers with papers
JOINS = {"evaluated-together", "introduced-and-used", "shared-by-two-papers", "builds-on"}


def make_graph(papers: int, shared: Path, folder: Path) -> Path:
    """A graph of so many papers: the listings where that is how many they have, else the first of the arXiv records."""
    target = folder / f"{papers}.kg"
    if papers == 573:
        build_graph([str(path) for path in sorted((shared / "seeds").glob("0*.txt"))], target)
    else:
        source = folder / f"{papers}.jsonl"
        with gzip.open(shared / "corpora" / "arxiv-20k.jsonl.gz", "rt") as lines:
            source.write_text("".join(islice(lines, papers)))
        build_graph([str(source)], target)
    return target


def open_engine(engine: str, triples: Path, folder: Path) -> Callable[[str], list[Any]]:
    """Load triples, and say how to ask."""
    if engine == ENGINES[0]:
        import rdflib

        memory = rdflib.Graph().parse(triples, format="nt")
        return lambda query: list(memory.query(query, initNs=NAMESPACES))
    import pyoxigraph

    store = pyoxigraph.Store(str(folder / "store"))
    store.bulk_load(path=str(triples), format=pyoxigraph.RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()
    del store  # a store has one writer
    if engine == ENGINES[2]:
        alone = pyoxigraph.Store.read_only(str(folder / "store"))
        return lambda query: list(alone.query(query, prefixes=NAMESPACES))  # type: ignore[arg-type]
    (folder / "in-use").touch()
    import rdflib

    from kg.sparql.rdflib_store import ReadingStore

    graph = rdflib.Graph(ReadingStore(folder), identifier=rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    return lambda query: list(graph.query(query, initNs=NAMESPACES))


def measure(engine: str, triples: Path, *, evidence: bool, limit: int) -> dict[str, Any]:
    """Load and ask; runs in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        before = _memory()
        start = time.perf_counter()
        ask = open_engine(engine, triples, Path(folder))
        loaded = time.perf_counter() - start
        answers = {e.name: _time(ask, e.query, limit) for e in read_examples() if evidence or e.name not in NEEDS_EVIDENCE}
        memory = _memory() - before
        size = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file()) / 1e6
        return {"engine": engine, "load_s": loaded, "memory_mb": memory, "disk_mb": size, "queries": answers}


def _memory() -> float:
    """What this process holds now, in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _time(ask: Callable[[str], list[Any]], query: str, limit: int) -> dict[str, Any]:
    """The median in seconds and the number of rows; None where the limit was reached."""

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    took: list[float] = []
    rows = 0
    try:
        signal.alarm(limit)
        while len(took) < 10 and sum(took) < 1:
            start = time.perf_counter()
            rows = len(ask(query))
            took.append(time.perf_counter() - start)
    except TimeoutError:
        return {"seconds": None, "rows": None}
    finally:
        signal.alarm(0)
    return {"seconds": median(took), "rows": rows}


def run(papers: int, shared: Path, *, evidence: bool, limit: int) -> dict[str, Any]:
    """Measure every engine on a graph of so many papers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        triples = folder / "graph.nt"
        with Graph(make_graph(papers, shared, folder)) as graph:
            start = time.perf_counter()
            count = write_rdf(graph, triples, options=RdfOptions(evidence=evidence)).triples
            exported = time.perf_counter() - start
        results = []
        for engine in ENGINES:
            command = [sys.executable, "-m", "benchmarks.sparql", "--engine", engine, "--triples", str(triples), "--limit", str(limit)]
            done = subprocess.run([*command, *(["--evidence"] if evidence else [])], capture_output=True, text=True, check=True)
            results.append(json.loads(done.stdout))
    _check(results)
    return {"papers": papers, "triples": count, "export_s": exported, "engines": results}


def _check(results: list[dict[str, Any]]) -> None:
    for name in results[0]["queries"]:
        rows = {r["queries"][name]["rows"] for r in results} - {None}
        if len(rows) > 1:
            raise SystemExit(f"{name}: the engines differ in rows: {rows}")


def as_markdown(runs: list[dict[str, Any]], machine: dict[str, str]) -> str:
    """The tables: one of loads, one of queries for each size."""
    out = [f"Measured on {', '.join(f'{k} {v}' for k, v in machine.items())}.\n", "| papers | triples | engine | load, s | memory, MB | on disk, MB |", "|---:|---:|---|---:|---:|---:|"]
    for r in runs:
        out += [f"| {r['papers']:,} | {r['triples']:,} | {e['engine']} | {e['load_s']:.1f} | {e['memory_mb']:,.0f} | {e['disk_mb']:,.0f} |" for e in r["engines"]]
    for r in runs:
        memory, ours, alone = (e["queries"] for e in r["engines"])
        out += [f"\n{r['papers']:,} papers, seconds:\n", f"| query | rows | {' | '.join(ENGINES)} | ours / Oxigraph | rdflib / ours |", "|---|---:|---:|---:|---:|---:|---:|"]
        for name in sorted(ours):
            mark = " (papers with papers)" if name in JOINS else ""
            seconds = [q[name]["seconds"] for q in (memory, ours, alone)]
            cells = " | ".join("over the limit" if s is None else f"{s:.4f}" for s in seconds)
            out.append(f"| {name}{mark} | {ours[name]['rows']} | {cells} | {_ratio(seconds[1], seconds[2])} | {_ratio(seconds[0], seconds[1])} |")
        shared = [(ours[n]["seconds"], alone[n]["seconds"]) for n in ours if ours[n]["seconds"] and alone[n]["seconds"]]
        out.append(f"\nOurs takes {geometric_mean([a / b for a, b in shared]):.2f} times as long as Oxigraph alone (geometric mean), {sum(a for a, _ in shared) / sum(b for _, b in shared):.2f} times in all.")
    return "\n".join(out) + "\n"


def _ratio(a: float | None, b: float | None) -> str:
    return f"{a / b:.1f}" if a and b else "–"


def main() -> None:
    """Measure and write `benchmarks/results/sparql.md` and `.json`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, nargs="+", default=[573, 5_000, 20_000])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--evidence", action="store_true")
    parser.add_argument("--limit", type=int, default=60, help="seconds after which a query is stopped")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results" / "sparql.md")
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--triples", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.engine:
        print(json.dumps(measure(given.engine, given.triples, evidence=given.evidence, limit=given.limit)))
        return
    machine = {"Python": platform.python_version(), **{name: version(name) for name in ("rdflib", "oxrdflib", "pyoxigraph")}, "machine": platform.machine()}
    runs = [run(papers, given.shared, evidence=given.evidence, limit=given.limit) for papers in given.papers]
    text = as_markdown(runs, machine)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(text)
    given.output.with_suffix(".json").write_text(json.dumps({"machine": machine, "runs": runs}, indent=1) + "\n")
    print(text)


if __name__ == "__main__":
    main()
