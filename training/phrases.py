"""What the teacher says of phrases in unlabelled papers: for each phrase and each last word how often it was which kind of name, and none."""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from ahocorasick_rs import AhoCorasick

from kg.extract.document import read_document
from kg.extract.forms import fold
from kg.extract.spellings import name_key
from training.corpus import GROUPS, arguments

_LEAST_PHRASE, _LEAST_HEAD, _LONGEST = 1.5, 3.0, 60


def _names(marks: np.ndarray) -> Iterator[tuple[int, int]]:
    """The runs of tokens that are more likely inside of a name than not, cut where a new one begins."""
    begin, inner = marks[:, 1::2].sum(1), np.append(marks[:, 2::2].sum(1), 0.0)
    at = 0
    while at < len(marks):
        end = at + 1
        if marks[at, 0] < 0.5:
            while end < len(marks) and marks[end, 0] < 0.5 and inner[end] > begin[end]:
                end += 1
            yield at, end
        at = end


def _write(path: object, counts: Mapping[str, np.ndarray]) -> None:
    rows = (f"{name}\t{','.join(f'{count:.4g}' for count in row)}\n" for name, row in sorted(counts.items()))
    path.write_text("".join(rows), "utf-8")  # type: ignore[attr-defined]


def main() -> None:
    """Write phrases.tsv and heads.tsv."""
    options = arguments(__doc__)
    with (options.work / "silver.pkl").open("rb") as stream:
        silver = pickle.load(stream)
    papers = dict(line.split("\t") for line in (options.work / "papers.tsv").read_text("utf-8").splitlines())
    counts: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(GROUPS) + 1))
    heads: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(GROUPS) + 1))
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    texts = []
    for paper, marks in silver:
        document, marks = read_document(paper), marks.astype(np.float32)
        texts.append(fold(document.text))
        best: dict[str, np.ndarray] = {}
        for first, last in _names(marks):
            surface = document.text[document.starts[first] : document.ends[last - 1]]
            key = name_key(surface)
            if key and len(key) < _LONGEST:
                share = (marks[first:last, 1::2] + marks[first:last, 2::2]).mean(0)
                best[key] = np.maximum(best.get(key, share), share)
                forms[key][fold(surface)] += 1
        for key, share in best.items():
            share = share / max(share.sum(), 1e-9)
            counts[key][:-1] += share
            heads[(forms[key].most_common(1)[0][0].split() or [key])[-1].rstrip("s")][:-1] += share
    kept = {key: row for key, row in counts.items() if row.sum() >= _LEAST_PHRASE}
    patterns = [(form, key) for key in kept for form, _ in forms[key].most_common(2) if len(form) > 2]
    automaton = AhoCorasick([form for form, _ in patterns])
    standing: Counter[str] = Counter()
    for text in texts:
        found = automaton.find_matches_as_indexes(text, overlapping=True)
        standing.update({patterns[w][1] for w, a, b in found if not text[a - 1 : a].isalnum() and not text[b : b + 1].isalnum()})
    for key, row in kept.items():
        row[-1] = max(0.0, standing[key] - row.sum())
    share = len(texts) / max(1, max(map(int, papers.values())))
    for word, row in heads.items():
        row[-1] = max(0.0, int(papers.get(word, 0)) * share - row.sum())
    _write(options.work / "phrases.tsv", kept)
    _write(options.work / "heads.tsv", {word: row for word, row in heads.items() if row[:-1].sum() >= _LEAST_HEAD})


if __name__ == "__main__":
    main()
