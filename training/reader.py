"""Teach the transformer to judge candidates in their context: which kind each is, and its relation to the paper."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import BertTokenizerFast

from kg.extract.relations import RELATIONS
from training.candidates import Case
from training.corpus import GROUP_OF, LABELS, arguments, mark_tokens, read_labelled
from training.teacher import Encoded, Teacher, encode, model_folder, stack

_EPOCHS, _BATCH, _RATE, _HEAD_RATE = 2, 8, 1.0e-4, 1e-3
_OPTIONAL = 0.4


class Reader(nn.Module):
    """The teacher with two more heads over the mentions of each candidate, its traits and the paper as a whole."""

    def __init__(self, teacher: Teacher, mean: np.ndarray, spread: np.ndarray) -> None:
        super().__init__()
        self.teacher = teacher
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("spread", torch.tensor(spread, dtype=torch.float32))
        self.place = nn.Sequential(nn.Dropout(0.15), nn.Linear(4 * 384, 256), nn.GELU())
        self.paper = nn.Linear(384, 64)
        self.traits = nn.Sequential(nn.Linear(len(mean), 96), nn.GELU(), nn.Dropout(0.15))
        self.group = nn.Embedding(4, 32)
        self.kind = nn.Sequential(nn.Dropout(0.15), nn.Linear(512 + 64 + 96, 192), nn.GELU(), nn.Linear(192, 5))
        self.relation = nn.Sequential(nn.Dropout(0.15), nn.Linear(512 + 64 + 96 + 32, 192), nn.GELU(), nn.Linear(192, len(RELATIONS)))

    def forward(self, batch: tuple[torch.Tensor, ...], first: torch.Tensor, last: torch.Tensor, owner: torch.Tensor, row: torch.Tensor,
                traits: torch.Tensor, groups: torch.Tensor | None) -> tuple[torch.Tensor, ...]:
        """Labels of words; kinds and relations of candidates. `first`, `last`, `owner` are of mentions, `row` gives a candidate's paper."""
        pieces, shapes, present, at, _ = batch
        hidden, words, mixed = self.teacher.read(pieces, shapes, present, at)
        both = torch.cat([words, mixed], -1)
        papers = row[owner]
        places = self.place(torch.cat([both[papers, first], both[papers, last]], -1)).float()
        count = torch.zeros(len(row)).index_add(0, owner, torch.ones(len(owner))).clamp(min=1)[:, None]
        mean = torch.zeros(len(row), places.shape[1]).index_add(0, owner, places) / count
        best = torch.zeros(len(row), places.shape[1]).index_reduce(0, owner, places, "amax", include_self=False)
        whole = torch.cat([mean, best, self.paper(hidden[:, 0])[row].float(), self.traits(traits)], -1)
        kinds = self.kind(whole)
        groups = kinds[:, 1:].argmax(-1) if groups is None else groups
        return self.teacher.label(self.teacher.drop(mixed)), kinds, self.relation(torch.cat([whole, self.group(groups)], -1))


def group_of_case(case: Case) -> int:
    """Of the groups that the label allows, the one that the tagger favours."""
    groups = sorted({"RTMK".index(GROUP_OF[kind]) for kind in case.entity["kind"]}) if case.entity else [0]
    return max(groups, key=lambda group: case.traits[group])


def kinds_of_case(case: Case) -> list[int]:
    """The groups that the label allows, counted from 1; 0 where the candidate is no name, or one that another candidate hit."""
    if case.entity is None or case.verdict == "repeated":
        return [0]
    return sorted({1 + "RTMK".index(GROUP_OF[kind]) for kind in case.entity["kind"]})


def relations_of_case(case: Case) -> list[int]:
    """The relations that the label allows; to report results on a task is to address it."""
    if case.entity is None:
        return []
    found = {RELATIONS.index(relation) for relation in case.entity["relation"]}
    if group_of_case(case) == 3 and "evaluates_on" in case.entity["relation"]:
        found.add(RELATIONS.index("addresses"))
    return sorted(found)


def prepare(batch: Sequence[tuple[Encoded, list[Case]]], reader: Reader, groups: Sequence[int]) -> tuple[Any, ...]:
    """What the reader is given of some papers, padded to few different sizes."""
    first, last, owner, row, traits = [], [], [], [], []
    number = 0
    for r, (encoded, cases) in enumerate(batch):
        size = len(encoded[2])
        for case in cases:
            spans = [(a, b) for a, b in case.spans if b <= size] or [(0, 1)]
            for a, b in spans:
                first.append(a)
                last.append(b - 1)
                owner.append(number)
            row.append(r)
            traits.append(case.traits)
            number += 1
    row += [0] * (-len(row) % 64)  # few different shapes: each costs time and memory once
    traits += [np.zeros(len(traits[0]))] * (-len(traits) % 64)
    groups = [*groups, *[0] * (len(row) - len(groups))]
    more = -len(first) % 64
    first, last, owner = first + [0] * more, last + [0] * more, owner + [len(row) - 1] * more
    rows = torch.tensor(np.array(traits), dtype=torch.float32)
    rows = ((rows - reader.mean) / reader.spread).clamp(-4, 4)
    return (stack([b[0] for b in batch]), torch.tensor(first), torch.tensor(last), torch.tensor(owner), torch.tensor(row), rows, torch.tensor(groups))


def fit(reader: Reader, papers: Sequence[tuple[Encoded, np.ndarray, list[Case], float]], epochs: int = _EPOCHS, rate: float = _RATE, seed: int = 0) -> Reader:
    """Labels of words, kinds and relations together; where several are right, the sum of their probabilities counts."""
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    reader.train()
    below = [p for name, p in reader.named_parameters() if name.startswith("teacher.bert") and p.requires_grad]
    above = [p for name, p in reader.named_parameters() if not name.startswith("teacher.bert")]
    optimizer = torch.optim.AdamW([{"params": below, "lr": rate}, {"params": above, "lr": _HEAD_RATE}], weight_decay=0.01)
    steps = epochs * math.ceil(len(papers) / _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, (s + 1) / (0.06 * steps)) * max(0.02, 1 - s / steps))
    for epoch in range(epochs):
        order = sorted(range(len(papers)), key=lambda i: (len(papers[i][0][0]) // 32, shuffle.random()))
        batches = [order[i : i + _BATCH] for i in range(0, len(order), _BATCH)]
        shuffle.shuffle(batches)
        sums = np.zeros(3)
        for rows in batches:
            batch = [papers[i] for i in rows]
            flat = [case for one in batch for case in one[2]]
            weight = torch.tensor([one[3] for one in batch])
            weights = torch.repeat_interleave(weight, torch.tensor([len(one[2]) for one in batch]))
            groups = [group_of_case(case) for case in flat]
            inputs = prepare([(one[0], one[2]) for one in batch], reader, groups)
            counted = inputs[0][4]
            right = torch.zeros(len(rows), counted.shape[1], len(LABELS))
            for row, one in enumerate(batch):
                words = len(one[0][2])
                right[row, :words] = torch.from_numpy(one[1][:words])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores, kinds, relations = reader(*inputs)
            kinds, relations = kinds[: len(flat)], relations[: len(flat)]
            chance = torch.logsumexp(torch.log_softmax(scores.float(), -1) + right.clamp(min=1e-9).log(), -1)
            counted = counted * weight[:, None]
            loss_tag = -(chance * counted).sum() / counted.sum()
            allowed = torch.zeros(len(flat), 5)
            able = torch.zeros(len(flat), len(RELATIONS))
            part = torch.ones(len(flat))
            for i, case in enumerate(flat):
                allowed[i, kinds_of_case(case)] = 1
                able[i, relations_of_case(case)] = 1
                if case.verdict == "optional":
                    part[i] = _OPTIONAL
            part = part * weights
            loss_kind = -(torch.logsumexp(torch.log_softmax(kinds.float(), -1) + allowed.clamp(min=1e-9).log(), -1) * part).sum() / part.sum()
            has = (able.sum(-1) > 0).float() * part
            loss_rel = -(torch.logsumexp(torch.log_softmax(relations.float(), -1) + able.clamp(min=1e-9).log(), -1) * has).sum() / has.sum().clamp(min=1)
            optimizer.zero_grad()
            (loss_tag + 0.7 * loss_kind + 0.7 * loss_rel).backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            sums += [loss_tag.item(), loss_kind.item(), loss_rel.item()]
        print("reader", epoch, (sums / len(batches)).round(4), flush=True)
    return reader.eval()


def judge(reader: Reader, papers: Sequence[tuple[Encoded, list[Case]]]) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each paper the kinds and the relations of its candidates; relations are those of the likeliest kind."""
    found: list[Any] = [(np.zeros((0, 5)), np.zeros((0, len(RELATIONS))))] * len(papers)
    order = [i for i in sorted(range(len(papers)), key=lambda i: len(papers[i][0][0])) if papers[i][1]]
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 16):
            rows = order[at : at + 16]
            batch = [papers[i] for i in rows]
            sizes = [len(one[1]) for one in batch]
            inputs = prepare(batch, reader, [0] * sum(sizes))
            _, kinds, relations = reader(*inputs[:-1], None)
            kinds, relations = kinds[: sum(sizes)], relations[: sum(sizes)]
            k, r = torch.softmax(kinds.float(), -1).numpy(), torch.softmax(relations.float(), -1).numpy()
            cut = np.cumsum(sizes)[:-1]
            for i, a, b in zip(rows, np.split(k, cut), np.split(r, cut), strict=True):
                found[i] = (a, b)
    return found


def load_reader(path: Path) -> Reader:
    """A reader as `main` writes it."""
    state, mean, spread = torch.load(path, weights_only=False)
    reader = Reader(Teacher(), mean, spread)
    reader.load_state_dict(state)
    return reader.eval()


def main() -> None:
    """Write reader.pt: the teacher, or the reader given, taught further on the candidates of labelled papers."""
    from training.telling import find_labelled  # it reads what this module writes

    options = arguments(__doc__, "labels", "start")
    papers = read_labelled(options.labels)
    own: dict[int, list[Case]] = {}
    for block in find_labelled(papers, options.work):
        for case in block.cases:
            own.setdefault(case.paper, []).append(case)
    if options.start:
        reader = load_reader(options.start)
    else:
        traits = np.array([case.traits for cases in own.values() for case in cases])
        teacher = Teacher()
        teacher.load_state_dict(torch.load(options.work / "teacher.pt"))
        reader = Reader(teacher, traits.mean(0), traits.std(0) + 1e-3)
    tokenizer = BertTokenizerFast.from_pretrained(model_folder())
    data = [(encode(papers[n].document, tokenizer), mark_tokens(papers[n])[0], cases, papers[n].weight) for n, cases in sorted(own.items())]
    fit(reader, data)
    torch.save((reader.state_dict(), reader.mean.numpy(), reader.spread.numpy()), options.work / "reader.pt")
    seen = options.start.with_name("seen.txt").read_text("utf-8").split("\n") if options.start else []
    titles = {*seen, *(" ".join(papers[n].document.paper.title.split()) for n in own)}
    (options.work / "seen.txt").write_text("\n".join(sorted(titles)), "utf-8")


if __name__ == "__main__":
    main()
