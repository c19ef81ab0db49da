"""Names of one paper that begin or end alike."""

from __future__ import annotations

from kg.extract import Extractor
from kg.extract.kin import KIN
from kg.extract.phrases import read_phrases
from kg.extract.relations import read_words
from kg.extract.traits import PLACE, Gauge
from kg.extract.types import TypeFacts
from kg.records import Paper


def _traits(title: str, abstract: str, others: int = 0) -> dict[str, dict[str, float]]:
    extractor = Extractor()
    papers = [Paper("p", title, abstract), *[Paper("q", f"Image Segmentation {n}", "We segment images.") for n in range(others)]]
    chunk = extractor.gather(papers)
    assert extractor._tagger is not None
    rows = Gauge(read_phrases(), TypeFacts(extractor._tagger.types, read_words().number)).measure(chunk)
    own = [n for n in range(len(chunk)) if chunk.owner[n] == 0]
    return {min(chunk.surfaces(n)).lower(): {name: float(rows[n, PLACE[name]]) for name in KIN} for n in own}


def test_a_longer_name_with_the_same_ends_is_seen_from_both() -> None:
    found = _traits("Clinical Risk Prediction", "We study clinical prediction, and image segmentation too.")
    short, long = found["clinical prediction"], found["clinical risk prediction"]
    for alike in ("begins alike", "ends alike", "is alike at both ends"):
        assert short[f"longer {alike}"] > 0 < long[f"shorter {alike}"]
    assert not any(found["image segmentation"].values())


def test_other_papers_play_no_part() -> None:
    alone = _traits("Medical Image Segmentation", "We study image segmentation.")
    assert alone == _traits("Medical Image Segmentation", "We study image segmentation.", others=3)
