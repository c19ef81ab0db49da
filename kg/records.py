"""The records that pass from stage to stage: frozen, with no behaviour beyond their fields.

Glossary, one word for one idea everywhere:

- *entry*: one paper as one source gives it; *paper*: all entries that are the same paper, made one.
- *surface*: the exact characters that stand in a text; *name*: what the field calls a thing; *key*: a name's form for comparing
  (`kg.names.key`).
- *statement*: one paper, in its own words, names this thing, of these kinds, in this relation; nobody has yet judged what is meant.
- *entity*: what is meant; *edge*: two ids joined by a relation; *evidence*: a place in a paper's text that says so.
- *rule*: the part of extraction that found something; *problem*: what went wrong with the input, as data.
- *lexicon*: the names that ship with the package or that a user adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry was read: `line` counts from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as one source gives it, every text exactly as it stands there.

    `extra` holds the fields that the source gives and we have no place for: pairs of name and JSON text, sorted by name.
    """

    title: str
    abstract: str
    place: Place
    source_id: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    date: str = ""
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """All entries of one paper made one. `id` comes from content: arXiv id, else DOI, else title."""

    id: str
    title: str
    abstract: str
    places: tuple[Place, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    date: str = ""
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a paper that says so: `text[start:end] == quote`, and the name stands at `text[name_start:name_end]`.

    `field` names the text: `title`, `abstract`, `comment` (a field of arXiv) or `references/N` (the N-th reference, from 0). Offsets count characters from 0, end
    exclusive, from the start of the field. `confidence`, in 0..1, is how far this place alone carries the relation.
    """

    field: str
    start: int
    end: int
    quote: str
    name_start: int
    name_end: int
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Statement:
    """What one paper says of one thing, before anyone has compared it with other papers.

    `name` is what this paper calls it: the long form where it gives one, the canonical address of a link, the canonical name where the
    lexicon knows exactly one. `surfaces` are the distinct spellings in this paper, sorted; `aliases` other names that this paper says
    are the same (an acronym that it defines, a macro). `kinds` pairs each kind that the words speak for with a probability; what is
    missing to 1 is the doubt that it is an entity at all. `confidence` is the probability of `relation`, given that it is.
    `evidence` holds at least one place, the best first. `entity` is the id of what is meant, where a source was resolved already and says
    it; the statement is then taken as it stands.
    """

    paper: str
    name: str
    kinds: tuple[tuple[str, float], ...]
    relation: str
    confidence: float
    surfaces: tuple[str, ...]
    aliases: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry that comes with what it says, so that nothing is extracted from it."""

    entry: Entry
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of an entity: how many papers use it, and why it is taken for the same thing."""

    surface: str
    papers: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that papers name. `id` is `kind/slug`; `kinds` has the best supported kind first."""

    id: str
    name: str
    kinds: tuple[str, ...]
    names: tuple[Name, ...] = ()
    papers: int = 0
    confidence: float = 1.0
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A paper or an entity as a row shows it: `label` is a title or a name, `papers` how many papers name it."""

    id: str
    kind: str
    label: str
    papers: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """Two ids joined by a relation. `confidence` is the probability, in 0..1, that it is right; `evidence` holds at least one place."""

    source: str
    relation: str
    target: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the input that a person should know. `line` counts from 1; 0 where no line can be named."""

    code: str
    severity: Severity
    file: str
    line: int
    message: str
