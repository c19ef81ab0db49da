"""Word clusters by word2vec and binary k-means, the number of papers that a word stands in, and words that are mostly written small."""

from __future__ import annotations

from collections import Counter

import numpy as np
from gensim.models import Word2Vec
from sklearn.cluster import KMeans

from kg.extract.document import read_document
from training.corpus import arguments, read_papers

_DEPTH, _LEAST = 10, 8
_COMMON, _SMALL = 25, 0.6


def _split(vectors: np.ndarray, rows: np.ndarray, prefix: str, codes: list[str]) -> None:
    """Give each row a string of bits: which half it fell into, again and again."""
    halves = KMeans(2, n_init=3, random_state=0).fit(vectors[rows]).labels_ if len(prefix) < _DEPTH and len(rows) >= _LEAST else None
    if halves is None or halves.min() == halves.max():
        for row in rows:
            codes[row] = prefix
        return
    for bit in (0, 1):
        _split(vectors, rows[halves == bit], prefix + str(bit), codes)


def main() -> None:
    """Write clusters.tsv, papers.tsv and common_words.txt."""
    options = arguments(__doc__, "papers")
    sentences: list[list[str]] = []
    papers: Counter[str] = Counter()
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for paper in read_papers(options.papers):
        document = read_document(paper)
        papers.update({token.lower() for token in document.tokens})
        for number, (first, last) in enumerate(document.sentences):
            tokens = document.tokens[first:last]
            sentences.append(["<url>" if token.startswith("http") else token.lower() for token in tokens])
            for token in tokens[1:] if number else ():
                (capital if token[:1].isupper() else small)[token.lower()] += 1
    model = Word2Vec(sentences, vector_size=80, window=3, min_count=4, sg=1, negative=8, epochs=6, workers=1, seed=1)
    vectors = model.wv.vectors / np.linalg.norm(model.wv.vectors, axis=1, keepdims=True)
    codes = [""] * len(vectors)
    _split(vectors, np.arange(len(vectors)), "", codes)
    clusters = sorted(zip(model.wv.index_to_key, codes, strict=True))
    (options.work / "clusters.tsv").write_text("".join(f"{word}\t{code}\n" for word, code in clusters), "utf-8")
    (options.work / "papers.tsv").write_text("".join(f"{word}\t{n}\n" for word, n in sorted(papers.items()) if n >= 3), "utf-8")
    common = [w for w, n in small.items() if n >= _COMMON and w.isalpha() and w.isascii() and n >= _SMALL * (n + capital[w])]
    (options.work / "common_words.txt").write_text("\n".join(sorted({*common, "a", "i"})) + "\n", "utf-8")


if __name__ == "__main__":
    main()
