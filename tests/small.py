"""A graph that a person can check by hand, written from explicit statements so that it does not depend on how good extraction is.

    Alpha (2021)  introduces CLIP; trains on WebImages; evaluates on ImageNet; addresses image classification; code github.com/alpha/clip
    Beta  (2022)  introduces LLaVA; uses CLIP; evaluates on MathVista, ImageNet; addresses visual question answering; code github.com/beta/llava; cites Alpha
    Gamma (2023)  introduces MathVista; compares to LLaVA; addresses visual question answering; data github.com/gamma/mathvista
    Delta (2024)  introduces LoRAPrune; uses LoRA, CLIP; evaluates on ImageNet, COCO; addresses image classification; promises code
    Omega (2024)  mentions ImageNet; uses LoRA; evaluates on GSM8K; addresses mathematical reasoning
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.build import build_from_statements
from kg.lexicon import Lexicon
from kg.records import Entry, Evidence, Place, Statement

_LINKED = {"has_code": "repository", "has_data": "repository", "has_project": "page"}

PAPERS: tuple[tuple[Entry, tuple[tuple[str, str, str], ...]], ...] = (
    (
        Entry(
            "Alpha: Learning Images from Words", "We introduce CLIP, trained on WebImages. On ImageNet it is good at image classification. "
            "Code is at https://github.com/alpha/clip.", Place("small.jsonl", 1), authors=("Ada Alpha",), year=2021, date="2021-02-01", arxiv_id="2101.00001",
        ),
        (("introduces", "model", "CLIP"), ("trains_on", "dataset", "WebImages"), ("evaluates_on", "dataset", "ImageNet"),
         ("addresses", "task", "image classification"), ("has_code", "repository", "https://github.com/alpha/clip")),
    ),
    (
        Entry(
            "Beta: A Model That Sees", "We introduce LLaVA, built with CLIP. We report MathVista and ImageNet for visual question answering. "
            "See https://github.com/beta/llava.", Place("small.jsonl", 2), authors=("Bob Beta",), year=2022, date="2022-03-01", arxiv_id="2201.00002",
            references=("arXiv:2101.00001",),
        ),
        (("introduces", "model", "LLaVA"), ("uses", "model", "CLIP"), ("evaluates_on", "benchmark", "MathVista"), ("evaluates_on", "dataset", "ImageNet"),
         ("addresses", "task", "visual question answering"), ("has_code", "repository", "https://github.com/beta/llava"), ("cites", "paper", "arXiv:2101.00001")),
    ),
    (
        Entry(
            "Gamma: Measuring Figures", "MathVista is a new benchmark of visual question answering on which LLaVA fails. "
            "Data: https://github.com/gamma/mathvista", Place("small.jsonl", 3), year=2023, date="2023-04-01",
        ),
        (("introduces", "benchmark", "MathVista"), ("compares_to", "model", "LLaVA"), ("addresses", "task", "visual question answering"),
         ("has_data", "repository", "https://github.com/gamma/mathvista")),
    ),
    (
        Entry(
            "Delta: Pruning with Low Rank", "LoRAPrune uses LoRA to prune CLIP for image classification on ImageNet and COCO. Code will be released.",
            Place("small.jsonl", 4), year=2024, date="2024-05-01",
        ),
        (("introduces", "technique", "LoRAPrune"), ("uses", "technique", "LoRA"), ("uses", "model", "CLIP"), ("evaluates_on", "dataset", "ImageNet"),
         ("evaluates_on", "dataset", "COCO"), ("addresses", "task", "image classification")),
    ),
    (
        Entry(
            "Omega: Adding Numbers with Low Rank", "Unlike work on ImageNet, we use LoRA for mathematical reasoning and test on GSM8K.",
            Place("small.jsonl", 5), year=2024, date="2024-06-01",
        ),
        (("mentions", "dataset", "ImageNet"), ("uses", "technique", "LoRA"), ("evaluates_on", "benchmark", "GSM8K"), ("addresses", "task", "mathematical reasoning")),
    ),
)  # fmt: skip


def statement(entry: Entry, relation: str, kind: str, name: str, confidence: float = 0.9) -> Statement:
    """A statement about a name where it first stands in an entry's text."""
    field, text = next((f, t) for f, t in (("references/0", "".join(entry.references)), ("abstract", entry.abstract), ("title", entry.title)) if name in t)
    start = text.index(name)
    sentence = (max(0, text.rfind(". ", 0, start) + 2) if ". " in text[:start] else 0, text.find(". ", start) + 1 or len(text))
    evidence = Evidence(field, *sentence, text[slice(*sentence)], start, start + len(name), "by-hand", confidence)
    return Statement("", name, ((kind, 0.95),), relation, confidence, (name,), (), (evidence,))


def write_rows(rows: Sequence[tuple[Entry, Sequence[Statement]]], path: Path) -> None:
    """Write a graph of papers and what they say; the shipped lexicon has no part in it."""
    build_from_statements([(entry, tuple(said)) for entry, said in rows], path, lexicon=Lexicon(shipped=False))


def write_small_graph(path: Path) -> None:
    """Write the graph of this module's docstring."""
    write_rows([(entry, [statement(entry, *claim) for claim in claims]) for entry, claims in PAPERS], path)
