"""What a user sees of extraction at work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_a_text_is_explained_with_rule_place_and_verdict(run: Run) -> None:
    text = "We introduce FooNet, a vision transformer, and evaluate it on ImageNet. Code: https://github.com/foo/net."
    rows = json.loads(run("explain", text, "--json").output)["result"]
    found = {row["name"]: row for row in rows if row["verdict"] == "found"}
    assert found["ImageNet"]["relation"] == "evaluates_on"
    assert "rule " in found["ImageNet"]["reason"]
    place = found["ImageNet"]["places"][0]
    assert text[place["name_start"] : place["name_end"]] == "ImageNet"
    assert any(row["kind"] == "repository" for row in rows)


def test_a_paper_of_the_graph_is_explained(run: Run, small_path: Path) -> None:
    done = run("explain", "Delta: Pruning with Low Rank", "--paper", "-g", small_path)
    assert done.exit_code == 0
    assert "ImageNet" in done.output


def test_own_names_and_rules_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Grumblefrotz | benchmark | math | |\n")
    done = run("explain", "We evaluate on Grumblefrotz.", "--lexicon", tmp_path / "names.txt", "--rules-only")
    assert "Grumblefrotz\tbenchmark" in done.output
