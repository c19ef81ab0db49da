"""Train the tagger: on the teacher's marks, then on labels; once without each fold of the labelled papers, and once on all."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from kg.extract.document import Document, read_document, read_documents
from kg.extract.engine import find_flags
from kg.extract.features import OFFSETS, UNKNOWN, WORDS, feature_names, offsets_of
from kg.extract.matcher import Matcher
from kg.extract.tagger import SCALE
from kg.lexicon import Lexicon
from training.corpus import FOLDS, LABELS, arguments, mark_tokens, read_labelled

_NEVER, _BATCH = -30.0, 384
_LEAST_SEEN, _LEAST_WEIGHT = 3, 12  # places; 1/256


@dataclass(frozen=True, slots=True)
class Sentence:
    """The features of a sentence's tokens one after the other, where each token's begin, and its marks; `is_soft` ones are a teacher's."""

    features: np.ndarray
    begins: np.ndarray
    marks: np.ndarray
    weight: float
    is_soft: bool


class Reader:
    """Turns documents into sentences of numbered features `(offset, name)`."""

    def __init__(self, clusters: dict[str, str]) -> None:
        self.numbers: dict[tuple[int, str], int] = {}
        self._clusters = clusters
        self._types: dict[tuple[str, str], dict[int, list[int]]] = {}
        self._matcher = Matcher(Lexicon())

    def _number(self, offset: int, name: str) -> int:
        return self.numbers.setdefault((offset, name), len(self.numbers))

    def _type(self, token: str, where: str) -> dict[int, list[int]]:
        if (token, where) not in self._types:
            found: dict[int, list[int]] = {k: [] for k in OFFSETS}
            for name in feature_names(token, where, self._clusters):
                for offset in offsets_of(name):
                    found[offset].append(self._number(offset, name))
            self._types[token, where] = found
        return self._types[token, where]

    def read(self, document: Document, marks: np.ndarray, weight: float, *, is_soft: bool) -> list[Sentence]:
        """The sentences of one document."""
        texts = read_documents([document.paper])
        flags, names = find_flags(texts, self._matcher.find_all(texts.text, texts.characters, texts.begins))
        flag_of = ["", *names]
        found = []
        for first, last in document.sentences:
            is_title = document.ends[last - 1] <= document.title_end
            types = [self._type(document.tokens[i], "T" if is_title else "S" if i == first else "") for i in range(first, last)]
            features: list[int] = []
            begins = []
            for i in range(last - first):
                begins.append(len(features))
                for k in OFFSETS:
                    inside = 0 <= i + k < last - first
                    features += types[i + k][k] if inside else [self._number(k, "PAD")]
                    if inside and abs(k) <= 1 and flags[first + i + k]:
                        features.append(self._number(k, "L" + flag_of[flags[first + i + k]]))
            found.append(Sentence(np.array(features), np.array(begins), marks[first:last].astype(np.float16), weight, is_soft))
        return found


class Chain(nn.Module):
    """A linear chain whose inside labels follow only their own kind."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.emission = nn.EmbeddingBag(features, len(LABELS), mode="sum")
        nn.init.zeros_(self.emission.weight)
        self.step = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))
        banned = [[float(b[0] == "I" and a[2:] != b[2:]) for b in LABELS] for a in LABELS]
        self.register_buffer("banned", torch.tensor(banned) * _NEVER)
        self.register_buffer("start", torch.tensor([_NEVER * (label[0] == "I") for label in LABELS]))

    def forward(self, batch: Sequence[Sentence]) -> torch.Tensor:
        """The logarithm of each label's probability for each token of the batch."""
        shift = np.cumsum([0] + [len(s.features) for s in batch[:-1]])
        begins = torch.from_numpy(np.concatenate([s.begins + at for s, at in zip(batch, shift, strict=True)]))
        sizes = [len(s.begins) for s in batch]
        present = torch.arange(max(sizes))[None] < torch.tensor(sizes)[:, None]
        scores = torch.zeros(len(batch), max(sizes), len(LABELS))
        scores[present] = self.emission(torch.from_numpy(np.concatenate([s.features for s in batch])), begins)
        step = self.step + self.banned
        forward = [scores[:, 0] + self.start]
        for t in range(1, max(sizes)):
            forward.append(torch.logsumexp(forward[-1][:, :, None] + step, 1) + scores[:, t])
        backward = [torch.zeros(len(batch), len(LABELS))]
        for t in range(max(sizes) - 2, -1, -1):
            behind = torch.logsumexp(step + (scores[:, t + 1] + backward[0])[:, None, :], 2)
            backward.insert(0, torch.where((torch.tensor(sizes) - 1 > t)[:, None], behind, torch.zeros_like(behind)))
        return torch.log_softmax(torch.stack(forward, 1) + torch.stack(backward, 1), -1)[present]


def fit(chain: Chain, sentences: Sequence[Sentence], epochs: int, rate: float, seed: int) -> None:
    """Teacher's marks count by cross entropy; labels by the probability of all that are right."""
    shuffle = np.random.default_rng(seed)
    optimizer = torch.optim.Adagrad(chain.parameters(), lr=rate)
    sizes = np.array([len(s.begins) for s in sentences])
    for _ in range(epochs):
        order = shuffle.permutation(len(sentences))
        blocks = [order[i : i + 20 * _BATCH] for i in range(0, len(order), 20 * _BATCH)]
        ordered = [block[np.argsort(sizes[block], kind="stable")] for block in blocks]
        batches = [block[i : i + _BATCH] for block in ordered for i in range(0, len(block), _BATCH)]
        for rows in (batches[i] for i in shuffle.permutation(len(batches))):
            batch = [sentences[i] for i in rows]
            found = chain(batch)
            marks = torch.from_numpy(np.concatenate([s.marks for s in batch]).astype(np.float32))
            counts = [len(s.begins) for s in batch]
            soft = torch.from_numpy(np.repeat([s.is_soft for s in batch], counts))
            weight = torch.from_numpy(np.repeat(np.array([s.weight for s in batch], np.float32), counts))
            hard = -torch.logsumexp(found + marks.clamp(min=1e-9).log(), -1)
            loss = (torch.where(soft, -(marks * found).sum(-1), hard) * weight).sum() / weight.sum()
            optimizer.zero_grad()
            (loss + 1e-6 * (chain.emission.weight**2).sum()).backward()
            optimizer.step()


def write(chain: Chain, numbers: dict[tuple[int, str], int], folder: Path, clusters: Path) -> None:
    """Write whole weights, rows by feature and offset, and the row of what has none; small ones are left out."""
    weights = np.clip(np.rint(chain.emission.weight.detach().numpy() * SCALE), -32767, 32767).astype(np.int16)
    kept = [number for number in range(len(weights)) if abs(weights[number].astype(np.int32)).max() >= _LEAST_WEIGHT]
    place = {number: row for row, number in enumerate(kept)}
    rows: dict[str, list[int]] = {}
    for (offset, name), number in numbers.items():
        if number in place:
            rows.setdefault(name, [-1] * len(OFFSETS))[OFFSETS.index(offset)] = place[number]
    step = np.rint(np.maximum((chain.step + chain.banned).detach().numpy(), -25) * SCALE).astype(np.int32)
    folder.mkdir(exist_ok=True)
    (folder / "labels.json").write_text(json.dumps({"labels": LABELS}), "utf-8")
    write_features(rows, dict(line.split("\t") for line in clusters.read_text("utf-8").splitlines()), folder)
    np.save(folder / "weights.npy", np.append(weights[kept], np.zeros_like(weights[:1]), axis=0))
    np.save(folder / "transitions.npy", step)


def write_features(rows: Mapping[str, Sequence[int]], clusters: Mapping[str, str], folder: Path) -> None:
    """Write rows of weights by feature; last those that are named for words, of which `words.npy` tells the numbers, and their cluster."""
    names = sorted(rows, key=lambda name: (name.startswith(WORDS), name))
    numbers = dict(zip(names, range(len(names)), strict=True))
    codes = [*sorted(set(clusters.values())), UNKNOWN]
    number_of = dict(zip(codes, range(len(codes)), strict=True))
    words = sorted({name.partition("=")[2] for name in names if name.startswith(WORDS)} | clusters.keys())
    table = [[*(numbers.get(family + word, len(names)) for family in WORDS), number_of[clusters.get(word, UNKNOWN)]] for word in words]
    nothing = [-1] * len(OFFSETS)  # the last row of weights
    (folder / "features.txt").write_text("\n".join(name for name in names if not name.startswith(WORDS)), "utf-8")
    (folder / "words.txt").write_text("\n".join(words), "utf-8")
    (folder / "clusters.txt").write_text("\n".join(codes), "utf-8")
    np.save(folder / "words.npy", np.array([*table, [len(names)] * len(WORDS) + [number_of[UNKNOWN]]], np.int64))
    np.save(folder / "rows.npy", np.array([*map(rows.__getitem__, names), nothing], np.int32))


def _drop_rare(sentences: list[Sentence], numbers: dict[tuple[int, str], int]) -> tuple[list[Sentence], dict[tuple[int, str], int]]:
    seen = np.bincount(np.concatenate([s.features for s in sentences]), minlength=len(numbers))
    new = np.where(seen >= _LEAST_SEEN, np.cumsum(seen >= _LEAST_SEEN) - 1, -1)
    found = []
    for s in sentences:
        features = new[s.features]
        before = np.concatenate([[0], np.cumsum(features >= 0)])
        found.append(Sentence(features[features >= 0], before[s.begins], s.marks, s.weight, s.is_soft))
    return found, {name: int(new[number]) for name, number in numbers.items() if new[number] >= 0}


def main() -> None:
    """Write tagger-0 … tagger-2, each without one fold, and tagger-all."""
    options = arguments(__doc__, "labels")
    clusters = dict(line.split("\t") for line in (options.work / "clusters.tsv").read_text("utf-8").splitlines())
    reader = Reader(clusters)
    with (options.work / "silver.pkl").open("rb") as stream:
        sentences = [s for paper, marks in pickle.load(stream) for s in reader.read(read_document(paper), marks, 1.0, is_soft=True)]
    silver, places = len(sentences), []
    for one in read_labelled(options.labels):
        read = reader.read(one.document, mark_tokens(one)[0], 1.0 + one.weight, is_soft=False)
        places.append((len(sentences), len(sentences) + len(read)))
        sentences += read
    sentences, numbers = _drop_rare(sentences, reader.numbers)
    chain = Chain(len(numbers))
    fit(chain, sentences[:silver], 3, 0.12, 0)
    learnt = {name: value.clone() for name, value in chain.state_dict().items()}
    for fold in (*range(FOLDS), None):
        chain.load_state_dict(learnt)
        own = [s for n, (a, b) in enumerate(places) if n % FOLDS != fold for s in sentences[a:b]]
        rest = [sentences[i] for i in np.random.default_rng(0).permutation(silver)[: len(own)]]
        fit(chain, own + rest, 2, 0.045, 1)
        write(chain, numbers, options.work / f"tagger-{'all' if fold is None else fold}", options.work / "clusters.tsv")


if __name__ == "__main__":
    main()
