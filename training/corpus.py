"""Labelled and unlabelled papers, and the labels of a paper as marks on its tokens."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kg.extract.document import Document, read_document
from kg.names import title_key
from kg.records import Entry, Paper
from kg.sources.reading import find_files, read_entries

GROUPS = "RTMKZ"  # resource, technique, model, task, what may be left out
LABELS = ("O", *(f"{begin}-{group}" for group in GROUPS for begin in "BI"))
GROUP_OF = {"dataset": "R", "benchmark": "R", "technique": "T", "model": "M", "task": "K"}
FOLDS = 3


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled paper; `source` is the name of its file of labels, `weight` how much it counts."""

    document: Document
    entities: Sequence[dict[str, Any]]
    source: str
    weight: float


def read_papers(path: str) -> Iterator[Paper]:
    """The papers of a file or glob in any format that `kg` reads, one a title."""
    seen = set()
    with tempfile.TemporaryDirectory() as spool:
        for file in find_files([path], Path(spool))[0]:
            for entry in read_entries(file):
                if isinstance(entry, Entry) and title_key(entry.title) not in seen:
                    seen.add(title_key(entry.title))
                    yield Paper(entry.source_id or entry.title, entry.title, entry.abstract)


def read_labelled(pairs: Sequence[str]) -> list[Labelled]:
    """The papers of pairs `TEXTS=LABELS`, `TEXTS=LABELS=odd` or `TEXTS=LABELS=all=WEIGHT`; of equal titles the first counts."""
    found = []
    seen: set[str] = set()
    for pair in pairs:
        texts, labels, *rest = pair.split("=")
        papers = {title_key(paper.title): paper for paper in read_papers(texts)}
        lines = Path(labels).read_text("utf-8").splitlines()[:: 2 if rest[:1] == ["odd"] else 1]
        for record in map(json.loads, lines):
            paper = papers.get(title_key(record["title"]))
            if paper is not None and title_key(paper.title) not in seen:
                seen.add(title_key(paper.title))
                weight = float(rest[1]) if len(rest) > 1 else 1.0
                found.append(Labelled(read_document(paper), record["entities"], Path(labels).stem, weight))
    return found


def read_unlabelled(path: str, labelled: Sequence[Labelled], banned: Sequence[str] = ()) -> list[Paper]:
    """Papers of which no title stands among the labelled ones, nor in one of the `banned` files of labels."""
    titles = {title_key(one.document.paper.title) for one in labelled}
    titles |= {title_key(json.loads(line)["title"]) for file in banned for line in Path(file).read_text("utf-8").splitlines()}
    return [paper for paper in read_papers(path) if title_key(paper.title) not in titles]


def find_surface(text: str, surface: str) -> Iterator[tuple[int, int]]:
    """The places of a surface at word boundaries, a plural s included."""
    at = text.find(surface)
    while at >= 0:
        end = at + len(surface)
        opens = not (at and text[at - 1].isalnum() and surface[0].isalnum())
        if opens and not (end < len(text) and text[end].isalnum() and surface[-1].isalnum()):
            yield at, end
        elif opens and text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalnum():
            yield at, end + 1
        at = text.find(surface, at + 1)


def mark_tokens(one: Labelled) -> tuple[np.ndarray, list[int | None]]:
    """For each token the labels that are right (1) or wrong (0), and the number of the entity that it belongs to."""
    text, document = one.document.text, one.document
    spans = [(a, b, n) for n, e in enumerate(one.entities) for s in e["surfaces"] if s for a, b in find_surface(text, s)]
    marks = np.zeros((len(document.tokens), len(LABELS)), np.float32)
    owner: list[int | None] = [None] * len(document.tokens)
    for a, b, n in sorted(spans, key=lambda span: (span[0] - span[1], span)):  # the longest first
        tokens = [i for i in range(len(owner)) if document.starts[i] < b and document.ends[i] > a]
        if any(owner[i] is not None for i in tokens):
            continue
        entity = one.entities[n]
        groups = ["Z"] if entity.get("optional") else sorted({GROUP_OF[kind] for kind in entity["kind"]})
        for place, i in enumerate(tokens):
            owner[i] = n
            for group in groups:
                marks[i, LABELS.index(f"{'I' if place else 'B'}-{group}")] = 1
    marks[[i for i, n in enumerate(owner) if n is None], 0] = 1
    return marks, owner


def arguments(text: str | None, *names: str) -> argparse.Namespace:
    """The options of a step."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--work", type=Path, required=True, help="folder for what the steps hand on")
    if "papers" in names:
        parser.add_argument("--papers", required=True)
    if "labels" in names:
        parser.add_argument("--labels", nargs="+", required=True, metavar="TEXTS=LABELS")
        parser.add_argument("--banned", nargs="*", default=[], metavar="LABELS", help="labels whose papers no step may see")
    if "start" in names:
        parser.add_argument("--start", type=Path, help="weights of a round before to go on from")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    return options
