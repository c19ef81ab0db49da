"""Build a graph from the texts of each labelled file, and print what of it is right.

    python -m benchmarks.quality                      the sample that ships with kg, and what lies in ../shared
    python -m benchmarks.quality --shared DIR         labelled files elsewhere: gold/, seeds/, corpora/
    python -m benchmarks.quality --rules-only         without the learnt parts
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.quality.calibration import judge_edges, reliability
from kg.build import Options, build_graph
from kg.export.papers import paper_records
from kg.graph import Graph
from kg.names import title_key
from kg.score import Scores, read_labelled, score_papers

KEPT_ASIDE = Path(__file__).parents[2] / "training" / "kept_aside.jsonl"
_SHOWN = ("resource", "model", "technique", "task", "all", "link", "edge")


def _sets(shared: Path, folder: Path) -> Iterator[tuple[str, Path, list[Path]]]:
    """The labelled files that are there: name, labels, texts; what must be picked out of a larger file is written to a folder."""
    sample = Path(str(files("kg.data"))) / "sample"
    yield "kg's sample", sample / "labels.jsonl", [sample / "papers.jsonl"]
    for name, texts in (("dev", sorted((shared / "seeds").glob("*.txt"))), ("dev_other", [shared / "corpora" / "dev_other.jsonl"])):
        labels = shared / "gold" / f"{name}.jsonl"
        if labels.exists() and texts and all(text.exists() for text in texts):
            yield name, labels, texts
    corpus = shared / "corpora" / "arxiv-20k.jsonl.gz"
    if corpus.exists():
        titles, picked = {title_key(json.loads(line)["title"]) for line in KEPT_ASIDE.read_text("utf-8").splitlines()}, folder / "arxiv.jsonl"
        with gzip.open(corpus, "rt", encoding="utf-8") as lines, picked.open("w", encoding="utf-8") as stream:
            for record in map(json.loads, lines):
                if title_key(record["title"]) in titles:  # the labels are of title and abstract
                    stream.write(json.dumps({name: record[name] for name in ("id", "title", "abstract")}) + "\n")
        yield "arxiv", KEPT_ASIDE, [picked]


def _predict(texts: list[Path], options: Options) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph.kg"
        build_graph([str(text) for text in texts], graph, options=options)
        with Graph(graph) as opened:
            return {title_key(record["title"]): record for record in paper_records(opened)}


def _row(name: str, scores: Scores) -> str:
    cells = [f"{scores.found[what].precision:.3f} {scores.found[what].recall:.3f} {scores.found[what].f1:.3f}" for what in _SHOWN]
    right, count = scores.relations["all"]
    roles = f"{scores.roles[0] / scores.roles[1]:.3f}" if scores.roles[1] else "  -  "
    return f"{name:16}" + "  ".join(cells) + f"  {right / count if count else 0.0:.3f}     {roles}"


def main() -> None:
    """Print one table of figures and one of reliability for each labelled file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where gold/, seeds/ and corpora/ lie")
    parser.add_argument("--rules-only", action="store_true", help="switch off the learnt parts")
    arguments = parser.parse_args()
    print(f"{'P R F1 of':16}" + "  ".join(f"{what:17}" for what in _SHOWN) + "  relation  link role")
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        for name, labels, texts in _sets(arguments.shared, Path(folder)):
            predicted = _predict(texts, Options(learned=not arguments.rules_only))
            halves = [(" odd", "odd"), (" even", "even")] if name.startswith("dev") else [("", None)]
            for suffix, half in halves:
                gold = read_labelled(labels, half)  # type: ignore[arg-type]
                print(_row(name + suffix, score_papers(gold, predicted)), flush=True)
                tables.append((name + suffix, reliability(judge_edges(gold, predicted))))
    for name, (rows, error) in tables:
        print(f"\nconfidence of edges, {name}: expected calibration error {error:.3f}")
        for mean, share, count in rows:
            print(f"  says {mean:.2f}  is {share:.2f}  of {count}")


if __name__ == "__main__":
    main()
