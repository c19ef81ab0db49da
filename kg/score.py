"""Score a graph's papers against labelled ones: precision, recall and F1 by kind, relation accuracy, links.

Papers are matched by title. A predicted entity matches a labelled one when they share a name or a surface, compared without case, punctuation,
plural or class word. An `optional` label counts neither as missed nor as wrong; a second prediction of one label is wrong. The relations of a
match are right when every one that is predicted (`mentions` beside a stronger one aside) is among the labelled ones.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from kg.errors import KgError
from kg.names import title_key
from kg.vocabulary import NAMED, RESOURCES

Record = Mapping[str, Any]
ORDER = (*NAMED, "resource", "all", "edge", "link")
_CLASS_WORD = re.compile(
    r"(?:[\s_-]+(?:datasets?|benchmarks?|corpus|corpora|challenge|models?|tasks?|test sets?|method|framework))+$", re.I
)


class LabelError(KgError):
    """A file of labelled papers that cannot be read."""


@dataclass(slots=True)
class Count:
    """True positives, false positives and false negatives, and what follows from them."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """The share of what was predicted that is right; 0 where nothing was."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """The share of what is labelled that was found; 0 where nothing is."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that the graph has wrong: `verdict` is missed, spurious, repeated, wrong kind or relation."""

    verdict: str
    kind: str
    name: str
    detail: str
    paper: str
    rule: str = ""


@dataclass(slots=True)
class Scores:
    """Counts by kind (and `resource`, `all`, `edge`, `link`), relation accuracy as [right, all] by kind, link roles likewise, and every mistake."""

    papers: int
    missing: list[str]
    found: dict[str, Count] = field(default_factory=lambda: {name: Count() for name in ORDER})
    relations: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    roles: list[int] = field(default_factory=lambda: [0, 0])
    mistakes: list[Mistake] = field(default_factory=list)


def read_labelled(path: str | os.PathLike[str], half: Literal["odd", "even"] | None = None) -> dict[str, Record]:
    """Labelled or predicted papers by title key; a half takes every second line, counted from 1.

    Raises:
        LabelError: Where the file cannot be read as JSON lines with a title in each.
    """
    try:
        papers = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]
        return {title_key(paper["title"]): paper for paper in (papers[{"odd": 0, "even": 1}[half] :: 2] if half else papers)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabelError(f"{path}: not a file of labelled papers, one JSON object with a title on each line: {error}") from error


def score_papers(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> Scores:
    """Compare predictions with labels."""
    scores = Scores(len(gold), [str(paper["title"]) for title, paper in gold.items() if title not in predicted])
    for title, paper in gold.items():
        guess = predicted.get(title, {})
        labels = [_Label(entity) for entity in paper["entities"]]
        for entity in guess.get("entities", []):
            _judge(scores, labels, entity, str(paper["title"]))
        for label in labels:
            if label.hit is None and not label.is_optional:
                _miss(scores, label, str(paper["title"]))
        _judge_links(scores, paper.get("links", []), guess.get("links", []), str(paper["title"]))
    scores.mistakes.sort()
    return scores


class _Label:
    """A labelled entity, and the prediction that found it."""

    def __init__(self, entity: Record) -> None:
        self.name = str(entity["name"])
        self.kinds = _listed(entity["kind"])
        self.merged = {_merged(kind) for kind in self.kinds}
        self.relations = _relations(entity)
        self.stated = _listed(entity["relation"])
        self.keys = _keys(entity)
        self.is_optional = bool(entity.get("optional"))
        self.hit: Record | None = None


def _judge(scores: Scores, labels: Iterable[_Label], entity: Record, title: str) -> None:
    kind = _listed(entity["kind"])[0]
    best = _best_label(labels, kind, _keys(entity))
    rule = str(entity.get("evidence", [{}])[0].get("rule", "")) if entity.get("evidence") else ""
    if best is None:
        verdict = "spurious"
    elif best.is_optional and (best.hit is not None or _merged(kind) not in best.merged):
        return
    elif best.hit is not None:
        verdict = "repeated"
    elif _merged(kind) not in best.merged:
        verdict = "wrong kind"
    else:
        best.hit = entity
        if not best.is_optional:
            _accept(scores, best, kind, entity, title, rule)
        return
    for name in _counted(kind):
        scores.found[name].fp += 1
    scores.mistakes.append(Mistake(verdict, kind, str(entity["name"]), best.name if best else "", title, rule))


def _best_label(labels: Iterable[_Label], kind: str, keys: set[str]) -> _Label | None:
    same = [label for label in labels if label.keys & keys]
    exact = (label for label in same if kind in label.kinds and label.hit is None)
    near = (label for label in same if _merged(kind) in label.merged and label.hit is None)
    return next(exact, None) or next(near, None) or (same[0] if same else None)


def _accept(scores: Scores, label: _Label, kind: str, entity: Record, title: str, rule: str) -> None:
    if kind in label.kinds:
        scores.found[kind].tp += 1
    else:
        scores.found[kind].fp += 1
        scores.found[label.kinds[0]].fn += 1
    if _merged(kind) == "resource":
        scores.found["resource"].tp += 1
    scores.found["all"].tp += 1
    stated = _relations(entity)
    is_right = (stated - {"mentions"} or stated) <= label.relations
    for name in (_merged(kind), "all"):
        scores.relations[name][0] += is_right
        scores.relations[name][1] += 1
    scores.found["edge"].tp += is_right
    if not is_right:
        scores.found["edge"].fp += 1
        scores.found["edge"].fn += 1
        detail = f"{'/'.join(_listed(entity.get('relation', 'mentions')))} for {'/'.join(label.stated)}"
        scores.mistakes.append(Mistake("relation", kind, label.name, detail, title, rule))


def _miss(scores: Scores, label: _Label, title: str) -> None:
    kind = label.kinds[0]
    for name in _counted(kind):
        scores.found[name].fn += 1
    scores.mistakes.append(Mistake("missed", kind, label.name, "/".join(label.stated), title))


def _judge_links(scores: Scores, labelled: Iterable[Record], predicted: Iterable[Record], title: str) -> None:
    left = {_link_key(link["url"]): link for link in labelled}
    for link in predicted:
        match = left.pop(_link_key(link["url"]), None)
        if match is None:
            scores.found["link"].fp += 1
            scores.mistakes.append(Mistake("spurious", "link", link["url"], "", title))
        else:
            scores.found["link"].tp += 1
            scores.roles[0] += bool(set(_listed(link.get("role", "other"))) & set(match["role"]))
            scores.roles[1] += 1
    scores.found["link"].fn += len(left)
    scores.mistakes += [Mistake("missed", "link", link["url"], "", title) for link in left.values()]


def _key(name: str) -> str:
    """The measure's own comparison form, kept apart from `kg.names.key` so that the measure does not move with the product."""
    name = unicodedata.normalize("NFKC", name)
    name = _CLASS_WORD.sub("", name.strip()) or name
    bare = re.sub(r"[\W_]+", "", name.casefold())
    return bare[:-1] if len(bare) > 4 and bare.endswith("s") and not bare.endswith("ss") else bare


def _keys(entity: Record) -> set[str]:
    return {_key(surface) for surface in (entity["name"], *entity.get("surfaces", []))} - {""}


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _merged(kind: str) -> str:
    return "resource" if kind in RESOURCES else kind


def _counted(kind: str) -> set[str]:
    """Under which names a wrong or missed entity counts."""
    return {kind, _merged(kind), "all", "edge"} if kind in RESOURCES else {kind, "all", "edge"}


def _relations(entity: Record) -> set[str]:
    """The relations to compare: for a task, to report results on it is to address it."""
    stated = set(_listed(entity.get("relation", "mentions")))
    return {"addresses" if r == "evaluates_on" else r for r in stated} if "task" in _listed(entity["kind"]) else stated


def _link_key(url: str) -> str:
    url = re.sub(r"^https?://(www\.)?", "", url.strip().rstrip("/.")).removesuffix(".git")
    return re.sub(r"^hf-proxy-[\w.-]+?\.workers\.dev/", "huggingface.co/", url).casefold()


def as_rows(scores: Scores) -> Iterator[tuple[str, float, float, float, int, int, int]]:
    """Rows (what, precision, recall, F1, true positives, false positives, false negatives), rounded to three places."""
    for name in ORDER:
        c = scores.found[name]
        yield name, round(c.precision, 3), round(c.recall, 3), round(c.f1, 3), c.tp, c.fp, c.fn
