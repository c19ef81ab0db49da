"""Copy what was learnt into the package's data."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from training.corpus import arguments

PARTS = {
    "tagger": ("labels.json", "features.txt", "words.txt", "words.npy", "clusters.txt", "rows.npy", "weights.npy", "transitions.npy"),
    "judge": ("weights.npz", "words.txt", "phrases.tsv", "heads.tsv", "papers.tsv"),
}


def main() -> None:
    """Copy each part, and the common words."""
    work, data = arguments(__doc__).work, Path(str(files("kg.data")))
    for part, names in PARTS.items():
        folder = work / ("tagger-all" if part == "tagger" else part)
        for name in names:
            source = folder / name
            shutil.copy(source if source.exists() else work / name, data / part / name)
    shutil.copy(work / "common_words.txt", data / "common_words.txt")


if __name__ == "__main__":
    main()
