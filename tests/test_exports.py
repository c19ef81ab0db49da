"""The folder exports/ holds what `kg demo` writes today, so that it can be looked at before anything is installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main

EXPORTS = Path(__file__).resolve().parent.parent / "exports"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    done = CliRunner().invoke(main, ["demo", "-o", str(folder / "exports"), "-g", str(folder / "demo.kg")])
    assert done.exit_code == 0, done.output
    return folder / "exports"


def test_exports_are_what_the_demo_writes(written: Path) -> None:
    names = sorted(path.name for path in written.iterdir())
    assert names == sorted(path.name for path in EXPORTS.iterdir())
    differing = [name for name in names if (EXPORTS / name).read_bytes() != (written / name).read_bytes()]
    assert differing == [], "`make demo` writes them anew"


def test_exports_are_small() -> None:
    assert sum(path.stat().st_size for path in EXPORTS.iterdir()) < 3_000_000
