"""The README's picture: the page of a graph, photographed in Chromium: `make picture`."""

from __future__ import annotations

import argparse
import base64
import shutil
import struct
import tempfile
import zlib
from importlib.resources import as_file, files
from pathlib import Path

from benchmarks.page import FLAGS
from kg.build import build_graph
from kg.graph import Graph

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1440, 860
_PIXELS = """async png => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const ctx = new OffscreenCanvas(image.width, image.height).getContext('2d');
  ctx.drawImage(image, 0, 0);
  const data = ctx.getImageData(0, 0, image.width, image.height).data;
  let text = '';
  for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
  return btoa(text);
}"""


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
        png = base64.b64encode(page.screenshot()).decode()
        # another page, since the graph's own lets nothing be fetched, not even data
        pixels = base64.b64decode(browser.new_page().evaluate(_PIXELS, png))
        browser.close()
    output.write_bytes(encode_png(pixels, WIDTH, HEIGHT))


def encode_png(pixels: bytes, width: int, height: int) -> bytes:
    """RGBA pixels as a PNG of at most 256 colours: a third of the size, and no difference that one sees."""
    import numpy as np

    exact = np.frombuffer(pixels, dtype=np.uint8).reshape(-1, 4)[:, :3].astype(int)
    _, which, counts = np.unique((exact + 4) // 9 @ np.array([1 << 16, 1 << 8, 1]), return_inverse=True, return_counts=True)
    # each cell of near colours is drawn as their mean, grounds and inks as they are: they are nearly all of their cell
    colours = np.stack([np.bincount(which, exact[:, i]) / counts for i in (0, 1, 2)], axis=1).round().astype(int)
    kept = np.argsort(-counts, kind="stable")[:256]
    nearest = ((colours[:, None] - colours[None, kept]) ** 2).sum(axis=2).argmin(axis=1)
    rows = nearest[which].astype(np.uint8).reshape(height, width)
    lines = np.concatenate([np.zeros((height, 1), dtype=np.uint8), rows], axis=1)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = colours[kept].astype(np.uint8).tobytes()
    body = zlib.compress(lines.tobytes(), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"PLTE", palette) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


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
