"""The candidates of labelled and unlabelled papers as the new taggers find them, and what the reader says of them."""

from __future__ import annotations

import pickle
import random
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from transformers import BertTokenizerFast

from kg.extract.document import Document, read_document
from kg.extract.phrases import Phrases, read_counts
from kg.extract.relations import Words
from kg.extract.tagger import load_tagger
from training.candidates import Block, Finder, Read
from training.corpus import FOLDS, Labelled, arguments, read_labelled, read_unlabelled
from training.reader import Reader, judge, load_reader
from training.teacher import encode, model_folder

_LEAST_PAPERS, _UNLABELLED, _AT_ONCE = 12, 12_000, 400


def read_facts(work: Path) -> tuple[list[str], Phrases]:
    """The words that have weights, and the counts of phrases."""
    counts = {word: int(n) for word, n in (line.split("\t") for line in (work / "papers.tsv").read_text("utf-8").splitlines())}
    vocabulary = sorted(word for word, count in counts.items() if count >= _LEAST_PAPERS and not word[0].isdigit())
    return vocabulary, Phrases(*(read_counts((work / f"{name}.tsv").read_text("utf-8")) for name in ("phrases", "heads")), counts)


def find_labelled(papers: Sequence[Labelled], work: Path) -> list[Block]:
    """The candidates of labelled papers, each found by the tagger that did not see its paper."""
    vocabulary, phrases = read_facts(work)
    blocks = []
    for fold in range(FOLDS):
        finder = Finder(load_tagger(work / f"tagger-{fold}"), phrases, Words(vocabulary))
        numbers = list(range(fold, len(papers), FOLDS))
        for at in range(0, len(numbers), _AT_ONCE):
            some = numbers[at : at + _AT_ONCE]
            labels = [(n, papers[n].source, papers[n].weight, papers[n].entities) for n in some]
            blocks.append(finder.find([papers[n].document for n in some], labels))
    return blocks


def find_unlabelled(documents: Sequence[Document], work: Path) -> list[Block]:
    """The candidates of unlabelled papers."""
    vocabulary, phrases = read_facts(work)
    finder = Finder(load_tagger(work / "tagger-all"), phrases, Words(vocabulary))
    parts = [documents[at : at + _AT_ONCE] for at in range(0, len(documents), _AT_ONCE)]
    return [finder.find(part, [(0, "", 1.0, ())] * len(part)) for part in parts]


def tell(reader: Reader, blocks: Sequence[Block]) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each block the kinds and the relations of its candidates."""
    tokenizer = BertTokenizerFast.from_pretrained(model_folder())
    found = []
    for block in blocks:
        documents = [block.chunk.texts.document(n) for n in range(len(block.chunk.texts.papers))]
        own: list[list] = [[] for _ in documents]
        for case, owner in zip(block.cases, block.chunk.owner, strict=True):
            own[owner].append(case)
        told = judge(reader, [(encode(d, tokenizer), cases) for d, cases in zip(documents, own, strict=True)])
        found.append((np.vstack([kinds for kinds, _ in told]), np.vstack([relations for _, relations in told])))
    return found


def _are_new(block: Block, seen: Collection[str]) -> np.ndarray:
    """For each candidate of a block whether the title of its paper was not seen."""
    new = np.array([" ".join(paper.title.split()) not in seen for paper in block.chunk.texts.papers])
    return new[block.chunk.owner]


def main() -> None:
    """Write read.pkl."""
    options = arguments(__doc__, "papers", "labels")
    labelled = read_labelled(options.labels)
    papers = read_unlabelled(options.papers, labelled, options.banned)
    random.Random(8).shuffle(papers)
    unlabelled = find_unlabelled([read_document(paper) for paper in papers[:_UNLABELLED]], options.work)
    reader, found = load_reader(options.work / "reader.pt"), find_labelled(labelled, options.work)
    seen = set((options.work / "seen.txt").read_text("utf-8").split("\n"))
    read = Read(
        read_facts(options.work)[0], found, tell(reader, found), [_are_new(block, seen) for block in found], unlabelled, tell(reader, unlabelled)
    )
    with (options.work / "read.pkl").open("wb") as stream:
        pickle.dump(read, stream)


if __name__ == "__main__":
    main()
