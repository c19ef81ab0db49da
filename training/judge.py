"""Train the judges on candidates of labelled papers, and on what the reader says of candidates of unlabelled ones."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from kg.extract.judge import LOOKED
from kg.extract.network import WEIGHT, Network
from kg.extract.relations import RELATIONS
from training.candidates import Block, Case, Read
from training.context import Wish, fit, make_sheets, to_arrays
from training.corpus import arguments
from training.reader import group_of_case, kinds_of_case, relations_of_case

_OPTIONAL, _OPTIONAL_RELATION = 0.3, 0.4  # how much a hit on an optional label counts
_TAUGHT = 0.8  # how much the reader's word counts on candidates of papers that it did not learn from
_OURS, _BESIDE = 0.4, 0.6  # how much our own labels of relations count, and the reader's word beside them
_EPOCHS = 14


def fit_network(rows: np.ndarray, target: np.ndarray, weight: np.ndarray, hidden: int, prefix: str) -> dict[str, np.ndarray]:
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
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, 10 * (len(used) // 512 + 1))
        for _ in range(10):
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
        f"{prefix}_{name}": np.rint(np.asarray(value) * WEIGHT).astype(np.int16 if name[0] == "w" else np.int32)
        for name, value in whole.items()
    }
    return found | {f"{prefix}_mean": mean.astype(np.float32), f"{prefix}_spread": spread.astype(np.float32)}


def teach_kinds(cases: Sequence[Case], unlabelled: Sequence[Case], taught: np.ndarray) -> dict[str, np.ndarray]:
    """The network of kinds, from traits alone; it decides which candidates are looked at in their context."""
    rows = np.array([case.traits for case in (*cases, *unlabelled)])
    target = np.array([1 + group_of_case(case) if case.verdict in ("hit", "optional") else 0 for case in cases])
    weight = [case.weight * (_OPTIONAL if case.verdict == "optional" else 1.0) for case in cases]
    return fit_network(rows, np.vstack([np.eye(5)[target], taught]), np.array(weight + [_TAUGHT] * len(unlabelled)), 64, "kind")


def wish_labels(cases: Sequence[Case]) -> Wish:
    """What the labels want: any of the kinds and relations that they allow."""
    relations, kinds = np.zeros((len(cases), len(RELATIONS))), np.zeros((len(cases), 5))
    weight, counts = np.zeros(len(cases)), np.array([case.weight for case in cases])
    for i, case in enumerate(cases):
        kinds[i, kinds_of_case(case)] = 1
        if case.verdict in ("hit", "optional"):
            relations[i, relations_of_case(case)] = 1
            weight[i] = case.weight * (_OPTIONAL_RELATION if case.verdict == "optional" else 1.0) * (_OURS if is_ours(case) else 1.0)
            counts[i] *= _OPTIONAL if case.verdict == "optional" else 1.0
        else:
            relations[i] = 1
    return Wish(relations, weight, kinds, counts, is_soft=False)


def is_ours(case: Case) -> bool:
    """Whether we labelled its paper ourselves."""
    return case.source == "labels"


def sheets_of(blocks: Sequence[Block], network: Network, told: Sequence[Told] | None = None) -> list:
    """The sheets of blocks: of their labels, or of what the reader told of their candidates; papers of which nothing counts are left out."""
    found = []
    for number, block in enumerate(blocks):
        traits = np.array([case.traits for case in block.cases])
        shares = network.probabilities(traits)
        kept = np.flatnonzero(1.0 - shares[:, 0] >= LOOKED)
        groups = shares[kept, 1:].argmax(1)
        if told is None:
            wish = wish_labels([block.cases[i] for i in kept])
        else:
            own = told[number]
            wish = Wish(own.relations[kept], own.on_relations[kept] * own.kinds[kept, 1:].sum(1), own.kinds[kept], own.on_kinds[kept], is_soft=True)
        found += make_sheets(block, kept, groups, traits[kept], wish)
    return [sheet for sheet in found if sheet.weight.any() or sheet.counts.any()]


@dataclass(frozen=True, slots=True)
class Told:
    """What the reader says of a block's candidates, kinds and relations, and how much either counts."""

    kinds: np.ndarray
    relations: np.ndarray
    on_kinds: np.ndarray
    on_relations: np.ndarray


def tell_alone(kinds: np.ndarray, relations: np.ndarray) -> Told:
    """The reader's word where there is no other."""
    alone = np.full(len(kinds), _TAUGHT)
    return Told(kinds, relations, alone, alone)


def tell_beside(block: Block, kinds: np.ndarray, relations: np.ndarray, is_new: np.ndarray) -> Told:
    """The reader's word on a labelled block: alone on papers that it did not learn from, beside our own labels on their relations."""
    ours = np.array([is_ours(case) for case in block.cases])
    return Told(kinds, relations, np.where(is_new, _TAUGHT, 0.0), np.where(is_new, _TAUGHT, _BESIDE * ours))


def leave_out(block: Block, is_new: np.ndarray) -> Block:
    """The block without the labels of papers that the reader did not learn from."""
    return replace(block, cases=[replace(case, weight=0.0) if out else case for case, out in zip(block.cases, is_new, strict=True)])


def teach(read: Read) -> dict[str, np.ndarray]:
    """All weights of the judges: traits learn from all labels, contexts from labels and the reader."""
    cases = [case for block in read.labelled for case in block.cases]
    unlabelled = [case for block in read.unlabelled for case in block.cases]
    arrays = teach_kinds(cases, unlabelled, np.vstack([kinds for kinds, _ in read.told_of_unlabelled]))
    network = Network(arrays, "kind")
    sheets = sheets_of([leave_out(block, new) for block, new in zip(read.labelled, read.is_new, strict=True)], network)
    beside = zip(read.labelled, read.told_of_labelled, read.is_new, strict=True)
    sheets += sheets_of(read.labelled, network, [tell_beside(block, *told, new) for block, told, new in beside])
    sheets += sheets_of(read.unlabelled, network, [tell_alone(*told) for told in read.told_of_unlabelled])
    return arrays | to_arrays(fit(sheets, len(read.vocabulary) + 4, _EPOCHS))


def main() -> None:
    """Write judge/weights.npz and judge/words.txt."""
    options = arguments(__doc__)
    with (options.work / "read.pkl").open("rb") as stream:
        read: Read = pickle.load(stream)
    (options.work / "judge").mkdir(exist_ok=True)
    np.savez_compressed(options.work / "judge" / "weights.npz", **teach(read))
    (options.work / "judge" / "words.txt").write_text("\n".join(read.vocabulary), "utf-8")


if __name__ == "__main__":
    main()
