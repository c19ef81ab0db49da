"""Adding in parts gives what building at once gives, down to every count and reason, though an addition resolves only what it touches."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import kg
from tests.kg.graphs import differences

NAMES = ("CLIP", "LLaVA", "ImageNet", "MathVista", "LoRAPrune", "QuantFormer", "QF", "DataBench-XL", "VQA")


def make_lines(count: int, seed: int) -> list[str]:
    """Papers that share few names in many relations, cite one another, define an acronym in two ways, and give shared addresses."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        a, b, c = draw.sample(NAMES, 3)
        text = f"We introduce {a}{number // 4}, which uses {b} and is evaluated on {c}. We compare to {a} on {b}. "
        text += draw.choice(
            [
                "Quantised Former (QF) is used.",
                "Query Fusion (QF) is trained on ImageNet.",
                "Code: https://github.com/a/b.",
                "Data at http://github.com/a/b.",
                "",
            ]
        )
        references = [f"arXiv:2101.{draw.randrange(count):05}", "Radford 2021"][: draw.randrange(3)]
        made.append(json.dumps({"title": f"{a}{number}: On the use of {b} for {c}, part {number}", "abstract": text, "arxiv_id": f"2101.{number:05}",
                                "authors": [f"A. Author{number % 7}"], "year": 2019 + draw.randrange(4), "references": references}))  # fmt: skip
    return made


def write(path: Path, lines: list[str]) -> str:
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


@pytest.mark.parametrize("seed", range(3))
def test_adding_in_three_parts_is_building_at_once(tmp_path: Path, seed: int) -> None:
    lines = make_lines(60, seed)
    random.Random(seed).shuffle(lines)
    again = [json.dumps({**json.loads(line), "venue": "A Venue"}) for line in lines[:4]]  # known papers that come once more, saying more
    parts = [lines[:30], [*lines[30:58], *again], lines[58:]]
    files = [write(tmp_path / f"{number}.jsonl", part) for number, part in enumerate(parts)]
    kg.build_graph(files, tmp_path / "whole.kg")
    kg.build_graph(files[:1], tmp_path / "parts.kg")
    for file in files[1:]:
        kg.add_sources(tmp_path / "parts.kg", [file])
    assert differences(tmp_path / "whole.kg", tmp_path / "parts.kg") == {}
    with kg.open(tmp_path / "parts.kg") as graph:
        assert graph.check() == []
