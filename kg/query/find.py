"""Find the paper or entity that a name means, or say what comes near."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Sequence

from kg.errors import AmbiguousName, UnknownName
from kg.names import key as name_key
from kg.names import title_key
from kg.records import Node
from kg.vocabulary import KINDS

_NEAR = 6
_DOMINANT = 0.8  # the share of a name's papers that make one of its meanings the one
_LOOKED_AT = 4000


def find_node(db: sqlite3.Connection, name: str, kind: str | None = None) -> int:
    """The number of the node that a name means: an id, an arXiv id or DOI, any name of an entity, or a paper's title or its part before a colon.

    An entity goes before a paper of the same name, and the entity whose main name it is before those of which it is another name.

    Raises:
        UnknownName: Nothing is called so; near names are offered.
        AmbiguousName: Several are.
    """
    for search in (_by_id, _by_main_name, _by_other_name, _by_identity, _by_address, _by_title_start):
        numbers = [n for n in search(db, name) if kind is None or kind in _kinds(db, n)]
        if len(numbers) > 1:
            numbers = _dominant(db, numbers, name)
        if len(numbers) == 1:
            return numbers[0]
        if numbers:
            nodes = sorted((read_node(db, n) for n in numbers), key=lambda node: (-node.papers, node.id))
            raise AmbiguousName(name, [(node.id, node.label) for node in nodes[:20]])
    raise UnknownName(name, near_names(db, name, kind))


def _dominant(db: sqlite3.Connection, numbers: list[int], name: str) -> list[int]:
    """The one entity that most papers mean by a name which a few use for others; else all."""
    marks = ", ".join("?" * len(numbers))
    used = dict(db.execute(
        f"""SELECT s.entity, sum(s.papers) FROM name n JOIN spelling s ON s.name = n.id WHERE n.key = ? AND s.entity IN ({marks})
            GROUP BY s.entity""",
        (name_key(name), *numbers),
    ))  # fmt: skip
    best = max(numbers, key=lambda number: used.get(number, 0))
    return [best] if used and used.get(best, 0) >= _DOMINANT * sum(used.values()) else numbers


def find_paper(db: sqlite3.Connection, name: str) -> int:
    """The number of the paper that a name means: one of its own names, or the name of a thing that exactly one paper introduces.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    try:
        return find_node(db, name, "paper")
    except UnknownName as unknown:
        try:
            thing = find_node(db, name)
        except UnknownName:
            raise unknown from None
        makers = _numbers(db, "SELECT source FROM edge WHERE target = ? AND relation = 'introduces' AND confidence >= 500", thing)
        if len(makers) == 1:
            return makers[0]
        nodes = [read_node(db, number) for number in makers]
        if nodes:
            raise AmbiguousName(name, sorted((node.id, node.label) for node in nodes)) from None
        raise unknown from None


def read_node(db: sqlite3.Connection, number: int) -> Node:
    """The node of a number."""
    return Node(*db.execute("SELECT id, kind, label, papers FROM node WHERE number = ?", (number,)).fetchone())


def _kinds(db: sqlite3.Connection, number: int) -> list[str]:
    kinds = db.execute("SELECT kinds FROM entity WHERE node = ?", (number,)).fetchone()
    return str(kinds[0]).split() if kinds else ["paper"]


def _numbers(db: sqlite3.Connection, query: str, *values: object) -> list[int]:
    return [number for (number,) in db.execute(query, values)]


def _by_id(db: sqlite3.Connection, name: str) -> list[int]:
    return _numbers(db, "SELECT number FROM node WHERE id = ?", name) if "/" in name else []


def _by_main_name(db: sqlite3.Connection, name: str) -> list[int]:
    key = name_key(name)
    near = _numbers(db, "SELECT DISTINCT s.entity FROM name n JOIN spelling s ON s.name = n.id WHERE n.key = ?", key)
    near += _numbers(db, "SELECT number FROM node WHERE kind != 'paper' AND label = ?", name) if not near else []
    return [number for number in near if name_key(read_node(db, number).label) == key]


def _by_other_name(db: sqlite3.Connection, name: str) -> list[int]:
    return _numbers(db, "SELECT DISTINCT s.entity FROM name n JOIN spelling s ON s.name = n.id WHERE n.key = ?", name_key(name))


def _by_identity(db: sqlite3.Connection, name: str) -> list[int]:
    bare = (
        name.strip()
        .casefold()
        .removeprefix("arxiv:")
        .removeprefix("doi:")
        .removeprefix("https://doi.org/")
        .removeprefix("https://arxiv.org/abs/")
    )
    keys = (f"arxiv:{bare}", f"doi:{bare}", f"title:{title_key(name)}")
    found = _numbers(db, "SELECT DISTINCT paper FROM identity WHERE key IN (?, ?, ?)", *keys)
    return found or _numbers(db, "SELECT DISTINCT paper FROM entry WHERE source_id != '' AND source_id = ?", name) if any(c.isdigit() for c in name) else found


def _by_address(db: sqlite3.Connection, name: str) -> list[int]:
    if "." not in name or "/" not in name:
        return []
    bare = name.partition("://")[2] or name
    return _numbers(db, "SELECT number FROM node WHERE id IN (?, ?)", f"repository/{bare.rstrip('/')}", f"page/{bare.rstrip('/')}")


def _by_title_start(db: sqlite3.Connection, name: str) -> list[int]:
    """Papers whose title begins with the name and a colon, or, where there is none, with the name."""
    key = f"title:{title_key(name)}"
    if len(key) < len("title:") + 3:
        return []
    rows = db.execute(
        "SELECT DISTINCT i.paper, p.title FROM identity i JOIN paper p ON p.node = i.paper WHERE i.key >= ? AND i.key < ? LIMIT 200",
        (key, key + "\U0010ffff"),
    ).fetchall()
    before_colon = [number for number, title in rows if title_key(title.partition(":")[0]) == key.removeprefix("title:")]
    return before_colon or [number for number, _ in rows]


def near_names(db: sqlite3.Connection, name: str, kind: str | None = None) -> Sequence[str]:
    """Names of the graph that look like this one, the most alike first."""
    key = name_key(name)
    candidates: dict[str, str] = {}
    for start in {key[:3], key[:2], key[1:4]} if len(key) > 1 else {key}:
        rows = db.execute(
            """SELECT n.key, v.label, v.kind FROM name n JOIN spelling s ON s.name = n.id JOIN node v ON v.number = s.entity
               WHERE n.key >= ? AND n.key < ? LIMIT ?""",
            (start, start + "\U0010ffff", _LOOKED_AT),
        )
        candidates.update({k: label for k, label, found in rows if kind in (None, found)})
    words = " OR ".join(f'"{word}"*' for word in "".join(c if c.isalnum() else " " for c in name).split()[:8])
    if words:
        rows = db.execute(
            "SELECT v.label, v.kind FROM entity_words w JOIN node v ON v.number = w.rowid WHERE entity_words MATCH ? LIMIT 500", (words,)
        )
        candidates.update({name_key(label): label for label, found in rows if kind in (None, found)})
        if kind in (None, "paper"):
            rows = db.execute(
                "SELECT v.label, v.kind FROM paper_words w JOIN node v ON v.number = w.rowid WHERE paper_words MATCH ? ORDER BY rank LIMIT 50",
                (f"title: ({words})",),
            )
            candidates.update({name_key(label.partition(":")[0]): label for label, _ in rows})
    close = difflib.get_close_matches(key, sorted(candidates), n=_NEAR, cutoff=0.55)
    return list(dict.fromkeys(candidates[k] for k in close))


def check_kind(kind: str | None) -> None:
    """Raise ValueError for a kind that the vocabulary has not."""
    if kind is not None and kind not in KINDS:
        raise ValueError(f"no kind {kind!r}; kinds are {', '.join(KINDS)}")


def complete_names(db: sqlite3.Connection, start: str, limit: int = 30) -> list[Node]:
    """Papers and entities whose id, name or title begins so, the most named first."""
    last = "\U0010ffff"
    numbers: set[int] = set()
    if "/" in start:
        numbers.update(_numbers(db, "SELECT number FROM node WHERE id >= ? AND id < ? LIMIT 500", start, start + last))
    key = name_key(start) if start else ""
    spelled = "SELECT DISTINCT s.entity FROM name n JOIN spelling s ON s.name = n.id WHERE n.key >= ? AND n.key < ? LIMIT 2000"
    numbers.update(_numbers(db, spelled, key, key + last))
    title = f"title:{title_key(start)}"
    numbers.update(_numbers(db, "SELECT DISTINCT paper FROM identity WHERE key >= ? AND key < ? LIMIT 200", title, title + last))
    return sorted((read_node(db, number) for number in numbers), key=lambda node: (node.kind == "paper", -node.papers, node.label))[:limit]
