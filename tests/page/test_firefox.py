"""The page opens in Firefox too, which is spoken to by its own remote protocol (Marionette), without any driver."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_START = 60.0


class Firefox:
    """One Marionette session: commands are `length:[0, id, name, parameters]`, answers `length:[1, id, error, result]`."""

    def __init__(self, port: int) -> None:
        self.stream = socket.create_connection(("127.0.0.1", port), timeout=_START)
        self.number = 0
        self._receive()
        self.call("WebDriver:NewSession", {})

    def call(self, name: str, parameters: dict[str, Any]) -> Any:
        """Send one command and give its result."""
        self.number += 1
        data = json.dumps([0, self.number, name, parameters]).encode()
        self.stream.sendall(f"{len(data)}:".encode() + data)
        _, _, error, result = self._receive()
        assert error is None, error
        return result

    def evaluate(self, script: str) -> Any:
        """The value of a script in the page."""
        return self.call("WebDriver:ExecuteScript", {"script": f"return ({script})", "args": [], "sandbox": None})["value"]

    def _receive(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self.stream.recv(1)
        data = b""
        while len(data) < int(length[:-1]):
            data += self.stream.recv(int(length[:-1]) - len(data))
        return json.loads(data)


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    """The system's Firefox in a fresh profile, where it is installed."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if not path:
        pytest.skip("Firefox is not installed; Chromium is what the gate tests in")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n', "utf-8")
    process = subprocess.Popen([path, "--headless", "--no-remote", "--marionette", "--profile", str(profile)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _connect(process, port)
    finally:
        process.terminate()
        process.wait(20)


def _connect(process: subprocess.Popen[bytes], port: int) -> Firefox:
    end = time.monotonic() + _START
    while time.monotonic() < end and process.poll() is None:
        try:
            return Firefox(port)
        except OSError:
            time.sleep(0.2)  # it gives no other sign that it has started
    raise AssertionError("Firefox did not start")


def test_the_page_opens_draws_and_answers_in_firefox(firefox: Firefox, small_page: Path) -> None:
    firefox.call("WebDriver:Navigate", {"url": small_page.as_uri() + "#focus=model/clip&depth=1"})
    assert firefox.evaluate("document.documentElement.dataset.ready") == "yes"
    assert firefox.evaluate("kgPage.picture.spots.length") == 4
    assert firefox.evaluate("kgPage.find('imagen')[0] && kgPage.graph.nodes.label[kgPage.find('imagen')[0].node]") == "ImageNet"
    drawn = """(() => { const c = document.querySelector('#picture canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
      let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n / (c.width * c.height) })()"""
    assert firefox.evaluate(drawn) > 0.005
    assert firefox.evaluate("(document.querySelector('#open-table').click(), document.querySelectorAll('#table tbody tr').length)") == 4
    assert firefox.evaluate("performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length") == 0
