"""What is measured of a candidate: a fixed list of named numbers, on which its kind and its truth are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log1p

from kg.extract.candidates import Candidate
from kg.extract.document import Document
from kg.extract.features import shape_of
from kg.extract.mentions import GROUPS, Mention
from kg.extract.phrases import Phrases
from kg.extract.places import sentence_number
from kg.vocabulary import NAMED

_AFTER = {
    "data": "dataset datasets corpus corpora data collection database set sets",
    "bench": "benchmark benchmarks challenge leaderboard suite test track competition",
    "model": "model models llm llms vlm mllm encoder decoder backbone backbones network networks checkpoint transformer architecture architectures family series",
    "method": "method methods algorithm algorithms framework loss approach approaches technique techniques strategy module mechanism pipeline objective",
    "task": "task tasks problem problems",
    "based": "- based",
}
AFTER = {word: name for name, words in _AFTER.items() for word in words.split()}
_BEFORE = {
    "on": "on",
    "in": "in for of to",
    "with": "with using via by through leveraging employ employs use uses adopt",
    "own": "propose introduce present develop proposed introduces called named dubbed termed proposes presents release",
    "like": "as like e.g unlike",
    "open": "( , and or including",
    "the": "the our this a an these",
}
BEFORE = {word: name for name, words in _BEFORE.items() for word in words.split()}
INTRODUCING = frozenset(
    [
        "propose",
        "proposes",
        "introduce",
        "introduces",
        "present",
        "presents",
        "develop",
        "develops",
        "call",
        "called",
        "dub",
        "dubbed",
        "name",
        "named",
        "term",
        "termed",
        "release",
        "releases",
        "construct",
        "build",
        "create",
        "design",
        "contribute",
        "devise",
    ]
)
RULES = ("title-name", "acronym", "tagger", "tagger-weak", "lexicon", "macro")

TRAITS = (
    *(f"max {g}" for g in GROUPS),
    *(f"mean {g}" for g in GROUPS),
    "max total", "mean total", "best weakest", "best begin", "best end", "best product", "best z",
    "mentions", "spellings", "in title", "in title only", "first sentence", "last sentence", "at title start",
    *(f"rule {rule}" for rule in RULES),
    *(f"lexicon {kind}" for kind in NAMED), "lexicon exact", "lexicon word", "lexicon broad", "lexicon meanings", "lexicon in a longer one",
    "tokens", "letters", "all small", "all capitals", "inner capital", "digit", "hyphen", "starts capital", "title case", "long form", "is own", "backslash", "in brackets",
    *(f"after {name}" for name in _AFTER), *(f"before {name}" for name in _BEFORE),
    "introduced near", "we near", "inside total", "inside share", "around total", "around share", "neighbours R", "neighbours T", "neighbours M", "neighbours K",
    *(f"phrase {g}" for g in GROUPS), "phrase none", "phrase seen", "head R", "head T", "head M", "head K", "head Z", "head none", "head seen", "rarest", "commonest",
)  # fmt: skip
PLACE = {name: i for i, name in enumerate(TRAITS)}


def overlap_traits(candidates: Sequence[Candidate]) -> list[list[float]]:
    """For each candidate: the best total of names that hold one of its places, the share of its places held, and the other way round."""
    rows = [[0.0, 0.0, 0.0, 0.0] for _ in candidates]
    flat = sorted(((m.start, -m.end, number, sum(m.mass[:5])) for number, c in enumerate(candidates) for m in c.mentions))
    reach: list[tuple[int, int, int, float]] = []
    for start, minus_end, number, total in flat:
        end = -minus_end
        reach = [r for r in reach if r[1] > start]
        for o_start, o_end, other, o_total in reach:
            if other == number:
                continue
            if o_end >= end and (o_end - o_start) > (end - start):
                rows[number][0] = max(rows[number][0], o_total)
                rows[number][1] += 1
                rows[other][2] = max(rows[other][2], total)
                rows[other][3] += 1
            else:
                rows[number][0] = max(rows[number][0], o_total * 0.5)
                rows[other][0] = max(rows[other][0], total * 0.5)
        reach.append((start, end, number, total))
    for row, candidate in zip(rows, candidates, strict=True):
        row[1] /= len(candidate.mentions)
        row[3] /= len(candidate.mentions)
    return rows


def measure_candidates(document: Document, candidates: Sequence[Candidate], phrases: Phrases) -> list[list[float]]:
    """The traits of each candidate of a document, in the order of TRAITS."""
    overlaps = overlap_traits(candidates)
    rows = []
    by_sentence: dict[int, list[Mention]] = {}
    for candidate in candidates:
        for m in candidate.mentions:
            by_sentence.setdefault(sentence_number(document, m.first), []).append(m)
    for candidate, overlap in zip(candidates, overlaps, strict=True):
        rows.append(_measure(document, candidate, overlap, phrases, by_sentence))
    return rows


def _measure(
    document: Document, candidate: Candidate, overlap: list[float], phrases: Phrases, near: dict[int, list[Mention]]
) -> list[float]:
    ms = candidate.mentions
    count = len(ms)
    groups = range(len(GROUPS))
    best = max(ms, key=lambda m: sum(m.mass[:5]))
    totals = [sum(m.mass[:5]) for m in ms]
    row = [max(m.mass[i] for m in ms) for i in groups] + [sum(m.mass[i] for m in ms) / count for i in groups]
    row += [max(totals), sum(totals) / count, max(m.mass[5] for m in ms), max(m.mass[6] for m in ms), max(m.mass[7] for m in ms)]
    row += [max(m.mass[5] * m.mass[6] * m.mass[7] for m in ms), best.mass[4]]
    text = document.text
    surface = text[best.start : best.end]
    in_title = sum(m.start < document.title_end for m in ms)
    sentences = [sentence_number(document, m.first) for m in ms]
    spellings = {text[m.start : m.end] for m in ms}
    last = len(document.sentences) - 1
    row += [
        log1p(count),
        log1p(len(spellings)),
        float(in_title > 0),
        float(in_title == count),
        sentences[0] / (last + 1),
        float(last in sentences),
        float(ms[0].start < 3),
    ]
    rules = Counter(m.rule for m in ms)
    row += [float(rules[rule] > 0) for rule in RULES]
    row += _lexicon_traits(candidate)
    row += _shape_traits(surface, best, document)
    row += [
        float(bool(candidate.long_form)),
        float(candidate.is_own),
        float("\\" in surface),
        float(best.start > 0 and text[best.start - 1] == "("),
    ]
    row += _context_traits(document, ms, sentences)
    row += overlap
    row += _neighbour_traits(ms, sentences, near)
    row += _phrase_traits(document, candidate, best, phrases)
    return row


def _lexicon_traits(candidate: Candidate) -> list[float]:
    entries = candidate.entries
    hits = [m.hit for m in candidate.mentions if m.hit]
    row = [max((1.0 if e.kinds[0] == kind else 0.5 for e in entries if kind in e.kinds), default=0.0) for kind in NAMED]
    row += [float(any(h.is_exact for h in hits)), float(any(e.is_word for e in entries)), float(any(e.is_broad for e in entries))]
    return [*row, float(len(entries)), float(bool(entries) and len(hits) < len(candidate.mentions))]


def _shape_traits(surface: str, best: Mention, document: Document) -> list[float]:
    shape = shape_of(surface)
    words = surface.split()
    inner = any(c.isupper() for word in words for c in word[1:])
    capitals = sum(word[0].isupper() for word in words)
    return [
        float(best.last - best.first), float(min(len(surface), 60)), float(surface.islower()), float(surface.isupper() and len(surface) > 1),
        float(inner), float("d" in shape), float("-" in surface), float(surface[0].isupper()), capitals / max(1, len(words)),
    ]  # fmt: skip


def _context_traits(document: Document, ms: Sequence[Mention], sentences: list[int]) -> list[float]:
    after: Counter[str] = Counter()
    before: Counter[str] = Counter()
    introduced, we_near = 0.0, 0.0
    tokens = document.tokens
    for m, number in zip(ms, sentences, strict=True):
        first, last = document.sentences[number]
        for at in range(m.last, min(m.last + 2, last)):
            name = AFTER.get(tokens[at].lower())
            if name:
                after[name] += 1
                break
        name = AFTER.get(tokens[m.last - 1].lower())
        if name:
            after[name] += 1
        if m.first > first:
            name = BEFORE.get(tokens[m.first - 1].lower())
            if name:
                before[name] += 1
        for back in range(1, min(12, m.first - first + 1)):
            word = tokens[m.first - back].lower()
            if word in INTRODUCING:
                introduced = max(introduced, 1.0 / back)
            elif word in ("we", "our", "paper", "work"):
                we_near = max(we_near, 1.0 / back)
    n = len(ms)
    return [after[name] / n for name in _AFTER] + [before[name] / n for name in _BEFORE] + [introduced, we_near]


def _neighbour_traits(ms: Sequence[Mention], sentences: list[int], near: dict[int, list[Mention]]) -> list[float]:
    best = [0.0, 0.0, 0.0, 0.0]
    for m, number in zip(ms, sentences, strict=True):
        for other in near[number]:
            gap = other.first - m.last if other.first >= m.last else m.first - other.last
            if 0 < gap <= 3:
                for i in range(4):
                    best[i] = max(best[i], other.mass[i])
    return best


def _phrase_traits(document: Document, candidate: Candidate, best: Mention, phrases: Phrases) -> list[float]:
    counts = next((found for name in candidate.keys if (found := phrases.phrases.get(name))), None)
    row = _shares(counts)
    tokens = [t.lower() for t in document.tokens[best.first : best.last]]
    row += _shares(phrases.heads.get(tokens[-1].rstrip("s")))
    seen = [log1p(phrases.papers.get(t, 0)) for t in tokens if t[:1].isalnum()] or [0.0]
    return [*row, min(seen), max(seen)]


def _shares(counts: Sequence[float] | None) -> list[float]:
    if counts is None:
        return [0.0] * 7
    total = sum(counts)
    return [c / (total + 1.0) for c in counts] + [log1p(total)]
