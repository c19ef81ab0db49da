"""What one sees: neither blank nor a ball, names that can be read, in every light and width."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import hypot
from pathlib import Path
from typing import Any

import pytest

DRAWN = """() => {
  const canvas = document.querySelector('#picture canvas'), { width, height } = canvas, data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0;
  return drawn / (width * height);
}"""
LABELS = """() => kgPage.shownLabels().map(l => { const p = kgPage.network.canvasToDOM({ x: l.x, y: l.y });
  return { node: l.spot.n, left: p.x + l.left, top: p.y + l.top, right: p.x + l.left + l.w, bottom: p.y + l.top + l.h } })"""
SPOTS = "() => kgPage.picture.spots.map(s => ({ node: s.n, x: s.x, y: s.y, size: kgPage.graph.nodes.size[s.n] }))"


def overlapping(boxes: list[dict[str, float]]) -> list[tuple[float, float]]:
    return [
        (a["node"], b["node"])
        for a, b in combinations(boxes, 2)
        if a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
    ]


def colliding(spots: list[dict[str, float]]) -> list[tuple[float, float]]:
    return [(a["node"], b["node"]) for a, b in combinations(spots, 2) if hypot(a["x"] - b["x"], a["y"] - b["y"]) < a["size"] + b["size"]]


def test_the_overview_is_neither_blank_nor_a_ball(visit: Callable[..., Any], real_page: Path) -> None:
    page = visit(real_page).page
    spots = page.evaluate(SPOTS)
    assert 60 <= len(spots) <= 300
    assert 0.02 < page.evaluate(DRAWN) < 0.7
    assert colliding(spots) == []
    labels = page.evaluate(LABELS)
    assert len(labels) >= 20
    assert overlapping(labels) == []
    wide, high = (max(s[axis] for s in spots) - min(s[axis] for s in spots) for axis in "xy")
    scale = page.evaluate("kgPage.network.getScale()")
    box = page.locator("#picture").bounding_box()
    assert wide * scale > 0.5 * box["width"]
    assert high * scale > 0.4 * box["height"]
    # a ball has most of its nodes in its middle; a picture spreads them over its quarters
    quarters = [sum((s["x"] > 0) == right and (s["y"] > 0) == low for s in spots) for right in (True, False) for low in (True, False)]
    assert min(quarters) > len(spots) / 20


def test_regions_are_named_and_lines_mostly_stay_within_them(visit: Callable[..., Any], real_page: Path) -> None:
    page = visit(real_page).page
    regions = page.evaluate("kgPage.picture.regions.map(r => [r.label, r.spots.length])")
    assert len(regions) >= 3
    assert all(label for label, size in regions if size > 8)
    far = page.evaluate("kgPage.picture.lines.filter(l => l.far).length / kgPage.picture.lines.length")
    assert far < 0.75


@pytest.mark.parametrize("width", [390, 768, 1440, 1920])
def test_every_width_has_its_picture_and_nothing_runs_out(visit: Callable[..., Any], real_page: Path, width: int) -> None:
    page = visit(real_page, width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= 900
    assert page.evaluate(DRAWN) > 0.02
    box = page.locator("#picture").bounding_box()
    outside = page.evaluate("box => kgPage.picture.spots.filter(s => { const p = kgPage.onScreen(s.n); return p.x < 0 || p.y < 0 || p.x > box.width || p.y > box.height }).length", box)
    assert outside == 0


def test_nearer_shows_more_names_and_hides_none(visit: Callable[..., Any], real_page: Path) -> None:
    page = visit(real_page).page
    before = set()
    for _ in range(4):
        shown = {label["node"] for label in page.evaluate(LABELS)}
        assert before <= shown
        assert overlapping(page.evaluate(LABELS)) == []
        before = shown
        page.evaluate("kgPage.network.moveTo({ scale: kgPage.network.getScale() * 1.5, animation: false })")
    assert len(before) > 40


def test_light_and_dark_follow_the_system_and_the_button(visit: Callable[..., Any], small_page: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = visit(small_page).page, visit(small_page, dark=True).page
    assert light.evaluate(ground) != dark.evaluate(ground)
    dark.click("#theme")
    assert light.evaluate(ground) == dark.evaluate(ground)


@pytest.mark.parametrize("dark", [False, True])
def test_marks_stand_out_from_the_ground_and_words_can_be_read(visit: Callable[..., Any], small_page: Path, dark: bool) -> None:
    page = visit(small_page, dark=dark).page
    ratios = page.evaluate("""() => {
      const light = text => { const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b };
      const probe = document.body.appendChild(document.createElement('i'));
      const colour = name => { probe.style.color = `var(--${name})`; return light(getComputedStyle(probe).color) };
      const against = (a, b) => (Math.max(colour(a), colour(b)) + 0.05) / (Math.min(colour(a), colour(b)) + 0.05);
      const all = Object.fromEntries([...kgPage.graph.kinds, 'ink', 'soft', 'regionink'].map(name => [name, against(name, 'ground')]));
      probe.remove();
      return all;
    }""")
    assert {name: ratio for name, ratio in ratios.items() if ratio < 3} == {}
    assert min(ratios["ink"], ratios["soft"]) >= 4.5
    shapes = page.evaluate("[...document.querySelectorAll('#filters svg.kind path')].map(p => p.getAttribute('d'))")
    assert len(set(shapes)) == len(shapes) > 5


def test_focus_keeps_names_and_nodes_apart(visit: Callable[..., Any], real_page: Path) -> None:
    page = visit(real_page).page
    busiest = page.evaluate("[...kgPage.graph.nodes.papers.keys()].sort((a, b) => kgPage.graph.nodes.papers[b] - kgPage.graph.nodes.papers[a]).map(n => kgPage.graph.nodes.id[n])[0]")
    for depth in (1, 2):
        page = visit(real_page, f"#focus={busiest}&depth={depth}").page
        spots = page.evaluate(SPOTS)
        assert 5 < len(spots) <= 180
        assert colliding(spots) == []
        assert overlapping(page.evaluate(LABELS)) == []
