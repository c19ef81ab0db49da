"""What one can do on the page, with the mouse, on a graph that a person can check by hand: see tests/small.py."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Visit = Callable[..., Any]


def names(page: Any) -> set[str]:
    found: list[str] = page.evaluate("kgPage.picture.spots.map(s => kgPage.graph.nodes.label[s.n])")
    return set(found)


def open_group(watched: Any, phrase: str) -> list[str]:
    """The rows of one group of links in the panel."""
    group = watched.page.locator("#panel details.group", has=watched.page.locator("summary", has_text=re.compile(rf"^{phrase}\d")))
    return [row.inner_text() for row in group.locator("li .to").all()]


def test_clicking_a_node_tells_its_links_by_relation(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    seen.click(seen.number("ImageNet"))
    assert seen.page.inner_text("#panel h2") == "ImageNet"
    assert "named by 4 papers" in seen.panel()
    assert sorted(open_group(seen, "evaluated on by")) == ["Alpha", "Beta", "Delta"]
    assert open_group(seen, "mentioned by") == ["Omega"]


def test_a_paper_shows_its_code_and_its_facts(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    seen.click(seen.page.evaluate("kgPage.find('Alpha Learning')[0].node"))
    assert "Ada Alpha" in seen.panel()
    assert "2021" in seen.panel()
    assert seen.page.get_attribute("#panel a[href*='github.com']", "href") == "https://github.com/alpha/clip"
    assert seen.page.get_attribute("#panel a[href*='arxiv.org']", "href") == "https://arxiv.org/abs/2101.00001"
    seen.page.click("#panel details.abstract summary")
    assert "CLIP" in seen.page.locator("#panel .abstract mark").all_inner_texts()


def test_a_link_shows_the_sentence_with_the_name_marked(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    seen.click(seen.number("LoRA"))
    seen.page.locator("#panel .why").first.click()
    quote = seen.page.locator("#panel blockquote").first
    assert quote.locator("mark").inner_text() == "LoRA"
    assert "LoRA" in quote.inner_text()
    assert "by-hand" in quote.inner_text()


def test_clicking_a_line_tells_relation_confidence_and_quotes(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page, "#focus=model/clip&depth=1")
    delta = seen.page.evaluate("kgPage.find('Delta Pruning')[0].node")
    (x1, y1), (x2, y2) = seen.spot(seen.number("CLIP")), seen.spot(delta)
    seen.page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)
    assert "uses" in seen.panel()
    assert "% sure" in seen.panel()
    assert seen.page.locator("#panel mark").all_inner_texts() == ["CLIP"]


def test_search_finds_names_aliases_and_titles_and_the_way_back(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    seen.page.fill("#query", "imagen")
    assert "ImageNet" in seen.page.inner_text("#found")
    seen.page.fill("#query", "learning images words")
    assert seen.page.locator("#found li").first.inner_text().startswith("Alpha: Learning")
    seen.page.fill("#query", "nothing is called so")
    assert "Nothing" in seen.page.inner_text("#found")
    seen.page.fill("#query", "lorap")
    seen.page.press("#query", "Enter")
    assert seen.page.evaluate("kgPage.state.view") == "focus"
    assert names(seen.page) == {"LoRAPrune", "Delta: Pruning with Low Rank"}
    seen.page.click("#back")
    seen.until("kgPage.state.view === 'overview'")
    assert "GSM8K" in names(seen.page)
    assert seen.page.is_disabled("#back")


def test_focus_widens_and_narrows_step_by_step(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    x, y = seen.spot(seen.number("GSM8K"))
    seen.page.mouse.dblclick(x, y)
    first = names(seen.page)
    assert first == {"GSM8K", "Omega: Adding Numbers with Low Rank"}
    seen.page.get_by_role("button", name="Wider").first.click()
    second = names(seen.page)
    assert first | {"ImageNet", "mathematical reasoning"} < second
    assert len(second) == 5
    seen.page.click("#tools >> text=Narrower")
    assert names(seen.page) == first


def test_hide_and_pin(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    seen.click(seen.number("ImageNet"))
    seen.page.click("#panel >> text=Hide")
    assert "ImageNet" not in names(seen.page)
    seen.page.click("#tools >> text=Show 1 hidden")
    assert "ImageNet" in names(seen.page)
    seen.click(seen.number("GSM8K"))
    seen.page.click("#panel >> text=Pin")
    seen.page.fill("#query", "mathvista")
    seen.page.press("#query", "Enter")
    assert "GSM8K" in names(seen.page)


def test_two_nodes_what_they_share_and_the_way_between_them(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    seen.click(seen.number("ImageNet"))
    seen.page.keyboard.down("Shift")
    seen.click(seen.number("LoRA"))
    seen.page.keyboard.up("Shift")
    assert set(seen.page.locator("#shared .to").all_inner_texts()) == {"Delta", "Omega"}
    assert seen.page.locator("#path .to").all_inner_texts()[0] == "ImageNet"
    assert seen.page.locator("#path .to").count() == 3
    seen.page.click("#panel >> text=Draw the two")
    assert len(names(seen.page)) == 4
    far = visit(small_page)
    far.click(far.number("GSM8K"))
    far.page.click("#panel >> text=Compare with")
    far.page.fill("#query", "webimages")
    far.page.press("#query", "Enter")
    assert far.page.locator("#shared .to").count() == 0
    assert far.page.locator("#path .to").all_inner_texts() == ["GSM8K", "Omega", "ImageNet", "Alpha", "WebImages"]


def count_of(page: Any, filter_: str) -> int:
    return int(page.locator(f"label:has([data-filter='{filter_}']) .count").inner_text().replace(",", ""))


def test_filters_by_kind_relation_papers_and_code_and_the_counts_follow(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    assert count_of(seen.page, "kind-paper") == 5
    assert count_of(seen.page, "relation-evaluates_on") == 6
    seen.page.uncheck("[data-filter='kind-benchmark']")
    assert "MathVista" not in names(seen.page)
    assert count_of(seen.page, "relation-evaluates_on") == 4
    seen.page.check("[data-filter='kind-benchmark']")
    seen.page.check("[data-filter='code']")
    assert count_of(seen.page, "kind-paper") == 2
    assert "LoRAPrune" not in names(seen.page)
    seen.page.uncheck("[data-filter='code']")
    seen.page.uncheck("[data-filter='relation-evaluates_on']")
    assert count_of(seen.page, "kind-dataset") == 2
    seen.page.click("text=Reset the filters")
    seen.page.locator("[data-filter='least']").fill("3")
    seen.page.locator("[data-filter='least']").dispatch_event("change")
    assert {"ImageNet", "CLIP"} <= names(seen.page)
    assert not names(seen.page) & {"COCO", "WebImages"}


def test_when_filters_leave_nothing_the_page_says_so(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    for box in seen.page.locator("[data-filter^='kind-']").all():
        box.uncheck()
    assert "leave nothing" in seen.page.inner_text("#empty")
    seen.page.click("#empty button")
    assert len(names(seen.page)) > 10


def test_sources_can_be_left_out(visit: Visit, real_page: Path, real_graph: Path) -> None:
    seen = visit(real_page)
    boxes = seen.page.locator("[data-filter^='source-']")
    if boxes.count() < 2:  # the sample corpus is one file
        assert seen.page.evaluate("kgPage.graph.sources.length") == 1
        return
    papers = count_of(seen.page, "kind-paper")
    own = count_of(seen.page, "source-0")
    boxes.first.uncheck()
    assert papers - own <= count_of(seen.page, "kind-paper") < papers


def test_the_table_sorts_and_is_what_is_in_view(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    seen.page.click("#open-table")
    rows = seen.page.locator("#table tbody tr")
    assert rows.count() == len(names(seen.page))
    seen.page.click("#table th >> text=name")
    cells = [row.locator("td").nth(1).inner_text().lower() for row in rows.all()]
    assert cells == sorted(cells)
    seen.page.click("#table th >> text=name")
    assert [row.locator("td").nth(1).inner_text().lower() for row in rows.all()] == sorted(cells, reverse=True)
    assert seen.page.get_attribute("#table th:nth-child(2)", "aria-sort") == "descending"


def saved(page: Any, button: str) -> tuple[str, bytes]:
    page.click("#save summary")
    with page.expect_download() as download:
        page.click(button)
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_csv_bibtex_and_png_can_be_saved(visit: Visit, small_page: Path) -> None:
    page = visit(small_page).page
    name, data = saved(page, "#save-csv")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert name == "small.csv"
    assert {row["name"] for row in rows} == names(page)
    assert next(row for row in rows if row["name"] == "ImageNet")["papers"] == "4"
    assert next(row for row in rows if row["name"].startswith("Alpha"))["code"] == "https://github.com/alpha/clip"
    name, data = saved(page, "#save-bib")
    text = data.decode()
    assert name == "small.bib"
    assert text.count("@misc{") == 5
    assert "title = {{Alpha: Learning Images from Words}}" in text
    assert "eprint = {2101.00001}" in text
    name, data = saved(page, "#save-png")
    assert name == "small.png"
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(data) > 10_000


def test_the_address_opens_the_same(visit: Visit, real_page: Path) -> None:
    seen = visit(real_page)
    seen.page.uncheck("[data-filter='kind-task']")
    seen.page.fill("#query", seen.page.evaluate("kgPage.graph.nodes.label[kgPage.graph.overview.nodes.find(n => kgPage.graph.nodes.kind[n] !== 0 && kgPage.graph.kinds[kgPage.graph.nodes.kind[n]] !== 'task')]"))
    seen.page.press("#query", "Enter")
    seen.page.click("#nearer")
    seen.until("kgPage.state.camera !== null")
    look = "({ view: kgPage.state.view, focus: kgPage.state.focus, spots: kgPage.picture.spots.map(s => [s.n, s.x, s.y]), chosen: kgPage.state.chosen, off: [...kgPage.state.offKinds], scale: kgPage.network.getScale().toFixed(2) })"
    before, panel, address = seen.page.evaluate(look), seen.panel(), seen.page.evaluate("location.hash")
    other = visit(real_page, address)
    assert other.page.evaluate(look) == before
    assert other.panel() == panel


def test_an_address_that_was_cut_or_mistyped_still_opens(visit: Visit, small_page: Path) -> None:
    for address in ("#focus=model/nobody&depth=9", "#focus=%E0%A4%A", "#pair=model/clip", "#look=a,b,c&papers=x", "#=&&&=", "#line=model/clip,task/nothing"):
        page = visit(small_page, address).page
        assert page.evaluate("kgPage.state.view") == "overview"
        assert len(names(page)) > 10


def test_dragging_the_ground_moves_the_view_and_dragging_a_node_moves_it(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    node = seen.number("ImageNet")
    x, y = seen.spot(node)
    seen.page.mouse.move(x, y)
    seen.page.mouse.down()
    seen.page.mouse.move(x + 60, y + 40, steps=4)
    seen.page.mouse.up()
    moved = seen.spot(node)
    assert abs(moved[0] - x - 60) < 12
    assert abs(moved[1] - y - 40) < 12
