"""The keyboard alone is enough, and screen readers get names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Visit = Callable[..., Any]


def test_from_search_to_evidence_without_a_mouse(visit: Visit, small_page: Path) -> None:
    page = visit(small_page).page
    page.keyboard.press("/")
    page.keyboard.type("clip")
    assert page.get_attribute("#query", "aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == "CLIP"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "why":
            break
    page.keyboard.press("Enter")
    assert page.locator("#panel mark").first.inner_text() == "CLIP"


def test_arrows_walk_enter_opens_and_focuses(visit: Visit, small_page: Path) -> None:
    seen = visit(small_page)
    page = seen.page
    page.focus("#picture")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    said = page.inner_text("#said")
    assert "neighbour" in said
    page.keyboard.press("Enter")
    assert said.startswith(page.inner_text("#panel h2"))
    page.keyboard.press("Enter")
    assert page.evaluate("kgPage.state.view") == "focus"
    page.keyboard.press("w")
    assert page.evaluate("kgPage.state.depth") == 2
    page.keyboard.press("n")
    page.keyboard.press("Backspace")
    seen.until("kgPage.state.depth === 2")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.evaluate("kgPage.state.view") == "overview"


def test_every_arrow_press_stays_in_the_picture_and_can_reach_most_of_it(visit: Visit, small_page: Path) -> None:
    page = visit(small_page).page
    page.focus("#picture")
    reached = set()
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown") * 12:
        page.keyboard.press(key)
        reached.add(page.inner_text("#said"))
    assert len(reached) > 4


def test_keys_for_table_hide_pin_compare_and_help(visit: Visit, small_page: Path) -> None:
    page = visit(small_page).page
    page.keyboard.press("t")
    assert page.is_visible("#table table")
    page.keyboard.press("Escape")
    assert not page.is_visible("#table table")
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("gsm8k")
    page.keyboard.press("Enter")
    page.keyboard.press("p")
    assert page.evaluate("kgPage.state.pinned.size") == 1
    page.keyboard.press("c")
    page.keyboard.press("/")
    page.keyboard.type("coco")
    page.keyboard.press("Enter")
    assert page.evaluate("kgPage.state.chosen.length") == 2
    assert page.locator("#path .to").count() > 2


def test_all_that_can_be_pressed_has_a_name_and_the_focus_shows(visit: Visit, small_page: Path) -> None:
    page = visit(small_page).page
    nameless = page.evaluate("""() => [...document.querySelectorAll('button, input, a, summary, [tabindex="0"]')]
      .filter(e => !(e.textContent || '').trim() && !e.getAttribute('aria-label') && !e.labels?.length && !e.title).map(e => e.outerHTML.slice(0, 80))""")
    assert nameless == []
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert page.get_attribute("#picture", "role") == "application"
    assert page.locator("[aria-live]").count() == 1


def test_reduced_motion_moves_at_once(visit: Visit, small_page: Path) -> None:
    page = visit(small_page, motion="reduce").page
    before = page.evaluate("kgPage.network.getScale()")
    page.focus("#picture")
    page.keyboard.press("+")
    assert page.evaluate("kgPage.network.getScale()") > before * 1.2
