"""Layouts: the same each time, nothing upon another, what is linked near, communities apart."""

from __future__ import annotations

import random
from itertools import combinations
from math import hypot

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.export.layout import Layout, lay_out


def overlaps(layout: Layout, boxes: list[tuple[float, float]]) -> list[tuple[int, int]]:
    return [
        (a, b)
        for a, b in combinations(range(len(boxes)), 2)
        if abs(layout.x[a] - layout.x[b]) < boxes[a][0] + boxes[b][0] and abs(layout.y[a] - layout.y[b]) < boxes[a][1] + boxes[b][1]
    ]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, float]], list[tuple[float, float]]]:
    count = draw(st.integers(1, 20))
    node = st.integers(0, count - 1)
    links = draw(st.lists(st.tuples(node, node, st.floats(0.01, 10)), max_size=40))
    boxes = draw(st.lists(st.tuples(st.floats(1, 60), st.floats(1, 30)), min_size=count, max_size=count))
    return count, links, boxes


@settings(max_examples=12)
@given(graphs())
def test_no_box_lies_on_another_and_all_is_finite(graph: tuple[int, list[tuple[int, int, float]], list[tuple[float, float]]]) -> None:
    count, links, boxes = graph
    layout = lay_out(count, links, boxes)
    assert overlaps(layout, boxes) == []
    assert all(abs(value) < 1e6 for value in (*layout.x, *layout.y))
    assert layout == lay_out(count, links, boxes)


def two_circles() -> tuple[int, list[tuple[int, int, float]]]:
    """Two dense groups of ten, joined by one link."""
    links = [(a + base, b + base, 1.0) for base in (0, 10) for a, b in combinations(range(10), 2) if (a + b) % 3]
    return 20, [*links, (0, 10, 1.0)]


def test_communities_stand_apart() -> None:
    count, links = two_circles()
    layout = lay_out(count, links, [(6, 6)] * count)
    assert sorted(layout.community[:10]) == [layout.community[0]] * 10
    assert layout.community[0] != layout.community[10]
    middle = [(sum(layout.x[i : i + 10]) / 10, sum(layout.y[i : i + 10]) / 10) for i in (0, 10)]
    reach = [max(hypot(layout.x[j] - middle[g][0], layout.y[j] - middle[g][1]) for j in range(10 * g, 10 * g + 10)) for g in (0, 1)]
    assert hypot(middle[0][0] - middle[1][0], middle[0][1] - middle[1][1]) > max(reach)


def test_components_are_packed_beside_one_another_and_not_in_a_row() -> None:
    links = [(3 * i, 3 * i + j, 1.0) for i in range(30) for j in (1, 2)]
    layout = lay_out(90, links, [(6, 6)] * 90, aspect=1.5)
    wide, high = max(layout.x) - min(layout.x), max(layout.y) - min(layout.y)
    assert 0.6 < wide / high < 4


def test_the_order_of_links_does_not_matter() -> None:
    count, links = two_circles()
    shuffled = [(b, a, weight) for a, b, weight in links]
    random.Random(3).shuffle(shuffled)
    assert lay_out(count, links, [(6, 6)] * count) == lay_out(count, shuffled, [(6, 6)] * count)


def test_nothing_is_laid_out_as_nothing_and_the_random_numbers_of_others_go_on() -> None:
    random.seed(5)
    first = random.random()
    random.seed(5)
    assert lay_out(0, [], []) == Layout((), (), ())
    lay_out(3, [(0, 1, 1.0)], [(5, 5)] * 3)
    assert random.random() == first


def test_hundreds_of_lonely_nodes_have_their_places() -> None:
    layout = lay_out(800, [], [(6, 6)] * 800)
    assert len(set(zip(layout.x, layout.y, strict=True))) == 800
