"""From papers to statements: documents, tagger, mentions, candidates, judgement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg.collecting import uncollected
from kg.columns import StatementColumns
from kg.extract.acronyms import find_definitions
from kg.extract.arrays import Numbers
from kg.extract.candidates import group_mentions
from kg.extract.chain import order_tokens
from kg.extract.chunk import Chunk, gather_chunk
from kg.extract.document import Texts, read_documents
from kg.extract.judge import LEAST, Judge, LearnedJudge, RuleJudge
from kg.extract.matcher import Hits, Matcher
from kg.extract.mentions import Marginals, collect_mentions, places_at
from kg.extract.references import find_references
from kg.extract.spellings import Spellings
from kg.extract.tagger import Tagger, read_tagger
from kg.extract.tokens import JOINING
from kg.lexicon import Lexicon
from kg.records import Paper, Statement

_CHUNK = 512
_MOST_SPELLINGS = 100_000  # are remembered
_MARKS = ("B", "B/", "I", "I/")  # the first token of a name, or another; with a stroke where the name covers it in part
# Readings of the tagger: how much each takes from "no name", and whether words that join names ("and", a comma) are kept out of names.
_READINGS = ((0.0, False), (1.0, False), (1.7, True))


class Extractor:
    """Reads papers and states what they name; the same paper gives the same statements whatever else is read.

    Args:
        lexicon: the names to look for; the shipped ones where none is given.
        learned: whether the tagger and the weights that were learnt from labelled papers are used beside the rules.
    """

    def __init__(self, lexicon: Lexicon | None = None, learned: bool = True) -> None:
        with uncollected():
            self.lexicon = lexicon if lexicon is not None else Lexicon()
            self._matcher = Matcher(self.lexicon)
            self._spellings = Spellings()
            self._tagger: Tagger | None = read_tagger() if learned else None
            self._judge: Judge = LearnedJudge(self._tagger.types) if self._tagger else RuleJudge()

    def extract(self, paper: Paper) -> tuple[Statement, ...]:
        """All statements of one paper."""
        return self.extract_many([paper])[0]

    def consider(self, paper: Paper) -> tuple[Statement, ...]:
        """Statements of every candidate of one paper, also of those that `extract` turns down."""
        return self._state_chunk([paper], least=0.0).records([paper])[0]

    def extract_many(self, papers: Sequence[Paper]) -> list[tuple[Statement, ...]]:
        """The statements of each of many papers: what `extract` gives, in less time."""
        with uncollected():
            chunks = [papers[start : start + _CHUNK] for start in range(0, len(papers), _CHUNK)]
            return [own for some in chunks for own in self._state_chunk(some).records(some)]

    def state(self, papers: Sequence[Paper]) -> StatementColumns:
        """What `extract_many` gives, as columns."""
        with uncollected():
            starts = range(0, len(papers), _CHUNK)
            chunks = [self._state_chunk(papers[start : start + _CHUNK]).renumber(range(start, start + _CHUNK)) for start in starts]
            return StatementColumns.join(chunks or [StatementColumns.of(())])

    def use_tagger(self, tagger: Tagger) -> None:
        """Read with another tagger than the one that ships with the package: for training."""
        self._tagger = tagger

    def gather(self, papers: Sequence[Paper]) -> Chunk:
        """The candidates of papers, as the lexicon and the tagger see them."""
        texts = read_documents(papers)
        hits = self._matcher.find_all(texts.text, texts.characters, texts.begins)
        definitions = find_definitions(texts)
        mentions = collect_mentions(texts, *self._tag(texts, hits), hits, definitions)
        if len(self._spellings) > _MOST_SPELLINGS:
            self._spellings = Spellings()
        return gather_chunk(texts, mentions, group_mentions(texts, mentions, definitions, self._spellings))

    def _state_chunk(self, papers: Sequence[Paper], least: float = LEAST) -> StatementColumns:
        chunk = self.gather(papers)
        beside = StatementColumns.of(find_references(chunk.texts))
        return StatementColumns.join([self._judge.state(chunk, least), beside]).sort()

    def _tag(self, texts: Texts, hits: Hits) -> tuple[Marginals, list[tuple[Numbers, Numbers]]]:
        """What the tagger sees: probabilities, and the names of each reading by their first token and the one behind."""
        if self._tagger is None:
            return Marginals.nothing(len(texts.tokens)), []
        flags, flag_names = find_flags(texts, hits)
        number = np.array([0, *map(self._tagger.flag, flag_names)])
        order = order_tokens(texts.sentences)
        scores = self._tagger.emissions(texts, number[flags], order)
        edges = np.append(texts.first_token, np.searchsorted(texts.starts, texts.title_ends))
        nowhere = np.zeros(0, np.int64)
        joining = np.flatnonzero(texts.vocabulary.facts[texts.tokens] & JOINING)
        best = self._tagger.best(order, scores, [(bias, joining if divides else nowhere) for bias, divides in _READINGS])
        runs = [_find_runs(labels, edges) for labels in best]
        return Marginals(self._tagger.marginals(order, scores), order.place), runs


def find_flags(texts: Texts, hits: Hits) -> tuple[Numbers, list[str]]:
    """The lexicon's word on each token: the number of its name, counted from 1, or 0 where it has none; and the names.

    A name is `B` or `I`, a stroke where a name covers the token in part, and the kinds; of two the later counts.
    """
    places = places_at(texts, hits.starts, hits.ends)
    count = places.last - places.first
    which = np.repeat(np.arange(len(count)), count)
    at = np.arange(len(which)) + (places.last - np.cumsum(count))[which]
    is_whole = (texts.starts[at] >= hits.starts[which]) & (texts.stops[at] <= hits.ends[which])
    marks = np.where(at == places.first[which], 0, 2) + np.where(is_whole, 0, 1)
    codes, found = np.unique(hits.numbers[which] * len(_MARKS) + marks, return_inverse=True)
    flags = np.zeros(len(texts.tokens), np.int64)
    flags[at] = found + 1
    return flags, [_MARKS[code % len(_MARKS)] + hits.known[code // len(_MARKS)].flag for code in codes.tolist()]


def _find_runs(labels: Numbers, edges: Numbers) -> tuple[Numbers, Numbers]:
    """The first token of each name and the one behind its last; none goes on behind the end of a title or a document."""
    is_begin = labels & 1 > 0
    inside = np.append((labels > 0) & ~is_begin, False)
    inside[edges] = False
    starts = np.flatnonzero(is_begin)
    ends = np.flatnonzero(~inside)
    return starts, ends[np.searchsorted(ends, starts + 1)]
