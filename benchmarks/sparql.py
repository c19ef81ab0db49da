"""The example queries through plain rdflib, rdflib over Oxigraph, Oxigraph alone, and through our interface; and through the command.

    python -m benchmarks.sparql                                   graphs of 573, 5,000 and 20,000 papers
    python -m benchmarks.sparql --papers 573 --keep FOLDER        one size; graphs that are in the folder are taken

All have the same triples, with evidence. For each query the engines take turns in one process, and the medians of their processor time count;
every row is read. Plain rdflib is asked three times, or once where it takes long. It is left out of a query where it reaches a limit of processor
time, and of a size where loading reaches another; rdflib's own way of loading into Oxigraph has that limit too, and is then asked over the store of Oxigraph.
The rows must be as many in every engine, or the run fails. Writes benchmarks/results/sparql.md and sparql.json. Nothing here asserts a time.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import resource
import signal
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import psutil

from benchmarks.measuring import Table, machine, middle, run, write_report
from kg.build import build_graph
from kg.export.rdf import write_rdf
from kg.graph import Graph
from kg.ontology import BASE, NAMESPACES, data_prefixes
from kg.sparql.examples import read_examples
from kg.sparql.store import find_store

SHARED = Path(__file__).resolve().parents[2] / "shared"
LISTINGS = 573  # papers of the five listings
PLAIN, OVER, ALONE, OURS = ENGINES = ("rdflib in memory", "rdflib over Oxigraph", "Oxigraph alone", "ours")
# those whose pattern holds two papers
JOINS = {"builds-on", "introduced-and-used", "shared-by-two-papers"}
_PREFIXES = NAMESPACES | data_prefixes(BASE)

Ask = Callable[[str], list[Any]]


def make_graph(papers: int, shared: Path, folder: Path) -> Path:
    """A graph of so many papers: the listings where that is how many they have, else the first of the arXiv records."""
    target = folder / f"{papers}.kg"
    if target.exists():
        return target
    if papers == LISTINGS:
        build_graph([str(path) for path in sorted((shared / "seeds").glob("0*.txt"))], target)
    else:
        source = folder / f"{papers}.jsonl"
        with gzip.open(shared / "corpora" / "arxiv-20k.jsonl.gz", "rt") as lines:
            source.write_text("".join(islice(lines, papers)))
        build_graph([str(source)], target)
    return target


def load(engine: str, source: Path, store: Path, limit: int) -> None:
    """Make the store of one engine: ours from the graph file, the others from N-Triples; rdflib dies at its limit of processor seconds."""
    import pyoxigraph

    if engine == OURS:
        find_store(source)
    elif engine == ALONE:
        made = pyoxigraph.Store(str(store))
        made.bulk_load(path=str(source), format=pyoxigraph.RdfFormat.N_TRIPLES)
        made.optimize()
        made.flush()
    else:
        import rdflib

        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        graph = rdflib.Graph("Oxigraph", identifier=rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
        graph.open(str(store), create=True)
        graph.parse(source, format="ox-nt")
        graph.close()


def open_engines(graph: Path, over: Path, alone: Path) -> dict[str, Ask]:
    """How to ask each engine that has Oxigraph in it."""
    import pyoxigraph
    import rdflib
    from oxrdflib import OxigraphStore

    own = pyoxigraph.Store.read_only(str(alone))
    interface = Graph(graph).to_rdflib()
    plain = rdflib.Graph(OxigraphStore(store=pyoxigraph.Store.read_only(str(over))), identifier=rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    for prefix, namespace in _PREFIXES.items():
        plain.bind(prefix, namespace, replace=True)
    return {
        OVER: lambda query: [list(row) for row in plain.query(query)],
        ALONE: lambda query: [[term and term.value for term in row] for row in own.query(query, prefixes=_PREFIXES)],  # type: ignore[arg-type, union-attr]
        OURS: lambda query: [list(row) for row in interface.query(query)],
    }


def take_turns(engines: dict[str, Ask], query: str, rounds: int) -> tuple[dict[str, float], int]:
    """Milliseconds of the processor for each engine, the median of all rounds but the first; and the number of rows."""
    taken: dict[str, list[float]] = {name: [] for name in engines}
    rows = set()
    for number in range(rounds + 1):
        for name, ask in engines.items():
            start = time.thread_time()
            rows.add(len(ask(query)))
            if number:
                taken[name].append(1000 * (time.thread_time() - start))
    if len(rows) > 1:
        raise SystemExit(f"the engines differ in rows: {rows}: {query}")
    return {name: median(times) for name, times in taken.items()}, rows.pop()


class PlainRdflib:
    """A graph in rdflib's own memory, and what loading it took; none where that reached its limit."""

    def __init__(self, triples: Path, limit: float, load_limit: float) -> None:
        import rdflib

        signal.signal(signal.SIGPROF, _stop)
        held, start, begin = psutil.Process().memory_info().rss, time.perf_counter(), time.process_time()
        self._limit, self._graph = limit, rdflib.Graph()
        self.is_loaded = True
        try:
            signal.setitimer(signal.ITIMER_PROF, load_limit)
            self._graph.parse(triples, format="nt")
        except TimeoutError:
            self._graph, self.is_loaded = rdflib.Graph(), False
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        self.wall, self.cpu = time.perf_counter() - start, time.process_time() - begin
        self.memory = (psutil.Process().memory_info().rss - held) / 1e6
        gc.freeze()  # its millions of objects are not to be looked through while the others are asked

    def ask(self, query: str, rows: int) -> float | None:
        """Milliseconds of the processor; None where the limit was reached."""
        taken: list[float] = []
        try:
            signal.setitimer(signal.ITIMER_PROF, self._limit)
            while len(taken) < 3 and sum(taken) < 2000:
                start = time.thread_time()
                found = len(list(self._graph.query(query, initNs=_PREFIXES)))
                taken.append(1000 * (time.thread_time() - start))
        except TimeoutError:
            return median(taken) if taken else None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if found != rows:
            raise SystemExit(f"rdflib has {found} rows, Oxigraph {rows}: {query}")
        return median(taken)


def _stop(*_: object) -> None:
    raise TimeoutError


def measure(papers: int, folder: Path, options: argparse.Namespace) -> list[Table]:
    """All tables for one size."""
    graph = make_graph(papers, options.shared, folder)
    triples = folder / f"{papers}.nt"
    with Graph(graph) as opened:
        count = write_rdf(opened, triples).triples
    loads = Table(f"{papers:,} papers, {count:,} triples ({triples.stat().st_size / 1e6:,.0f} MB of N-Triples): loading", ("into", "seconds", "processor seconds", "memory, MB", "on disk, MB"))
    stores = {name: folder / f"{papers}.{name.split()[0]}" for name in (OVER, ALONE)}
    for name in (OVER, ALONE, OURS):
        source = graph if name == OURS else triples
        what = f"{name}, {'from the graph file' if name == OURS else 'from N-Triples'}"
        try:
            taken = run(["-m", "benchmarks.sparql", "--load-limit", str(options.load_limit), "--load", name, source, stores.get(name, source)])
        except RuntimeError:
            loads.rows.append((what, "-", f"> {options.load_limit}", "-", "-"))
            stores[name] = stores[ALONE]
            continue
        size = sum(file.stat().st_size for file in stores.get(name, folder / f"{graph.name}.rdf").rglob("*") if file.is_file())
        loads.rows.append((what, taken.wall, taken.cpu, taken.memory, size / 1e6))
    plain = PlainRdflib(triples, options.limit, options.load_limit)
    figures = (plain.wall, plain.cpu, plain.memory) if plain.is_loaded else ("-", f"> {options.load_limit}", "-")
    loads.rows.append((f"{PLAIN}, from N-Triples", *figures, "-"))
    return [loads, *_ask(papers, graph, open_engines(graph, stores[OVER], stores[ALONE]), plain, options)]


def _ask(papers: int, graph: Path, engines: dict[str, Ask], plain: PlainRdflib, options: argparse.Namespace) -> list[Table]:
    queries = Table(f"{papers:,} papers: milliseconds of the processor", ("query", "rows", *ENGINES, "ours : Oxigraph", "rdflib : ours"))
    fresh = Table(f"{papers:,} papers: `kg sparql --example`, a fresh process, the store being there", ("example", "seconds", "processor seconds"))
    ratios, joins, sums = [], [], dict.fromkeys(engines, 0.0)
    for example in read_examples():
        taken, rows = take_turns(engines, example.query, options.rounds)
        slow = plain.ask(example.query, rows) if plain.is_loaded else None
        is_join = example.name in JOINS
        ratios.append(taken[OURS] / taken[ALONE])
        joins += [slow / taken[OURS]] if slow and is_join else []
        sums = {name: sums[name] + taken[name] for name in sums}
        name = example.name + (" (papers with papers)" if is_join else "")
        least = f"> {1000 * options.limit:,.0f}" if plain.is_loaded else "not loaded"
        more = slow / taken[OURS] if slow else f"> {1000 * options.limit / taken[OURS]:,.0f}" if plain.is_loaded else "-"
        queries.rows.append((name, rows, slow or least, taken[OVER], taken[ALONE], taken[OURS], ratios[-1], more))
        command = middle(["-m", "cli", "sparql", "-g", graph, "--example", example.name], options.times)
        fresh.rows.append((example.name, command.wall, command.cpu))
    queries.note = f"Ours : Oxigraph alone: {sums[OURS] / sums[ALONE]:.2f} in all, {geometric_mean(ratios):.2f} as the geometric mean, {max(ratios):.2f} at most."
    if joins:
        queries.note += f" Plain rdflib : ours where papers are joined with papers: {min(joins):.0f} at least, {geometric_mean(joins):.0f} as the geometric mean."
    fresh.note = f"The slowest: {max(row[1] for row in fresh.rows):.2f} s; the median of {options.times} runs each."
    return [queries, fresh]


def main() -> None:
    """Measure and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, nargs="+", default=[LISTINGS, 5_000, 20_000])
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder with seeds/ and corpora/")
    parser.add_argument("--keep", type=Path, help="a folder for graphs and stores")
    parser.add_argument("--limit", type=float, default=5, help="processor seconds after which plain rdflib is stopped")
    parser.add_argument("--load-limit", type=int, default=60, help="processor seconds after which rdflib's loading is stopped")
    parser.add_argument("--rounds", type=int, default=9, help="how often each engine is asked")
    parser.add_argument("--times", type=int, default=3, help="how often the command is run")
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).parent / "results" / "sparql")
    parser.add_argument("--load", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load:
        load(options.load[0], Path(options.load[1]), Path(options.load[2]), options.load_limit)
        return
    about, tables = machine(), []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for papers in options.papers:
            for table in measure(papers, folder, options):
                tables.append(table)
                print(table.markdown(), flush=True)
            write_report(tables, about, options.output)


if __name__ == "__main__":
    main()
