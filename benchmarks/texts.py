"""Texts to measure on: real ones where they are, and any number of different papers recombined from their sentences and names.

    python -m benchmarks.texts 60000 -o papers.jsonl

A paper of the generator is a title of two halves, some sentences of other papers, and a cast of names in the places where those
sentences had names: its own, and others drawn with Zipf frequencies from the lexicon, the texts and coined names, so that a few names
stand in many thousands of papers and most in one. Paper N is the same on every machine and whatever is generated beside it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from kg.extract.matcher import Matcher
from kg.lexicon import Lexicon
from kg.records import Evidence, Statement
from kg.statements import to_json

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
_POOL = {"resource": 20_000, "technique": 30_000, "model": 20_000, "task": 4_000}
_EXPONENT = 0.8
_GROUP = {"dataset": "resource", "benchmark": "resource", "technique": "technique", "model": "model", "task": "task"}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_SHAPE = re.compile(r"\b[A-Z][\w-]*[a-z0-9-][A-Z][\w-]*\b")
_HALVES = re.compile(r"\s(?=(?:for|with|via|in|on|from|of|through|using|by|under|towards?)\s)")
_SYLLABLES = ["ba", "co", "di", "fu", "ga", "hi", "jo", "ku", "la", "me", "no", "pi", "qua", "ra", "se", "ti", "vo", "wa", "xe", "yu", "zen", "bri", "cla", "dro", "fle", "gri", "kno", "pla", "que", "sta", "tri", "vra", "be", "da", "fo", "go", "he", "ja", "ki", "lu", "mo", "na", "pe", "ri", "sa", "to", "vi", "we", "ya", "za", "blo", "cre", "dra", "fli", "gla", "kle", "pro", "sla", "tru"]
_ENDS = (
    "Net",
    "Former",
    "Bench",
    "QA",
    "Mix",
    "Flow",
    "Eval",
    "Gen",
    "RL",
    "Diff",
    "GPT",
    "ViT",
    "Set",
    "Prune",
    "Nav",
    "SLAM",
    "Rec",
    "LM",
    "3D",
    "",
)
_CATEGORIES = ("cs.CL", "cs.CV", "cs.LG", "cs.AI", "cs.RO", "cs.IR", "eess.AS", "stat.ML")


def real_records(limit: int | None = None) -> list[dict[str, Any]]:
    """Real papers: 20,000 arXiv records where they stand beside the checkout, else the package's sample."""
    corpus = SHARED / "corpora" / "arxiv-20k.jsonl.gz"
    if corpus.exists():
        with gzip.open(corpus, "rt", encoding="utf-8") as stream:
            return [json.loads(line) for line, _ in zip(stream, range(limit or 10**9), strict=False)]
    sample = (files("kg.data") / "sample" / "papers.jsonl").read_text("utf-8")
    return [json.loads(line) for line in sample.splitlines()][:limit]


Sentence = tuple[str, list[tuple[int, int, str]]]
"""A text, and its names: start, end, group."""


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence cut at its names: a text, then a slot, then a text, ...

    A slot holds a group of kinds, or `own`, and the name that always stands there: what everybody names, such as "LLMs", stays.
    """

    parts: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]

    def fill(self, cast: Cast) -> Sentence:
        """The sentence with the names of a paper, and where they stand."""
        text, named = self.parts[0], []
        for (group, kept), part in zip(self.slots, self.parts[1:], strict=True):
            name = kept or cast.name(group)
            named.append((len(text), len(text) + len(name), group))
            text += name + part
        return text, named


class Cast:
    """The names of one paper, drawn when they are first needed, and then mostly those again."""

    def __init__(self, generator: Generator, draw: Random, own: str) -> None:
        self._generator, self._draw, self._own = generator, draw, own
        self._held: dict[str, list[str]] = {}

    def name(self, group: str) -> str:
        """A name for a slot."""
        if group == "own":
            return self._own or self.name("model")
        held = self._held.setdefault(group, [])
        if held and self._draw.random() < 0.35:
            return held[int(self._draw.random() * len(held))]
        held.append(self._generator.draw_name(group, self._draw))
        return held[-1]


def coin_name(number: int) -> str:
    """A name that nothing is called, another one for each number below 2**27.

    >>> coin_name(7), coin_name(8)
    ('RaBenacoFormer', 'MoFliklecoMix')
    """
    number = number * 1_000_003 % 2**27  # neighbours look different
    number, end = divmod(number, len(_ENDS))
    syllables: list[str] = []
    while number or len(syllables) < 2:
        number, which = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[which])
    return syllables[0].capitalize() + "".join(syllables[1:]).capitalize() + _ENDS[end]


_INTRODUCING = Template(("We introduce ", ", built on ", " and evaluated on ", "."), (("own", ""), ("technique", ""), ("resource", "")))


class Generator:
    """Makes papers out of real ones; `paper(n)` depends on `n` alone."""

    def __init__(self, records: Sequence[dict[str, Any]], seed: int = 0) -> None:
        self._seed = seed
        self._records = records
        self._matcher = Matcher(Lexicon())

    @cached_property
    def _texts(self) -> tuple[list[Template], list[Template], list[Template]]:
        """Opening, middle and closing sentences."""
        opening: list[Template] = []
        middle: list[Template] = []
        closing: list[Template] = []
        for record in self._records:
            sentences = [s for s in _SENTENCE.split(" ".join(str(record["abstract"]).split())) if 20 < len(s) < 500]
            own = self._own_name(record)
            cut = [self._cut(sentence, own) for sentence in sentences]
            opening += cut[:2]
            middle += cut[2:-1]
            closing += cut[2:][-1:]
        return opening, middle, closing

    @cached_property
    def _titles(self) -> tuple[list[str], list[str]]:
        """First and second halves of titles."""
        first, second = [], []
        for record in self._records:
            title = " ".join(str(record["title"]).split())
            halves = _HALVES.split(title.partition(": ")[2] or title, maxsplit=1)
            if len(halves) == 2:
                first.append(halves[0])
                second.append(halves[1])
        return first, second

    @cached_property
    def _pools(self) -> dict[str, tuple[list[str], list[float]]]:
        """Names by group, the frequent first, with their summed frequencies."""
        found: dict[str, list[str]] = {group: [] for group in _POOL}
        for entry in Lexicon().entries:
            if not entry.is_broad and not entry.is_word:
                found[_GROUP[entry.kinds[0]]].append(entry.name)
        pools = {}
        for place, (group, size) in enumerate(_POOL.items()):
            names = found[group]
            Random(self._seed + place).shuffle(names)
            names = names[:size]
            names += [coin_name(10_000_000 * (place + 1) + n) for n in range(size - len(names))]
            pools[group] = names, list(accumulate((rank + 1) ** -_EXPONENT for rank in range(size)))
        return pools

    def draw_name(self, group: str, draw: Random) -> str:
        """A name of a group, by Zipf."""
        names, sums = self._pools[group]
        return names[min(bisect(sums, draw.random() * sums[-1]), len(names) - 1)]

    @staticmethod
    def _own_name(record: dict[str, Any]) -> str:
        head = str(record["title"]).partition(":")[0]
        return head if ":" in str(record["title"]) and len(head) < 30 and " " not in head else ""

    def _cut(self, sentence: str, own: str) -> Template:
        spans = [(m.start(), m.end(), "own", "") for m in re.finditer(rf"(?<!\w){re.escape(own)}(?!\w)", sentence)] if own else []
        for hit in self._matcher.find(sentence):
            entry = hit.known.entries[0]
            if hit.known.is_exact:
                kept = sentence[hit.start : hit.end] if entry.is_broad or entry.is_word else ""
                spans.append((hit.start, hit.end, _GROUP[entry.kinds[0]], kept))
        spans += [(m.start(), m.end(), "model", "") for m in _SHAPE.finditer(sentence) if "://" not in sentence]
        parts, slots, at = [], [], 0
        for start, end, group, kept in sorted(spans):
            if start >= at:
                parts.append(sentence[at:start])
                slots.append((group, kept))
                at = end
        return Template((*parts, sentence[at:]), tuple(slots))

    def paper(self, number: int) -> dict[str, Any]:
        """The paper of a number, as a line of a JSON lines file holds it."""
        return self.paper_and_names(number)[0]

    def paper_and_names(self, number: int) -> tuple[dict[str, Any], list[Sentence]]:
        """The paper of a number, and the sentences of its abstract with their names."""
        draw = Random(self._seed * 1_000_000_007 + number)
        opening, middle, closing = self._texts
        own = coin_name(60_000_000 + number) if draw.random() < 0.55 else ""
        cast = Cast(self, draw, own)
        first, second = self._titles
        title = f"{first[int(draw.random() * len(first))]} {second[int(draw.random() * len(second))]}"
        chosen = [opening[int(draw.random() * len(opening))]]
        chosen += [middle[int(draw.random() * len(middle))] for _ in range(4 + int(draw.random() * 4))]
        chosen.append(closing[int(draw.random() * len(closing))])
        if own:
            title = f"{own}: {title}"
            chosen[1:1] = [_INTRODUCING]
        sentences = [template.fill(cast) for template in chosen]
        if draw.random() < 0.3:
            address = f"https://github.com/lab{number % 5000}/{(own or f'paper{number}').lower()}"
            sentences.append((f"Code is available at {address}.", [(21, 21 + len(address), "code")]))
        year, month, day = 2015 + number // 60_000 % 10, 1 + number // 5_000 % 12, 1 + number % 28
        identity = arxiv_id(number)
        references = [f"arXiv:{arxiv_id(int(number * draw.random() ** 2))}" for _ in range(1 + int(draw.random() * 5))] if draw.random() < 0.2 else []
        record = {
            "id": f"arXiv:{identity}", "title": title, "abstract": " ".join(text for text, _ in sentences), "authors": self._authors(draw),
            "categories": [_CATEGORIES[int(draw.random() * len(_CATEGORIES))]], "url": f"https://arxiv.org/abs/{identity}",
            "date": f"{year}-{month:02}-{day:02}", "references": references,
        }  # fmt: skip
        return record, sentences

    def _authors(self, draw: Random) -> list[str]:
        authors = self._records[int(draw.random() * len(self._records))].get("authors") or ["A. Author"]
        return [str(author) for author in authors[:6]]

    def papers(self, count: int, first: int = 0) -> Iterator[dict[str, Any]]:
        """Papers by number."""
        return (self.paper(number) for number in range(first, first + count))


_STATED: dict[str, tuple[tuple[tuple[str, float], ...], str]] = {
    "own": ((("model", 0.5), ("technique", 0.4)), "introduces"),
    "resource": ((("dataset", 0.5), ("benchmark", 0.4)), "evaluates_on"),
    "technique": ((("technique", 0.8),), "uses"),
    "model": ((("model", 0.8),), "compares_to"),
    "task": ((("task", 0.8),), "addresses"),
    "code": ((("repository", 1.0),), "has_code"),
}


def state_names(record: dict[str, Any], sentences: Sequence[Sentence]) -> list[Statement]:
    """What the generator knows that a paper names, without reading it: to measure everything but extraction."""
    places: dict[tuple[str, str], list[Evidence]] = {}
    begin = 0
    for text, named in sentences:
        for start, end, group in named:
            place = Evidence("abstract", begin, begin + len(text), text, begin + start, begin + end, "generated", 0.9)
            places.setdefault((text[start:end], group), []).append(place)
        begin += len(text) + 1
    paper = "paper/arxiv-" + record["id"].removeprefix("arXiv:")
    statements = [Statement(paper, name, *_STATED[group], 0.9, (name,), (), tuple(found)) for (name, group), found in places.items()]
    for number, text in enumerate(record["references"]):
        place = Evidence(f"references/{number}", 0, len(text), text, 0, len(text), "reference", 0.98)
        statements.append(Statement(paper, text, (("paper", 0.98),), "cites", 0.98, (text,), (), (place,)))
    return statements


def arxiv_id(number: int) -> str:
    """An identifier in arXiv's form, another one for each number below six million."""
    return f"{15 + number // 60_000:02}{1 + number // 5_000 % 12:02}.{10_000 + number % 5_000}"


def write_papers(path: Path, count: int, first: int = 0, seed: int = 0, stated: Path | None = None) -> None:
    """Write generated papers as JSON lines, and into another file what the generator knows that they name."""
    generator = Generator(real_records(), seed)
    with path.open("w", encoding="utf-8") as stream, stated.open("w", encoding="utf-8") if stated else nullcontext() as other:
        for number in range(first, first + count):
            record, sentences = generator.paper_and_names(number)
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
            if other:
                statements = state_names(record, sentences)
                other.write(json.dumps(to_json("paper/arxiv-" + record["id"].removeprefix("arXiv:"), statements), ensure_ascii=False) + "\n")


def main() -> None:
    """Write papers to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0, help="number of the first paper")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--statements", type=Path, help="another file, for what the generator knows that the papers name")
    options = parser.parse_args()
    write_papers(options.output, options.count, options.first, options.seed, options.statements)


if __name__ == "__main__":
    main()
