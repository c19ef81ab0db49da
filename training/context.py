"""Train the network that reads relations from the context of mentions: on labels, and on what the teacher says of unlabelled papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from kg.extract.context import MARKS, MEANS, NOTHING, SLOTS, read_context
from kg.extract.network import STEP, WEIGHT
from kg.extract.relations import AROUND_STEP, KIND_GROUPS, NEAR_STEP, RELATIONS
from kg.extract.traits import TRAITS
from training.candidates import Block

WORD, HIDDEN, LAST = 32, 128, 96
DROP = 0.2
_BATCH = 32
# What the lexicon and other papers know of a name says nothing of what this paper does with it: the famous were new once.
_OF_OTHERS = ("lexicon", "phrase", "head", "rule lexicon", "rarest", "commonest")
FOR_RELATION = np.array([not name.startswith(_OF_OTHERS) for name in TRAITS])


@dataclass(slots=True)
class Sheet:
    """The kept candidates of one paper: the context of their mentions, and what is wanted of each."""

    words: np.ndarray
    found: np.ndarray
    stretches: np.ndarray
    marks: np.ndarray
    chain: np.ndarray
    sentence: np.ndarray
    owner: np.ndarray
    traits: np.ndarray
    groups: np.ndarray
    wanted: np.ndarray
    weight: np.ndarray
    names: np.ndarray
    counts: np.ndarray
    is_soft: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of some candidates: relations and kinds, each with the weight of that wish."""

    relations: np.ndarray
    weight: np.ndarray
    kinds: np.ndarray
    counts: np.ndarray
    is_soft: bool


def make_sheets(block: Block, kept: np.ndarray, groups: np.ndarray, traits: np.ndarray, wish: Wish) -> list[Sheet]:
    """A sheet for each document of a block that has a kept candidate; groups, traits and wish are of the kept ones."""
    chunk = block.chunk
    counts = np.diff(chunk.begins)[kept]
    begins = np.concatenate([[0], np.cumsum(counts)])
    rows = np.repeat(chunk.begins[kept] - begins[:-1], counts) + np.arange(begins[-1])
    context = read_context(chunk, rows, block.tokens)
    edges = chunk.texts.first_token
    sheets = []
    for document in np.unique(chunk.owner[kept]):
        own = np.flatnonzero(chunk.owner[kept] == document)
        a, b = begins[own[0]], begins[own[-1] + 1]
        base, end = edges[document], edges[document + 1]
        sheets.append(
            Sheet(
                block.tokens.words[base:end].astype(np.int16), context.words[a:b].astype(np.int16),
                (context.stretches[a:b] - base).astype(np.int16), context.marks[a:b].astype(np.int8), context.chain[a:b] - a,
                context.sentence[a:b] - context.sentence[a:b].min(), np.repeat(np.arange(len(own)), counts[own]),
                traits[own].astype(np.float32), groups[own], wish.relations[own].astype(np.float32), wish.weight[own].astype(np.float32),
                wish.kinds[own].astype(np.float32), wish.counts[own].astype(np.float32), wish.is_soft,
            )
        )  # fmt: skip
    return sheets


class ContextNet(nn.Module):
    """Words around a mention, then the mentions around it, then all mentions of a candidate with its traits."""

    def __init__(self, words: int, traits: int, mean: np.ndarray, spread: np.ndarray) -> None:
        super().__init__()
        self.words = nn.Embedding(words, WORD)
        nn.init.normal_(self.words.weight, std=0.3)
        self.near = nn.Linear((SLOTS + MEANS) * WORD, HIDDEN)
        self.marks = nn.Embedding(MARKS, HIDDEN)
        self.kinds = nn.Embedding(KIND_GROUPS, HIDDEN)
        nn.init.normal_(self.marks.weight, std=0.05)
        nn.init.normal_(self.kinds.weight, std=0.05)
        self.around = nn.Linear(4 * HIDDEN, HIDDEN)
        self.alone = nn.Linear(HIDDEN, len(RELATIONS))
        self.hidden = nn.Linear(2 * HIDDEN + traits + KIND_GROUPS, LAST)
        self.out = nn.Linear(LAST, len(RELATIONS))
        self.name_hidden = nn.Linear(2 * HIDDEN + traits + KIND_GROUPS, LAST)
        self.name_out = nn.Linear(LAST, 1 + KIND_GROUPS)
        self.drop = nn.Dropout(DROP)
        self.register_buffer("own", torch.tensor(FOR_RELATION, dtype=torch.float32))
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("spread", torch.tensor(spread, dtype=torch.float32))

    def forward(self, b: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """For each mention the relation that it alone speaks for; for each candidate its relation, and its kind or none."""
        found = b["found"]
        if self.training:
            found = torch.where(torch.rand(found.shape) < 0.05, NOTHING, found)
        near = self.words(found).flatten(1)
        sums = torch.cat([torch.zeros(1, WORD), self.words(b["words"]).cumsum(0)])
        s = b["stretches"]
        bags = [(sums[s[:, i + 1]] - sums[s[:, i]]) / (s[:, i + 1] - s[:, i]).clamp(min=1)[:, None] for i in range(0, 2 * MEANS, 2)]
        kinds = self.kinds(b["groups"])[b["owner"]]
        first = torch.relu(self.near(self.drop(torch.cat([near, *bags], 1))) + self.marks(b["marks"]).sum(1) + kinds)
        first = self.drop(first)
        second = torch.relu(self.around(torch.cat([first, first[b["chain"]], _mean(first, b["sentence"]), _mean(first, b["paper"])], 1)))
        second = self.drop(second)
        size = len(b["groups"])
        mean = _pool(second, b["owner"], size)
        best = torch.zeros(size, HIDDEN).index_reduce(0, b["owner"], second, "amax")
        kind = torch.nn.functional.one_hot(b["groups"], KIND_GROUPS).float()
        traits = ((b["traits"] - self.mean) / self.spread).clamp(-4, 4)
        if self.training:
            traits = self.drop(traits)
        relations = self.out(self.drop(torch.relu(self.hidden(torch.cat([mean, best, traits * self.own, kind], 1)))))
        whole = torch.cat([mean, best, traits, kind], 1)
        return self.alone(second), relations, self.name_out(self.drop(torch.relu(self.name_hidden(whole))))


def _pool(rows: torch.Tensor, owner: torch.Tensor, size: int) -> torch.Tensor:
    count = torch.zeros(size).index_add(0, owner, torch.ones(len(owner))).clamp(min=1)
    return torch.zeros(size, rows.shape[1]).index_add(0, owner, rows) / count[:, None]


def _mean(rows: torch.Tensor, owner: torch.Tensor) -> torch.Tensor:
    return _pool(rows, owner, int(owner.max()) + 1)[owner]


def stack_sheets(sheets: Sequence[Sheet]) -> dict[str, torch.Tensor]:
    """Papers one after the other."""
    shift = {name: np.cumsum([0] + [int(size(s)) for s in sheets[:-1]]) for name, size in (
        ("words", lambda s: len(s.words)), ("mention", lambda s: len(s.owner)), ("candidate", lambda s: len(s.groups)),
        ("sentence", lambda s: s.sentence.max() + 1))}

    def join(name: str, by: str = "", kind: Any = np.int64) -> torch.Tensor:
        parts = [getattr(s, name).astype(kind) + (shift[by][i] if by else 0) for i, s in enumerate(sheets)]
        return torch.from_numpy(np.concatenate(parts))

    return {
        "words": join("words"), "found": join("found"), "stretches": join("stretches", "words"), "marks": join("marks"),
        "chain": join("chain", "mention"), "sentence": join("sentence", "sentence"), "owner": join("owner", "candidate"),
        "traits": join("traits", kind=np.float32), "groups": join("groups"), "wanted": join("wanted", kind=np.float32),
        "weight": join("weight", kind=np.float32), "names": join("names", kind=np.float32), "counts": join("counts", kind=np.float32),
        "soft": torch.from_numpy(np.repeat([s.is_soft for s in sheets], [len(s.groups) for s in sheets])),
        "paper": torch.from_numpy(np.repeat(np.arange(len(sheets)), [len(s.owner) for s in sheets])),
    }  # fmt: skip


def _loss(scores: torch.Tensor, wanted: torch.Tensor, soft: torch.Tensor) -> torch.Tensor:
    """Cross entropy to a teacher's probabilities; of labels the probability of all that are right."""
    found = torch.log_softmax(scores, -1)
    return -torch.where(soft, (found * wanted).sum(-1), torch.logsumexp(found + wanted.clamp(min=1e-9).log(), -1))


def fit(sheets: Sequence[Sheet], words: int, epochs: int, rate: float = 2e-3, seed: int = 0) -> ContextNet:
    """Cross entropy to what is wanted of each candidate, and in part of each of its mentions."""
    torch.manual_seed(seed)
    shuffle = np.random.default_rng(seed)
    traits = np.vstack([s.traits for s in sheets])
    net = ContextNet(words, traits.shape[1], traits.mean(0), traits.std(0) + 1e-3).train()
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.02)
    steps = epochs * (len(sheets) // _BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps, pct_start=0.1)
    for epoch in range(epochs):
        order = shuffle.permutation(len(sheets))
        total = 0.0
        for at in range(0, len(order), _BATCH):
            b = stack_sheets([sheets[i] for i in order[at : at + _BATCH]])
            alone, whole, names = net(b)
            each = _loss(alone, b["wanted"][b["owner"]], b["soft"][b["owner"]]) * b["weight"][b["owner"]]
            loss = _loss(whole, b["wanted"], b["soft"]) * b["weight"]
            named = _loss(names, b["names"], b["soft"]) * b["counts"]
            loss = loss.sum() / b["weight"].sum() + 0.2 * each.sum() / b["weight"][b["owner"]].sum() + named.sum() / b["counts"].sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print("context", epoch, round(total * _BATCH / len(order), 4), flush=True)
    return net.eval()


def predict(net: ContextNet, sheets: Sequence[Sheet]) -> tuple[np.ndarray, np.ndarray]:
    """The relations and the kinds of all candidates of the sheets."""
    with torch.inference_mode():
        parts = [net(stack_sheets(sheets[at : at + 64]))[1:] for at in range(0, len(sheets), 64)]
    relations, kinds = (np.vstack([torch.softmax(part[i], -1).numpy() for part in parts]) for i in (0, 1))
    return relations, kinds


def to_arrays(net: ContextNet) -> dict[str, np.ndarray]:
    """The network in whole numbers, as the extraction reads it; the last two layers become the network of relations."""
    state = {name: value.detach().numpy().astype(np.float64) for name, value in net.state_dict().items()}

    def whole(name: str, *, top: float = 127.0) -> tuple[np.ndarray, float]:
        step = np.quantile(np.abs(state[name]), 0.9999) / top
        return np.clip(np.rint(state[name] / step), -top, top).astype(np.int8), float(step)

    words, words_unit = whole("words.weight")
    near, near_unit = whole("near.weight")
    around, around_unit = whole("around.weight")
    alone, alone_unit = whole("alone.weight")
    near_unit, around_unit, alone_unit = words_unit * near_unit, around_unit / NEAR_STEP, alone_unit / AROUND_STEP
    kinds = state["kinds.weight"] + state["near.bias"]

    def exact(value: np.ndarray, steps: int = WEIGHT) -> np.ndarray:
        return np.rint(value * steps).astype(np.int16 if value.ndim > 1 else np.int32)

    state["hidden.weight"][:, 2 * HIDDEN : -KIND_GROUPS] *= FOR_RELATION
    first = np.hstack([state["hidden.weight"].T, state["name_hidden.weight"].T])
    pooled, traits, groups = np.split(first, [2 * HIDDEN, len(first) - KIND_GROUPS])
    none, none_too = np.zeros((LAST, 1 + KIND_GROUPS)), np.zeros((LAST, len(RELATIONS)))
    return {
        "context_words": words, "context_near": near.T, "context_around": around.T, "context_alone": alone.T,
        "context_marks": np.rint(state["marks.weight"] / near_unit).astype(np.int32), "context_kinds": np.rint(kinds / near_unit).astype(np.int32),
        "context_around_bias": np.rint(state["around.bias"] / around_unit).astype(np.int32),
        "context_alone_bias": np.rint(state["alone.bias"] / alone_unit).astype(np.int32),
        "context_units": np.array([near_unit, around_unit, alone_unit]),
        "context_pooled": exact(pooled, WEIGHT * STEP // AROUND_STEP), "context_groups": exact(groups),
        "relation_w1": exact(traits),
        "relation_b1": np.concatenate([exact(state["hidden.bias"]), exact(state["name_hidden.bias"])]),
        "relation_w2": np.block([[exact(state["out.weight"].T), none], [none_too, exact(state["name_out.weight"].T)]]).astype(np.int16),
        "relation_b2": np.concatenate([exact(state["out.bias"]), exact(state["name_out.bias"])]),
        "relation_mean": state["mean"].astype(np.float32),
        "relation_spread": state["spread"].astype(np.float32),
    }  # fmt: skip
