"""Texts that want to be more than text stay text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.build import build_from_statements
from kg.records import Entry, Evidence, Place, Statement
from tests.page.conftest import make_page

TITLES = (
    "</script><script>window.pwned = 1</script>",
    '"><img src=x onerror="window.pwned = 2">',
    "<!-- <script> <!--",
    "' onmouseover='window.pwned=3' x='",
    "${window.pwned = 4} `window.pwned = 5` {{7*7}} $title $graph",
    "javascript:window.pwned=6",
    "\u2028\u2029 \u202eright to left\u202c \x01\x1f",
    "🙂🙂 Emoji 👩‍🔬 before OddNet 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "&lt;b&gt;&amp;&quot;\\\"\\u003c",
    "=HYPERLINK(\"http://example.org\")",
    "__proto__",
    "constructor",
)


def hostile_rows() -> list[tuple[Entry, tuple[Statement, ...]]]:
    rows = []
    for line, title in enumerate(TITLES, 1):
        abstract = f"🙂 <b>{title}</b> We use OddNet 🙂 <script>window.pwned=7</script> with __proto__ and {title}."
        statements = []
        for name in ("OddNet", "__proto__", title):
            start = abstract.index(name)
            place = Evidence("abstract", 0, len(abstract), abstract, start, start + len(name), "by-hand", 0.9)
            statements.append(Statement("", name, (("model", 0.95),), "uses", 0.9, (name,), (), (place,)))
        link = abstract.index("OddNet")
        bad = Evidence("abstract", 0, len(abstract), abstract, link, link + 6, "by-hand", 0.9)
        statements.append(Statement("", "javascript:window.pwned=8", (("page", 1.0),), "has_project", 0.9, ("OddNet",), (), (bad,)))
        rows.append((Entry(title, abstract, Place("<img src=x onerror=pwned()>.jsonl", line), authors=(title,), url=f"javascript:window.pwned=9//{line}", venue=title), tuple(statements)))
    return rows


@pytest.fixture(scope="session")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    build_from_statements(hostile_rows(), folder / "hostile.kg")
    return make_page(folder / "hostile.kg", folder / "hostile.html", title="</title><script>window.pwned=10</script>\"'")


def test_nothing_of_it_runs_wherever_one_looks(visit: Callable[..., Any], hostile_page: Path) -> None:
    seen = visit(hostile_page)
    page = seen.page
    assert page.title() == "</title><script>window.pwned=10</script>\"'"
    assert page.evaluate("document.scripts.length") == 4
    page.keyboard.press("t")
    page.keyboard.press("t")
    for number in page.evaluate("kgPage.picture.spots.map(s => s.n)"):
        seen.click(number)
        for details in page.locator("#panel details").all():
            details.evaluate("e => { e.open = true }")
        for why in page.locator("#panel .why").all()[:3]:
            why.click()
    page.fill("#query", "<script> onerror")
    page.fill("#query", "odd")
    assert page.evaluate("window.pwned") is None
    assert page.locator("#panel img, #panel script, #found img, #table img, #filters img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


def test_titles_are_shown_as_they_are(visit: Callable[..., Any], hostile_page: Path) -> None:
    page = visit(hostile_page).page
    labels = page.evaluate("kgPage.graph.nodes.label")
    assert set(TITLES) <= set(labels)
    page.keyboard.press("t")
    shown = page.locator("#table td:nth-child(2) button").evaluate_all("all => all.map(e => e.textContent)")
    assert set(TITLES) <= set(shown)


def test_quotes_are_cut_where_python_cuts_them(visit: Callable[..., Any], hostile_page: Path) -> None:
    seen = visit(hostile_page)
    seen.click(seen.number("OddNet"))
    for why in seen.page.locator("#panel .why").all():
        why.click()
    marks = seen.page.locator("#panel mark").all_inner_texts()
    assert len(marks) >= len(TITLES)
    assert set(marks) == {"OddNet"}


def test_a_policy_forbids_what_escaping_might_miss(visit: Callable[..., Any], small_page: Path) -> None:
    watched = visit(small_page)
    ran = watched.page.evaluate("""async () => {
      const script = document.createElement('script');
      script.textContent = 'window.pwned = 11';
      document.body.append(script);
      let fetched = true;
      try { await fetch('https://example.org/') } catch { fetched = false }
      return [window.pwned ?? null, fetched];
    }""")
    assert ran == [None, False]
    watched.told.clear()  # the browser says that it refused


def test_a_spreadsheet_gets_no_formula(visit: Callable[..., Any], hostile_page: Path) -> None:
    page = visit(hostile_page).page
    page.click("#save summary")
    with page.expect_download() as download:
        page.click("#save-csv")
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "\n=" not in text
    assert ",=" not in text
