"""Where the code is: repositories with their papers and roles, and papers that promise code and give no address."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from kg.query.find import find_node
from kg.query.nodes import per_mille, read_edges, read_nodes
from kg.query.search import Snippet
from kg.records import Edge, Node
from kg.vocabulary import ROLES

# what the index is asked, and what a text must then really say
_PROMISING = '"code" OR "codes" OR "codebase" OR "implementation" OR "source" OR "models" OR "dataset" OR "weights" OR "data"'
_PUBLISHING = '"released" OR "release" OR "available" OR "public" OR "publicly" OR "open" OR "opensource" OR "sourced" OR "github"'
_THING = r"(?:source[ -]?codes?|codes?|codebase|implementations?|scripts|repository|repo)"
_PROMISE = re.compile(
    rf"\b{_THING}\b[^.!?]{{0,80}}?\b(?:(?:will|shall) be\b|(?:is|are|to be|be|been|make|made)\s+(?:\w+\s+)?(?:available|released?|public|open))"
    rf"|\b(?:will|shall|to|plan to|going to)\s+(?:\w+\s+)?(?:release|open[- ]?source|publish|share|make)\b[^.!?]{{0,60}}?\b{_THING}\b"
    rf"|\b(?:we|and)\s+(?:also\s+|publicly\s+|fully\s+)?(?:release|open[- ]?source|publish|share)\b[^.!?]{{0,60}}?\b{_THING}\b",
    re.I,
)
_SHOWN = 50
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A repository or page, in which roles, how many papers give its address, and the first fifty of them with the edges that carry the evidence."""

    node: Node
    roles: tuple[str, ...]
    count: int
    papers: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """A paper that promises code and gives no address of it, with the sentence that does."""

    node: Node
    quote: Snippet


def list_code(
    db: sqlite3.Connection, name: str | None = None, *, roles: Sequence[str] = (), kind: str | None = None, limit: int = 0, min_confidence: float = 0.0
) -> list[CodeRow]:
    """Addresses that papers give, those that most papers give first.

    Args:
        db: An open graph.
        name: Only those of this paper, or of the papers that name this entity.
        roles: Of `code`, `data`, `model`, `project`, `demo`, `other`; empty for all.
        kind: `repository` or `page`; None for both.
        limit: At most so many rows; 0 for all.
        min_confidence: Edges below this do not count.

    Raises:
        UnknownName, AmbiguousName: As `find_node`.
    """
    relations = [relation for relation, role in ROLES.items() if not roles or role in roles]
    edges: dict[int, list[tuple[int, int, str]]] = {}
    for target, source, relation, number in _edges(db, name, relations, per_mille(min_confidence)):
        edges.setdefault(target, []).append((source, number, relation))
    papers = {target: len({source for source, _, _ in rows}) for target, rows in edges.items()}
    nodes = {number: node for number, node in read_nodes(db, edges).items() if kind in (None, node.kind)}
    best = sorted(nodes, key=lambda n: (-papers[n], nodes[n].id))[: limit or None]
    return [_row(db, nodes[n], edges[n], papers[n]) for n in best]


def _edges(db: sqlite3.Connection, name: str | None, relations: Sequence[str], least: int) -> list[tuple[int, int, str, int]]:
    marks = ", ".join("?" * len(relations))
    if name is None:
        is_linked = " OR ".join(f"relation = '{relation}'" for relation in ROLES)  # as its index says it, so that it is used
        query = f"SELECT target, source, relation, id FROM edge WHERE ({is_linked}) AND relation IN ({marks}) AND confidence >= ?"
        return db.execute(query, (*relations, least)).fetchall()
    node = find_node(db, name)
    chosen = "SELECT ?1 UNION SELECT source FROM edge WHERE target = ?1"
    query = f"SELECT target, source, relation, id FROM edge WHERE (source IN ({chosen}) OR target = ?1) AND relation IN ({_quoted()}) AND confidence >= ?2"
    return [row for row in db.execute(query, (node, least)) if row[2] in relations]


def _quoted() -> str:
    return ", ".join(f"'{relation}'" for relation in ROLES)


def _row(db: sqlite3.Connection, node: Node, rows: list[tuple[int, int, str]], count: int) -> CodeRow:
    naming = read_nodes(db, (source for source, _, _ in rows))
    ordered = sorted(rows, key=lambda row: (naming[row[0]].id, row[2]))
    papers = tuple(dict.fromkeys(naming[source] for source, _, _ in ordered))[:_SHOWN]
    shown = {paper.id for paper in papers}
    roles = tuple(sorted({ROLES[relation] for _, _, relation in rows}))
    return CodeRow(node, roles, count, papers, read_edges(db, (number for source, number, _ in ordered if naming[source].id in shown)))


def list_promises(db: sqlite3.Connection, *, limit: int = 0) -> list[Promise]:
    """Papers that say that there is code, or that there will be, and give no address of a repository or page; by id."""
    rows = db.execute(
        f"""SELECT n.number, p.abstract FROM paper_words w JOIN node n ON n.number = w.rowid JOIN paper p ON p.node = n.number
            WHERE paper_words MATCH ? AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.source = n.number AND e.relation IN ({_quoted()})) ORDER BY n.id""",
        (f"abstract: ({_PROMISING}) AND abstract: ({_PUBLISHING})",),
    )
    found = []
    for number, abstract in rows:
        promise = _PROMISE.search(abstract)
        if promise:
            found.append((number, _sentence(abstract, *promise.span())))
            if len(found) == limit:
                break
    nodes = read_nodes(db, (number for number, _ in found))
    return [Promise(nodes[number], quote) for number, quote in found]


def _sentence(text: str, first: int, last: int) -> Snippet:
    """The sentence around a span, as evidence."""
    ends = [m.end() for m in _SENTENCE_END.finditer(text)]
    start = max((end for end in ends if end <= first), default=0)
    start += len(text[start:]) - len(text[start:].lstrip())
    end = min((end for end in ends if end >= last), default=len(text))
    return Snippet("abstract", start, end, text[start:end], ((first - start, last - start),))
