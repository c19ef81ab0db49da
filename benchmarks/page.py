"""The page beside a plain pyvis page of the same graph: `python -m benchmarks.page`.

For each number of nodes in the data, in one run of one browser: time from opening the file to the first picture (the first frame in which the
canvas is not empty), time to answer a search, frames a second while the view moves, size of the file, memory of the script. pyvis's page is
opened with its requests to other hosts refused at once, which is to its advantage.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.build import build_from_statements
from kg.export.page import Choice
from kg.graph import Graph
from kg.records import Entry, Evidence, Place, Statement

SIZES = (500, 2_000, 5_000, 20_000)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-precise-memory-info",
)  # fmt: skip
PAGES = {"kg": None, "pyvis, places given": False, "pyvis, its default": True}
LONGEST = 60_000  # milliseconds until a page counts as one without a picture
COLUMNS = ("nodes", "page", "first picture, s", "search, ms", "frames/s", "file, MB", "memory, MB")

# every frame: is anything drawn yet? looked at in a small copy, so that looking costs little
WATCH = """(() => {
  const small = new OffscreenCanvas(48, 48).getContext('2d', { willReadFrequently: true });
  const look = () => {
    for (const canvas of document.querySelectorAll('canvas')) if (canvas.width && canvas.height) {
      small.clearRect(0, 0, 48, 48);
      small.drawImage(canvas, 0, 0, 48, 48);
      if (small.getImageData(0, 0, 48, 48).data.some((value, i) => i % 4 === 3 && value > 0)) { window.firstPicture = performance.now(); return }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
PAN = """() => new Promise(done => {
  const net = window.kgPage ? kgPage.network : network, from = net.getViewPosition(), start = performance.now();
  let frames = 0;
  const step = now => {
    const t = now - start;
    if (t > 2000) return done(frames / (t / 1000));
    frames += 1;
    net.moveTo({ position: { x: from.x + 200 * Math.sin(t / 200), y: from.y + 120 * Math.cos(t / 300) }, animation: false });
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
SEARCH = """words => new Promise(done => {
  const times = [], query = document.getElementById('query'), next = () => {
    if (!words.length) return done(times);
    const start = performance.now();
    query.value = words.shift();
    query.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => { document.getElementById('found').getBoundingClientRect(); times.push(performance.now() - start); setTimeout(next) });
  };
  next();
})"""


def make_graph(path: Path, papers: int = 16_000) -> None:
    """A graph of made-up papers whose names are as unevenly spread as in real ones: a few in thousands of papers, most in one."""
    build_from_statements(list(_rows(papers)), path)


def _rows(papers: int) -> Iterator[tuple[Entry, tuple[Statement, ...]]]:
    dice = random.Random(7)
    kinds = ("dataset", "benchmark", "technique", "model", "task")
    relations = ("evaluates_on", "trains_on", "uses", "uses", "compares_to", "mentions")
    for number in range(papers):
        field = dice.randrange(12)
        drawn = sorted({int(900 * dice.random() ** 3) + 1000 * field if dice.random() < 0.85 else int(40_000 * dice.random() ** 2) for _ in range(6)})
        names = [f"Name{thing}x" for thing in drawn]
        text = " ".join(f"In this sentence we say, at the length that is usual in abstracts, how the paper stands to {name} and to others." for name in names)
        entry = Entry(f"Paper {number} of field {field}: a title of usual length about one thing", text, Place("made-up", number + 1), year=2015 + number % 10)
        statements = []
        for name, thing in zip(names, drawn, strict=True):
            start = text.index(name)
            begin, end = text.rfind("In this", 0, start), text.index(".", start) + 1
            evidence = Evidence("abstract", begin, end, text[begin:end], start, start + len(name), "made-up", 0.9)
            statements.append(Statement("", name, ((kinds[thing % 5], 0.95),), dice.choice(relations), 0.9, (name,), (), (evidence,)))
        yield entry, tuple(statements)


def measure(browser: Any, path: Path, words: list[str], repeats: int) -> dict[str, float | None]:
    """Medians over several openings of one page; only one where it shows no picture in time."""
    rounds = []
    for _ in range(repeats):
        rounds.append(_measure_once(browser, path, words))
        if rounds[-1]["first"] is None or rounds[-1]["first"] > 10:
            break
    found = {}
    for name in rounds[0]:
        values = [value for row in rounds if (value := row[name]) is not None]
        found[name] = statistics.median(values) if values else None
    return found


def _measure_once(browser: Any, path: Path, words: list[str]) -> dict[str, float | None]:
    from playwright.sync_api import Error

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(("file:", "data:", "blob:")) else route.abort())
    page.add_init_script(WATCH)
    page.set_default_timeout(LONGEST)
    found: dict[str, float | None] = {"first": None, "search": None, "frames": None, "memory": None}
    try:
        page.goto(path.as_uri(), wait_until="commit")
        session = context.new_cdp_session(page)
        found["first"] = _wait_for_picture(session)
        if found["first"] is not None:
            page.wait_for_load_state("load")
            if words:
                found["search"] = statistics.median(page.evaluate(SEARCH, words))
            found["frames"] = page.evaluate(PAN)
            session.send("HeapProfiler.collectGarbage")
            found["memory"] = page.evaluate("performance.memory.usedJSHeapSize / 1e6")
    except Error as error:
        if "imeout" not in str(error):
            raise
    finally:
        context.close()
    return found


def _wait_for_picture(session: Any) -> float | None:
    """Ask from outside, so that a page whose script is busy is waited for, but not for ever."""
    import time

    end = time.monotonic() + LONGEST / 1000
    while time.monotonic() < end:
        answer = session.send("Runtime.evaluate", {"expression": "window.firstPicture || 0", "returnByValue": True})
        if answer["result"].get("value"):
            return float(answer["result"]["value"]) / 1000
        time.sleep(0.05)
    return None


def run(graph_path: Path, sizes: list[int], folder: Path, repeats: int) -> list[dict[str, Any]]:
    """Write the pages, open each, and give a row for each."""
    from playwright.sync_api import sync_playwright

    rows = []
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with Graph(graph_path) as graph, sync_playwright() as playwright:
        words = [name[:4] for (name,) in graph.db.execute("SELECT label FROM node WHERE kind != 'paper' ORDER BY papers DESC, id LIMIT 12")]
        for size in sizes:
            for name, physics in PAGES.items():
                if any(row["page"] == name and row["first"] is None for row in rows):  # no picture of fewer nodes: none of more is waited for
                    rows.append({"nodes": size, "page": name, "first": None, "search": None, "frames": None, "memory": None, "file": None})
                    continue
                path = folder / f"{size}-{name.replace(' ', '-').replace(',', '')}.html"
                if physics is None:
                    graph.write_page(path, Choice(top=size))
                else:
                    path.write_text(graph.to_pyvis(top=size, physics=physics).generate_html(notebook=False), "utf-8")
                # a browser of its own for each, so that none inherits the load of another
                browser = playwright.chromium.launch(executable_path=browser_path, headless=True, args=list(FLAGS))
                found = measure(browser, path, words if physics is None else [], repeats)
                browser.close()
                rows.append({"nodes": size, "page": name, **found, "file": path.stat().st_size / 1e6})
                print(f"  {size:>6} {name}: {found}", flush=True)
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---:|---|" + "---:|" * (len(COLUMNS) - 2)]
    for row in rows:
        first = f"{row['first']:.2f}" if row["first"] is not None else f"none in {LONGEST // 1000}" if row["file"] else "not tried"
        cells = [f"{row['nodes']:,}", row["page"], first] + [
            "–" if row[name] is None else f"{row[name]:.{digits}f}" for name, digits in (("search", 0), ("frames", 0), ("file", 1), ("memory", 0))
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the table, and write it as Markdown and JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", type=Path, help="a graph file with enough nodes; made up where it is not given")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        graph = options.graph or Path(folder) / "made-up.kg"
        if not options.graph:
            make_graph(graph)
        rows = run(graph, options.sizes, Path(folder), options.repeats)
    text = table(rows)
    print("\n" + text)
    options.output.mkdir(parents=True, exist_ok=True)
    load = [round(value, 1) for value in os.getloadavg()]
    about = {"processors": os.cpu_count(), "load at the end": load, "machine": platform.machine(), "system": platform.system(), "python": platform.python_version(), "repeats": options.repeats}
    (options.output / "page.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", "utf-8")
    (options.output / "page.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
