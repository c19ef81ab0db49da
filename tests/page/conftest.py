"""A real browser, and pages to open in it. Where the gate runs, a missing browser is a failure; on a desk it is a reason to skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from kg.build import build_graph
from kg.export.page import write_page
from kg.graph import Graph

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))


def missing(what: str) -> None:
    """Fail where the gate runs, else skip."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: the page is tested in a real browser")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not path:
        missing("Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield opened
        opened.close()


class Watched:
    """A page that notes what must not happen: requests, errors, words in the console, dialogs."""

    def __init__(self, page: Any) -> None:
        self.page, self.requests, self.told = page, [], []
        page.on("request", lambda r: self.requests.append(r.url) if not r.url.startswith(("file:", "blob:", "data:")) else None)
        page.on("console", lambda m: self.told.append(m.text))
        page.on("pageerror", lambda e: self.told.append(str(e)))
        page.on("dialog", lambda d: (self.told.append(f"dialog {d.message}"), d.dismiss()))

    def number(self, label: str) -> int:
        """The page's number of the entity of this name, whichever of its names is the main one."""
        found: int = self.page.evaluate("name => kgPage.find(name).find(hit => kgPage.graph.nodes.kind[hit.node])?.node ?? -1", label)
        assert found >= 0, label
        return found

    def until(self, condition: str) -> None:
        """Wait until a condition holds in the page."""
        self.page.evaluate(f"() => new Promise(done => {{ const look = () => ({condition}) ? done(null) : requestAnimationFrame(look); look() }})")

    def spot(self, node: int) -> tuple[float, float]:
        """Where a node stands in the window."""
        at = self.page.evaluate(
            "n => { const p = kgPage.onScreen(n), b = document.getElementById('picture').getBoundingClientRect(); return [p.x + b.left, p.y + b.top] }", node
        )
        return at[0], at[1]

    def click(self, node: int, **how: Any) -> None:
        """Click a node with the mouse."""
        self.page.mouse.click(*self.spot(node), **how)

    def panel(self) -> str:
        """What the panel says."""
        text: str = self.page.inner_text("#panel")
        return text


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Watched]]:
    """Open a file as a reader does: `visit(path, "#focus=…", width=390, dark=True)`; at the end nothing must have gone wrong."""
    contexts: list[tuple[Any, Watched]] = []

    def open_page(path: Path, address: str = "", *, width: int = 1440, height: int = 900, dark: bool = False, motion: str = "reduce") -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion=motion, accept_downloads=True
        )
        watched = Watched(context.new_page())
        contexts.append((context, watched))
        watched.page.goto(path.as_uri() + address)
        watched.page.wait_for_selector("html[data-ready]")
        return watched

    yield open_page
    for context, watched in contexts:
        assert watched.requests == []
        assert watched.told == []
        context.close()


def make_page(graph: Path, output: Path, **wishes: Any) -> Path:
    """Write the page of a graph file."""
    with Graph(graph) as opened:
        write_page(opened, output, **wishes)
    return output


@pytest.fixture(scope="session")
def real_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the real listings where they are, else of the sample corpus."""
    graph = tmp_path_factory.mktemp("real") / "real.kg"
    listings = sorted((_SHARED / "seeds").glob("0*.txt"))
    with as_file(files("kg.data") / "sample" / "papers.jsonl") as sample:
        build_graph([str(path) for path in listings or [sample]], graph)
    return graph


@pytest.fixture(scope="session")
def real_page(real_graph: Path) -> Path:
    """The page of that graph."""
    return make_page(real_graph, real_graph.with_name("real.html"), title="The real graph")


@pytest.fixture(scope="session")
def small_page(small_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the graph that a person can check by hand."""
    return make_page(small_path, tmp_path_factory.mktemp("page") / "small.html", title="Small")
