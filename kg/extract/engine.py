"""From papers to statements: documents, tagger, mentions, candidates, judgement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg.extract.acronyms import find_definitions
from kg.extract.arrays import Numbers
from kg.extract.candidates import group_mentions
from kg.extract.document import Document, read_document
from kg.extract.features import lexicon_flag
from kg.extract.judge import LEAST, Judge, LearnedJudge, RuleJudge
from kg.extract.matcher import Hit, Matcher
from kg.extract.mentions import GROUPS, Marginals, collect_mentions
from kg.extract.references import state_citations, state_links
from kg.extract.tagger import Tagger, read_tagger
from kg.lexicon import Lexicon
from kg.records import Paper, Statement

_CHUNK = 512
_BIAS = 2.0  # how much the weak reading takes from "no name"


def find_flags(document: Document, hits: Sequence[Hit]) -> dict[int, str]:
    """The lexicon's word on each token: `B` or `I`, a stroke where it covers the token in part, and the kinds."""
    flags: dict[int, str] = {}
    number, size = 0, len(document.tokens)
    for hit in hits:
        while number < size and document.ends[number] <= hit.start:
            number += 1
        kinds = tuple(kind for entry in hit.entries for kind in entry.kinds)
        name = lexicon_flag(
            kinds,
            is_exact=hit.is_exact,
            is_word=any(entry.is_word for entry in hit.entries),
            is_broad=all(entry.is_broad for entry in hit.entries),
        )
        at = number
        while at < size and document.starts[at] < hit.end:
            whole = document.starts[at] >= hit.start and document.ends[at] <= hit.end
            flags[at] = ("B" if at == number else "I") + ("" if whole else "/") + name
            at += 1
    return flags


class Extractor:
    """Reads papers and states what they name; the same paper gives the same statements whatever else is read.

    Args:
        lexicon: the names to look for; the shipped ones where none is given.
        learned: whether the tagger and the weights that were learnt from labelled papers are used beside the rules.
    """

    def __init__(self, lexicon: Lexicon | None = None, learned: bool = True) -> None:
        self.lexicon = lexicon if lexicon is not None else Lexicon()
        self._matcher = Matcher(self.lexicon)
        self._tagger: Tagger | None = read_tagger() if learned else None
        self._judge: Judge = LearnedJudge(self._tagger.types) if self._tagger else RuleJudge()

    def extract(self, paper: Paper) -> tuple[Statement, ...]:
        """All statements of one paper."""
        return self.extract_many([paper])[0]

    def consider(self, paper: Paper) -> tuple[Statement, ...]:
        """Statements of every candidate of one paper, also of those that `extract` turns down."""
        return self._extract_chunk([read_document(paper)], least=0.0)[0]

    def extract_many(self, papers: Sequence[Paper]) -> list[tuple[Statement, ...]]:
        """The statements of each of many papers: what `extract` gives, in less time."""
        found: list[tuple[Statement, ...]] = []
        for start in range(0, len(papers), _CHUNK):
            found += self._extract_chunk([read_document(paper) for paper in papers[start : start + _CHUNK]])
        return found

    def use_tagger(self, tagger: Tagger) -> None:
        """Read with another tagger than the one that ships with the package: for training."""
        self._tagger = tagger

    def read(self, documents: Sequence[Document]) -> tuple[list[list[Hit]], list[Marginals], list[list[list[tuple[int, int]]]], Numbers]:
        """What the lexicon and the tagger see: for each document hits, probabilities and readings; and the type of each token."""
        hits = [self._matcher.find(document.text) for document in documents]
        return hits, *self._tag(documents, hits)

    def _extract_chunk(self, documents: list[Document], least: float = LEAST) -> list[tuple[Statement, ...]]:
        hits, masses, readings, types = self.read(documents)
        candidates = []
        for document, found, marginals, reading in zip(documents, hits, masses, readings, strict=True):
            definitions = find_definitions(document.text, document.title_end)
            mentions = collect_mentions(document, marginals, reading, found, definitions)
            candidates.append(group_mentions(document, mentions, definitions))
        named = self._judge.state(documents, candidates, types, least)
        return [
            tuple(sorted((*own, *state_links(document), *state_citations(document)), key=lambda s: (s.name, s.relation, s.surfaces)))
            for document, own in zip(documents, named, strict=True)
        ]

    def _tag(
        self, documents: Sequence[Document], hits: list[list[Hit]]
    ) -> tuple[list[Marginals], list[list[list[tuple[int, int]]]], Numbers]:
        if self._tagger is None:
            return [Marginals.nothing(len(d.tokens)) for d in documents], [[] for _ in documents], np.zeros(0, np.int64)
        sentences: list[tuple[Sequence[str], bool]] = []
        flags: dict[int, str] = {}
        base = 0
        for document, found in zip(documents, hits, strict=True):
            sentences += [(document.tokens[a:b], document.ends[b - 1] <= document.title_end) for a, b in document.sentences]
            flags.update((base + at, flag) for at, flag in find_flags(document, found).items())
            base += len(document.tokens)
        scores, begins, types = self._tagger.emissions(sentences, flags)
        marginals = self._tagger.marginals(scores, begins)
        names = self._tagger.labels
        begin = np.stack([marginals[:, names.index(f"B-{g}")] for g in GROUPS], axis=1)
        inner = np.stack([marginals[:, names.index(f"I-{g}")] for g in GROUPS], axis=1)
        mass, begin_any, inner_any = begin + inner, begin.sum(1), inner.sum(1)
        strict = _find_runs(self._tagger.best(scores, begins), names)
        weak = _find_runs(self._tagger.best(scores, begins, _BIAS), names)
        masses, readings, at = [], [], 0
        for document in documents:
            end = at + len(document.tokens)
            masses.append(Marginals(mass[at:end], begin_any[at:end], inner_any[at:end]))
            readings.append([_cut(strict, at, end), _cut(weak, at, end)])
            at = end
        return masses, readings, types


def _find_runs(labels: Numbers, names: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The first token of each name and the one behind its last."""
    opens = np.array([name[0] == "B" for name in names])[labels]
    inside = np.array([name[0] == "I" for name in names])[labels]
    starts = np.flatnonzero(opens)
    ends = np.append(np.flatnonzero(~inside), len(labels))
    return starts, ends[np.searchsorted(ends, starts + 1)]


def _cut(runs: tuple[Numbers, Numbers], begin: int, end: int) -> list[tuple[int, int]]:
    """The names of one document, whose tokens are `begin:end` of the batch, by its own tokens."""
    starts, ends = runs
    first, last = np.searchsorted(starts, (begin, end))
    return list(zip((starts[first:last] - begin).tolist(), (ends[first:last] - begin).tolist(), strict=True))
