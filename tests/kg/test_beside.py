"""Tables that another process makes beside a graph, out of what is written of it so far."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store.beside import Beside, create_table
from kg.store.connection import replacing
from kg.workers import Workers


@pytest.fixture(params=["here", "by another process"])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    with Workers(2) as found:
        if request.param != "here":
            assert list(found.map(len, ["one"])) == [3]
        yield found


def copy_entities(db: sqlite3.Connection) -> None:
    create_table(db, "broad")
    db.execute("INSERT INTO broad SELECT node FROM entity")


def fail(db: sqlite3.Connection) -> None:
    db.execute("SELECT no_such_column FROM entity")


def test_it_sees_what_was_written_and_indexes_may_be_made_meanwhile(workers: Workers, tmp_path: Path) -> None:
    with replacing(tmp_path / "graph.kg") as (db, scratch):
        db.executemany("INSERT INTO entity VALUES (?, 'task', 900, '', '')", ((number,) for number in range(1, 5001)))
        with Beside(db, workers) as beside:
            made = beside.start(copy_entities)
            db.execute("CREATE INDEX entity_kinds ON entity (kinds)")
            db.execute("INSERT INTO broad VALUES (7000)")
            made.take(["broad"])
            assert list(db.execute("SELECT min(node), max(node), count(*) FROM broad")) == [(1, 5000, 5000)]
        assert [file.name for file in scratch.iterdir()] == ["graph"]


def test_what_fails_there_fails_here_and_leaves_nothing(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no_such_column"), replacing(tmp_path / "graph.kg") as (db, _), Beside(db, workers) as beside:
        beside.start(fail).take(["broad"])
    assert list(tmp_path.iterdir()) == []
