"""What a user would take instead: each a program that does one thing and prints how often it found something.

    python -m benchmarks.others phrases PAPERS.jsonl 2
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from kg.lexicon import Lexicon

_PIECE = 500


def texts(path: Path) -> Iterator[str]:
    """Titles and abstracts of a JSON lines file."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            yield f"{record['title']}\n{record['abstract']}"


def spellings() -> list[str]:
    """The lexicon's names and aliases."""
    return sorted(set(Lexicon().surfaces()))


_matcher: list[Any] = []


def _phrases() -> None:
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp: Any = spacy.blank("en")
    matcher: Any = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("NAME", list(nlp.tokenizer.pipe(spellings())))
    _matcher[:] = [lambda piece: sum(len(matcher(doc)) for doc in nlp.tokenizer.pipe(piece))]


def _ruler() -> None:
    import spacy

    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "NAME", "pattern": name} for name in spellings()])  # type: ignore[attr-defined]
    _matcher[:] = [lambda piece: sum(len(doc.ents) for doc in nlp.pipe(piece))]


def _flashtext() -> None:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    processor.add_keywords_from_list(spellings())
    _matcher[:] = [lambda piece: sum(len(processor.extract_keywords(text)) for text in piece)]


def _automaton() -> None:
    from kg.extract.matcher import Matcher

    matcher = Matcher(Lexicon())
    _matcher[:] = [lambda piece: sum(len(matcher.find(text)) for text in piece)]


def _reading() -> None:
    _matcher[:] = [len]


def _match(piece: list[str]) -> int:
    return int(_matcher[0](piece))


MATCHERS: dict[str, Callable[[], None]] = {
    "phrases": _phrases, "ruler": _ruler, "flashtext": _flashtext, "automaton": _automaton, "reading": _reading,
}  # fmt: skip


def match_all(name: str, path: Path, processes: int) -> int:
    """Run a matcher over all texts of a file, in as many processes as a build would take."""
    read = texts(path)
    pieces = iter(lambda: list(islice(read, _PIECE)), [])
    if processes == 1 or name == "reading":
        MATCHERS[name]()
        return sum(map(_match, pieces))
    with ProcessPoolExecutor(processes, initializer=MATCHERS[name]) as pool:
        return sum(pool.map(_match, pieces))


if __name__ == "__main__":
    print(match_all(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
