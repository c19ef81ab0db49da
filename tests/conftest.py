"""Fixtures that all tests share, and the promise that no test reaches beyond this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import settings

from kg.graph import Graph
from tests.small import write_small_graph

settings.register_profile("untimed", deadline=None)  # a slow machine fails no test
settings.load_profile("untimed")
_HERE = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse sockets to anywhere but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        local = self.family == socket.AF_UNIX or host == "localhost" or ipaddress.ip_address(host).is_loopback
        if not local:
            raise AssertionError(f"a test wants to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real listings and labelled papers, which stands beside the checkout on the machines of its authors."""
    folder = Path(os.environ.get("KG_SHARED", _HERE.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no real listings at {folder}; KG_SHARED names another place")
    return folder


@pytest.fixture(scope="session")
def small_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a graph that a person can check by hand: see tests/small.py."""
    path = tmp_path_factory.mktemp("small") / "small.kg"
    write_small_graph(path)
    return path


@pytest.fixture
def small(small_path: Path) -> Iterator[Graph]:
    """The small graph, opened."""
    with Graph(small_path) as graph:
        yield graph


@pytest.fixture
def run() -> Any:
    """Run `kg` with arguments in this process: `run("show", "CLIP").exit_code`."""
    from cli.main import main

    def call(*arguments: object, input: str | None = None) -> Any:
        return CliRunner().invoke(main, [str(a) for a in arguments], input=input)

    return call
