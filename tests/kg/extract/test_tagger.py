"""What the tagger knows of a token."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from kg.extract.document import read_documents
from kg.extract.features import UNKNOWN, WORDS, feature_names
from kg.extract.tagger import read_tagger
from kg.records import Paper

_FOLDER = files("kg.data") / "tagger"
_NAMES, _KNOWN, _CODES = ((_FOLDER / f"{name}.txt").read_text("utf-8").split("\n") for name in ("features", "words", "clusters"))
_TABLE = np.load(str(_FOLDER / "words.npy")).tolist()
_CLUSTERS = {word: _CODES[cluster] for word, (*_, cluster) in zip(_KNOWN, _TABLE, strict=False) if _CODES[cluster] != UNKNOWN}
_NUMBERS = dict(zip(_NAMES, range(len(_NAMES)), strict=True))
_NUMBERS |= {family + word: number for word, row in zip(_KNOWN, _TABLE, strict=False) for family, number in zip(WORDS, row, strict=False)}
_TEXTS = st.text(st.sampled_from("abegnsABGS013-_.é’漢𝔸 \x00"), max_size=40)


@given(_TEXTS, _TEXTS)
@example("", "BERT\u2003")
@example("BERT-based fine-tuning", "State-of-the-art ImageNet-1K results. We use GPT-4, https://a.b/c-d and ß-VAEs.")
def test_a_token_weighs_what_its_features_weigh(title: str, abstract: str) -> None:
    tagger = read_tagger()
    texts = read_documents([Paper("p", title, abstract)])
    rows = tagger._find_types(texts)
    document = texts.document(0)
    firsts = {first for first, _ in document.sentences}
    for i, token in enumerate(document.tokens):
        where = "T" if document.starts[i] < document.title_end else "S" if i in firsts else ""
        known = [_NUMBERS[name] for name in feature_names(token, where, _CLUSTERS) if name in _NUMBERS]
        expected = tagger._features.rows(np.array(known)).sum(axis=0)
        assert (tagger._table.values[rows[i], :, : len(tagger.labels)] == expected).all()
