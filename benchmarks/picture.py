"""The README's picture: the page of a graph, photographed in Chromium: `make picture`."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from benchmarks.page import FLAGS
from kg.build import build_graph
from kg.graph import Graph

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1480, 860


def take(page_file: Path, output: Path, address: str = "", *, dark: bool = False) -> None:
    """Open a page and save what it shows as PNG."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark" if dark else "light", reduced_motion="reduce")
        page.goto(page_file.as_uri() + address)
        page.wait_for_selector("html[data-ready]")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        output.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=output)
        browser.close()


def main() -> None:
    """Build the graph of the sample corpus, or of the sources that are given, and photograph its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", help="listings; the sample corpus where none is given")
    parser.add_argument("--title", default="A sample of well-known papers")
    parser.add_argument("--at", default="", help="the part of the address after #: what to focus on or to choose")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "page.png")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, as_file(files("kg.data") / "sample" / "papers.jsonl") as sample:
        folder = Path(name)
        build_graph(options.sources or [str(sample)], folder / "graph.kg")
        with Graph(folder / "graph.kg") as graph:
            graph.write_page(folder / "page.html", title=options.title)
        take(folder / "page.html", options.output, f"#{options.at}" if options.at else "")
    print(f"{options.output}: {options.output.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
