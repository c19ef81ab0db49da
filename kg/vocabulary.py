"""Kinds and relations, and which relation joins what: the one place to add either."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation from a `source` kind to any of the `targets`; `phrase` reads between the two names, `inverse` the other way round.

    `strength` orders relations of one paper and one entity: the strongest that holds is the one to show first.
    """

    name: str
    source: str
    targets: tuple[str, ...]
    phrase: str
    inverse: str
    strength: int


RESOURCES = ("dataset", "benchmark")
NAMED = ("dataset", "benchmark", "technique", "model", "task")  # what papers name in their text
LINKED = ("repository", "page")  # what papers give an address of
KINDS = ("paper", *NAMED, *LINKED)

_RELATIONS = (
    Relation("introduces", "paper", NAMED, "introduces", "introduced by", 9),
    Relation("evaluates_on", "paper", NAMED, "evaluates on", "evaluated on by", 8),
    Relation("trains_on", "paper", NAMED, "trains on", "trained on by", 7),
    Relation("uses", "paper", NAMED, "uses", "used by", 6),
    Relation("compares_to", "paper", NAMED, "compares to", "compared to by", 5),
    Relation("addresses", "paper", ("task",), "addresses", "addressed by", 4),
    Relation("mentions", "paper", NAMED, "mentions", "mentioned by", 1),
    Relation("has_code", "paper", LINKED, "has code at", "code of", 9),
    Relation("has_data", "paper", LINKED, "has data at", "data of", 8),
    Relation("has_model", "paper", LINKED, "has its model at", "model of", 7),
    Relation("has_project", "paper", LINKED, "has its project page at", "project page of", 6),
    Relation("has_demo", "paper", LINKED, "has a demo at", "demo of", 5),
    Relation("links_to", "paper", LINKED, "links to", "linked from", 1),
    Relation("builds_on", "paper", ("paper",), "builds on", "built on by", 3),
    Relation("cites", "paper", ("paper",), "cites", "cited by", 2),
    Relation("variant_of", "entity", NAMED, "is a variant of", "has the variant", 3),
    Relation("part_of", "entity", NAMED, "is part of", "has the part", 2),
    Relation("successor_of", "entity", NAMED, "succeeds", "is succeeded by", 1),
)
RELATIONS = {relation.name: relation for relation in _RELATIONS}
TO_NAMED = tuple(r.name for r in _RELATIONS if r.source == "paper" and r.targets and r.targets[0] in NAMED)
TO_LINKED = tuple(r.name for r in _RELATIONS if r.targets == LINKED)
ROLES = {"has_code": "code", "has_data": "data", "has_model": "model", "has_project": "project", "has_demo": "demo", "links_to": "other"}
