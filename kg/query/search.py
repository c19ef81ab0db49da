"""Papers and entities by words, out of the full-text index, with the place in the text where the words stand."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from kg.names import key as name_key
from kg.query.nodes import read_nodes
from kg.records import Node

_WORD = re.compile(r"\w+")
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')
_SNIPPET = 200
_TITLE_WEIGHT = 6.0
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a paper's text: `text[start:end] == quote`; `marks` holds the spans of the words in it, counted from its start."""

    field: str
    start: int
    end: int
    quote: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A paper or an entity that has the words; `score` compares rows of one answer. An entity's `names` are those that have them."""

    node: Node
    score: float
    snippet: Snippet | None
    names: tuple[str, ...] = ()


def search(db: sqlite3.Connection, text: str, *, kind: str | None = None, limit: int = 0, min_confidence: float = 0.0) -> list[Found]:
    """Papers and entities that have all the words, best first; where none has all, those that have some.

    Args:
        text: Words; "several in quotes" must stand together; a word that ends in * stands for all that begin so.
        kind: Only papers, or only entities of this kind.
        limit: At most so many rows; 0 for all.
        min_confidence: Entities that are less surely things are left out.
    """
    terms = list(_terms(text))
    if not terms:
        return []
    for joined in (" AND ".join(terms), " OR ".join(terms)):
        found = [*_entities(db, joined, text, kind, limit, min_confidence), *_papers(db, joined, text, kind, limit)]
        if found:
            break
    return sorted(found, key=lambda row: (-round(row.score, 9), row.node.id))[: limit or None]


def _terms(text: str) -> Iterator[str]:
    """The parts of a query as the index wants them: each in quotes, so that nothing in it is taken for an operator."""
    for phrase, word in _PHRASE.findall(text):
        words = _WORD.findall(phrase or word)
        if words:
            yield '"' + " ".join(words) + '"' + ("*" if word.endswith("*") else "")


def _entities(db: sqlite3.Connection, query: str, text: str, kind: str | None, limit: int, least: float) -> list[Found]:
    """Entities by their names: one that is called just so first, then those that papers name most."""
    if kind == "paper":
        return []
    rows = db.execute(
        """SELECT w.rowid FROM entity_words w JOIN node n ON n.number = w.rowid JOIN entity e ON e.node = n.number
           WHERE entity_words MATCH ? AND e.confidence >= ? ORDER BY n.papers DESC, n.id LIMIT ?""",
        (query, round(1000 * least), _LOOKED_AT if kind else max(limit, 50)),
    )
    numbers = [number for (number,) in rows]
    wanted = name_key(text.strip('"* '))
    found = []
    for number, node in sorted(read_nodes(db, numbers).items()):
        if kind in (None, node.kind):
            names = _names(db, number, text)
            is_called_so = wanted in {name_key(node.label), *(name_key(name) for name in names)}
            found.append(Found(node, 10.0 * is_called_so + log(1 + node.papers), None, names))
    return found


def _names(db: sqlite3.Connection, entity: int, text: str) -> tuple[str, ...]:
    words = _folded_words(text)
    rows = db.execute("SELECT n.text FROM spelling s JOIN name n ON n.id = s.name WHERE s.entity = ? ORDER BY s.papers DESC, n.text LIMIT 200", (entity,))
    return tuple(name for (name,) in rows if any(_fold(name).find(word) >= 0 for word in words))[:5]


def _papers(db: sqlite3.Connection, query: str, text: str, kind: str | None, limit: int) -> list[Found]:
    if kind not in (None, "paper"):
        return []
    rows = db.execute(
        f"SELECT rowid, bm25(paper_words, {_TITLE_WEIGHT}, 1.0) AS rank FROM paper_words WHERE paper_words MATCH ? ORDER BY rank LIMIT ?", (query, limit or -1)
    ).fetchall()
    nodes = read_nodes(db, (number for number, _ in rows))
    words = _folded_words(text)
    return [Found(nodes[number], -rank, _snippet(db, number, words)) for number, rank in rows]


def _folded_words(text: str) -> list[str]:
    return [_fold(word) for word in _WORD.findall(text)]


def _fold(text: str) -> str:
    """A text without case and accents, as the index compares it."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def _snippet(db: sqlite3.Connection, paper: int, words: Sequence[str]) -> Snippet:
    """The piece of the abstract that has most of the words, or the title where it has more of them."""
    title, abstract = db.execute("SELECT title, abstract FROM paper WHERE node = ?", (paper,)).fetchone()
    in_abstract, in_title = _best_piece("abstract", abstract, words), _best_piece("title", title, words)
    return in_title if _variety(in_title) > _variety(in_abstract) else in_abstract


def _variety(snippet: Snippet) -> int:
    return len({_fold(snippet.quote[start:end]) for start, end in snippet.marks})


def _best_piece(field: str, text: str, words: Sequence[str]) -> Snippet:
    marks = [m.span() for m in _WORD.finditer(text) if any(_fold(m[0]).startswith(word) for word in words)]

    def worth(first: int) -> tuple[int, int]:
        near = [text[a:b].casefold() for a, b in marks if first <= a and b <= first + _SNIPPET]
        return len(set(near)), len(near)

    anchor = max((start for start, _ in marks), key=lambda first: (*worth(first), -first), default=0)
    start = _word_start(text, max(0, anchor - 40))
    end = _word_end(text, min(len(text), start + _SNIPPET))
    inside = tuple((a - start, b - start) for a, b in marks if start <= a and b <= end)
    return Snippet(field, start, end, text[start:end], inside)


def _word_start(text: str, at: int) -> int:
    space = text.rfind(" ", 0, at) + 1
    return space if at - space < 30 else at


def _word_end(text: str, at: int) -> int:
    space = text.find(" ", at)
    return len(text) if space < 0 and len(text) - at < 30 else space if 0 <= space < at + 30 else at
