"""Train the judges: boosted trees on candidates of labelled papers, then small networks that copy them on unlabelled papers too."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import lightgbm
import numpy as np
import torch
from torch import nn

from kg.extract.document import read_document
from kg.extract.phrases import Phrases, read_counts
from kg.extract.relations import CUE_GROUP, FOR_RELATION, KIND_GROUPS, MARKS, RELATIONS, SLOTS, Words
from training.candidates import Case, Finder, load_tagger
from training.corpus import FOLDS, GROUP_OF, Labelled, arguments, read_labelled, read_unlabelled

_LEAST_PAPERS, _UNLABELLED, _ENOUGH = 12, 3000, 0.3
_OPTIONAL, _OPTIONAL_RELATION = 0.3, 0.4  # how much a hit on an optional label counts
_SCALE = 64.0  # of the weights of words
Predict = Callable[[np.ndarray], np.ndarray]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Each row as probabilities."""
    grown = np.exp(scores - scores.max(1, keepdims=True))
    return grown / grown.sum(1, keepdims=True)


def boost(rows: np.ndarray, target: np.ndarray, weight: np.ndarray, classes: int, leaves: int, rounds: int) -> Predict:
    """Two forests of boosted trees, averaged."""
    options = {
        "objective": "multiclass", "num_class": classes, "learning_rate": 0.05, "num_leaves": leaves, "min_data_in_leaf": 20, "verbose": -1,
        "feature_fraction": 0.45, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "num_threads": 1, "deterministic": True,
    }  # fmt: skip
    forests = [lightgbm.train({**options, "seed": s}, lightgbm.Dataset(rows, target, weight=weight + 1e-9), rounds) for s in (1, 2)]
    return lambda some: sum(forest.predict(some) for forest in forests) / len(forests)


def copy_into_network(rows: np.ndarray, target: np.ndarray, weight: np.ndarray, hidden: int, prefix: str) -> dict[str, np.ndarray]:
    """Two networks of one hidden layer as one of twice the width, in whole numbers of 1/1024."""
    mean, spread = rows.mean(0), rows.std(0) + 1e-3
    inputs = torch.tensor(np.clip((rows - mean) / spread, -4, 4), dtype=torch.float32)
    wanted, counts = torch.tensor(target, dtype=torch.float32), torch.tensor(weight, dtype=torch.float32)
    used = counts.nonzero()[:, 0]
    nets = []
    for seed in range(2):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Linear(rows.shape[1], hidden), nn.ReLU(), nn.Dropout(0.1), nn.Linear(hidden, target.shape[1]))
        optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, 14 * (len(used) // 512 + 1))
        for _ in range(14):
            order = used[torch.randperm(len(used))]
            for at in range(0, len(order), 512):
                some = order[at : at + 512]
                loss = -((torch.log_softmax(net(inputs[some]), -1) * wanted[some]).sum(-1) * counts[some]).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
        nets.append([parameter.detach().numpy() for parameter in net.parameters()])
    whole = {
        "w1": np.hstack([n[0].T for n in nets]), "b1": np.hstack([n[1] for n in nets]),
        "w2": np.vstack([n[2].T for n in nets]) / len(nets), "b2": sum(n[3] for n in nets) / len(nets),
    }  # fmt: skip
    found = {
        f"{prefix}_{name}": np.rint(np.asarray(value) * 1024).astype(np.int16 if name[0] == "w" else np.int32)
        for name, value in whole.items()
    }
    return found | {f"{prefix}_mean": mean.astype(np.float32), f"{prefix}_spread": spread.astype(np.float32)}


def best_group(case: Case) -> int:
    """Of the groups that the label allows, the one that the tagger favours."""
    groups = sorted({"RTMK".index(GROUP_OF[kind]) for kind in case.entity["kind"]}) if case.entity else [0]
    return max(groups, key=lambda group: case.traits[group])


def teach_kinds(cases: Sequence[Case], unlabelled: Sequence[Case]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The network of kinds, and the kinds of the unlabelled candidates."""
    rows = np.array([case.traits for case in cases])
    target = np.array([1 + best_group(case) if case.verdict in ("hit", "optional") else 0 for case in cases])
    weight = np.array([case.weight * (_OPTIONAL if case.verdict == "optional" else 1.0) for case in cases])
    forest = boost(rows, target, weight, 5, 15, 220)
    more = np.array([case.traits for case in unlabelled])
    shares = forest(more)
    wanted = np.vstack([0.5 * np.eye(5)[target] + 0.5 * forest(rows), shares])
    return copy_into_network(np.vstack([rows, more]), wanted, np.concatenate([weight, np.full(len(more), 0.5)]), 64, "kind"), shares


class WordWeights(nn.Module):
    """The weight of each word in each slot for each relation; a candidate's score is the mean of its mentions'."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.words = words
        self.weight = nn.EmbeddingBag(len(SLOTS) * words + MARKS * (1 + KIND_GROUPS) + KIND_GROUPS, len(RELATIONS), mode="sum")
        nn.init.zeros_(self.weight.weight)
        self.bias = nn.Parameter(torch.zeros(len(RELATIONS)))

    def number(self, case: Case, group: int) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of what stands around each mention, one mention after the other, and where each begins."""
        marks_at = len(SLOTS) * self.words
        rows = []
        for pairs, marks, cue in case.places:
            row = [slot * self.words + word for slot, word in pairs] + [marks_at + mark for mark in marks]
            row += [marks_at + MARKS * (1 + group) + mark for mark in marks] + [marks_at + MARKS * (1 + KIND_GROUPS) + group]
            rows.append([*row, (CUE_GROUP + group) * self.words + cue] if cue >= 0 else row)
        return np.array([n for row in rows for n in row], np.int64), np.cumsum([0] + [len(row) for row in rows[:-1]])

    def forward(self, numbered: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[torch.Tensor, torch.Tensor]:
        """For each candidate the mean of its mentions' scores, and the best probability of any of them."""
        shift = np.cumsum([0] + [len(n) for n, _ in numbered[:-1]])
        begins = torch.from_numpy(np.concatenate([b + s for (_, b), s in zip(numbered, shift, strict=True)]))
        owner = torch.from_numpy(np.repeat(np.arange(len(numbered)), [len(b) for _, b in numbered]))
        alone = self.weight(torch.from_numpy(np.concatenate([n for n, _ in numbered])), begins) + self.bias
        counts = torch.bincount(owner, minlength=len(numbered))[:, None]
        mean = torch.zeros(len(numbered), len(RELATIONS)).index_add(0, owner, alone) / counts
        best = torch.zeros(len(numbered), len(RELATIONS)).index_reduce(0, owner, torch.softmax(alone, -1), "amax")
        return mean, best


def fit_words(numbered: Sequence[tuple[np.ndarray, np.ndarray]], right: np.ndarray, weight: np.ndarray, words: int) -> WordWeights:
    """Learn the weights of words; any relation that the label allows is right."""
    torch.manual_seed(0)
    net = WordWeights(words)
    optimizer = torch.optim.Adagrad(net.parameters(), lr=0.08, weight_decay=6e-5)
    allowed, counts = torch.tensor(right, dtype=torch.float32).clamp(min=1e-9).log(), torch.tensor(weight, dtype=torch.float32)
    for _ in range(12):
        order = torch.randperm(len(numbered))
        for at in range(0, len(order), 192):
            some = order[at : at + 192]
            chance = torch.logsumexp(torch.log_softmax(net([numbered[i] for i in some.tolist()])[0], -1) + allowed[some], -1)
            optimizer.zero_grad()
            (-(chance * counts[some]).mean()).backward()
            optimizer.step()
    return net


def _inputs(net: WordWeights, numbered: Sequence[tuple[np.ndarray, np.ndarray]], traits: np.ndarray, groups: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        parts = [net(numbered[at : at + 4000]) for at in range(0, len(numbered), 4000)]
    mean, best = (np.vstack([part[i].numpy() for part in parts]) for i in (0, 1))
    return np.hstack([mean, softmax(mean), best, traits[:, FOR_RELATION], np.eye(KIND_GROUPS)[groups]]).astype(np.float64)


def teach_relations(cases: Sequence[Case], unlabelled: Sequence[tuple[Case, int]], words: int) -> dict[str, np.ndarray]:
    """The weights of words and the network of relations."""
    hits = [case for case in cases if case.entity and case.verdict in ("hit", "optional")]
    groups = np.array([best_group(case) for case in hits])
    right = np.array([[float(r in case.entity["relation"]) for r in RELATIONS] for case in hits if case.entity])
    tested = (groups == 3) & (right[:, RELATIONS.index("evaluates_on")] > 0)
    right[tested, RELATIONS.index("addresses")] = 1  # to report results on a task is to address it
    weight = np.array([case.weight * (_OPTIONAL_RELATION if case.verdict == "optional" else 1.0) for case in hits])
    plain = WordWeights(words)
    numbered = [plain.number(case, group) for case, group in zip(hits, groups, strict=True)]
    fold = np.array([case.paper // 3 % 3 for case in hits])
    traits = np.array([case.traits for case in hits])
    rows = np.zeros((len(hits), 3 * len(RELATIONS) + len(FOR_RELATION) + KIND_GROUPS))
    for number in range(3):
        seen, rest = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        net = fit_words([numbered[i] for i in seen], right[seen], weight[seen], words)
        rows[rest] = _inputs(net, [numbered[i] for i in rest], traits[rest], groups[rest])
    net = fit_words(numbered, right, weight, words)
    table = np.clip(np.rint(net.weight.weight.detach().numpy() * _SCALE), -127, 127).astype(np.int8)
    bias = np.rint(net.bias.detach().numpy() * _SCALE).astype(np.int32)
    wanted = softmax(rows[:, : len(RELATIONS)]) * right
    wanted /= wanted.sum(1, keepdims=True)
    forest = boost(rows, wanted.argmax(1), weight, len(RELATIONS), 12, 180)
    more = _inputs(
        net, [net.number(c, g) for c, g in unlabelled], np.array([c.traits for c, _ in unlabelled]), np.array([g for _, g in unlabelled])
    )
    target = np.vstack([0.5 * wanted + 0.5 * forest(rows), forest(more)])
    found = copy_into_network(np.vstack([rows, more]), target, np.concatenate([weight, np.full(len(more), 0.4)]), 48, "relation")
    return found | {"context": table, "context_bias": bias, "context_scale": np.array(_SCALE)}


def find_cases(papers: Sequence[Labelled], work: Path, phrases: Phrases, words: Words) -> list[Case]:
    """The candidates of labelled papers, each found by the tagger that did not see its paper."""
    cases = []
    for fold in range(FOLDS):
        numbers = range(fold, len(papers), FOLDS)
        finder = Finder(load_tagger(work / f"tagger-{fold}"), phrases, words)
        labels = [(n, papers[n].source, papers[n].weight, papers[n].entities) for n in numbers]
        cases += finder.find([papers[n].document for n in numbers], labels)
    return cases


def main() -> None:
    """Write judge/weights.npz and judge/words.txt."""
    options = arguments(__doc__, "papers", "labels")
    counts = {word: int(n) for word, n in (line.split("\t") for line in (options.work / "papers.tsv").read_text("utf-8").splitlines())}
    vocabulary = sorted(word for word, count in counts.items() if count >= _LEAST_PAPERS and not word[0].isdigit())
    phrases = Phrases(*(read_counts((options.work / f"{name}.tsv").read_text("utf-8")) for name in ("phrases", "heads")), counts)
    words = Words(vocabulary)
    labelled = read_labelled(options.labels)
    cases = find_cases(labelled, options.work, phrases, words)
    papers = read_unlabelled(options.papers, labelled, options.banned)
    random.Random(8).shuffle(papers)
    documents = [read_document(paper) for paper in papers[:_UNLABELLED]]
    unlabelled = Finder(load_tagger(options.work / "tagger-all"), phrases, words).find(documents, [(0, "", 1.0, ())] * len(documents))
    arrays, shares = teach_kinds(cases, unlabelled)
    kept = [(case, int(share[1:].argmax())) for case, share in zip(unlabelled, shares, strict=True) if 1 - share[0] >= _ENOUGH]
    arrays |= teach_relations(cases, kept, words.size)
    (options.work / "judge").mkdir(exist_ok=True)
    np.savez_compressed(options.work / "judge" / "weights.npz", **arrays)
    (options.work / "judge" / "words.txt").write_text("\n".join(vocabulary), "utf-8")


if __name__ == "__main__":
    main()
