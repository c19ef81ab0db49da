"""What a paper's statements promise, whatever the words."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.extract import Extractor
from kg.extract.acronyms import find_definitions
from kg.extract.chain import find_best, find_marginals, order_tokens
from kg.extract.document import read_document, read_documents
from kg.extract.explain import explain_paper
from kg.extract.judge import LEAST
from kg.lexicon import Lexicon, read_entry
from kg.records import Paper, Statement
from kg.resolve.entities import ACCEPTED, blend

ABSTRACT = (
    "Vision-language models such as CLIP struggle with counting. We introduce CountSet, a dataset of 10,000 images, and propose FooNet, which"
    " is trained on LAION-400M with contrastive learning. FooNet outperforms BLIP-2 on MMMU and VQAv2. Code: https://github.com/foo/foonet."
)
PAPER = Paper("p1", "FooNet: Learning to Count", ABSTRACT)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def by_name(statements: tuple[Statement, ...]) -> dict[str, Statement]:
    return {surface: s for s in statements for surface in (s.name, *s.surfaces)}


def test_reads_names_kinds_and_relations(extractor: Extractor) -> None:
    found = by_name(extractor.extract(PAPER))
    for name, kind, relation in (
        ("FooNet", ("model", "technique"), "introduces"),
        ("CountSet", ("dataset", "benchmark"), "introduces"),
        ("contrastive learning", ("technique",), "uses"),
        ("BLIP-2", ("model",), "compares_to"),
        ("MMMU", ("benchmark", "dataset"), "evaluates_on"),
        ("VQAv2", ("benchmark", "dataset"), "evaluates_on"),
        ("https://github.com/foo/foonet", ("repository",), "has_code"),
    ):
        assert found[name].kinds[0][0] in kind, name
        assert found[name].relation == relation, name


def test_rules_alone_find_what_the_lexicon_knows() -> None:
    found = by_name(Extractor(learned=False).extract(PAPER))
    assert found["MMMU"].relation == "evaluates_on"
    assert found["LAION-400M"].relation == "trains_on"
    assert found["FooNet"].relation == "introduces"


def test_a_user_adds_names() -> None:
    lexicon = Lexicon([read_entry("CountSet | benchmark | vision | Set of Counts")])
    statement = by_name(Extractor(lexicon, learned=False).extract(PAPER))["CountSet"]
    assert statement.kinds[0][0] == "benchmark"


def check_places(paper: Paper, statements: tuple[Statement, ...]) -> None:
    texts = {"title": paper.title, "abstract": paper.abstract, **{f"references/{n}": r for n, r in enumerate(paper.references)}}
    for statement in statements:
        assert statement.evidence
        assert 0 < sum(p for _, p in statement.kinds) <= 1.0001
        assert statement.surfaces == tuple(sorted(set(statement.surfaces)))
        for e in statement.evidence:
            text = texts[e.field]
            assert text[e.start : e.end] == e.quote
            assert text[e.name_start : e.name_end] in statement.surfaces
            assert e.start <= e.name_start < e.name_end <= e.end
            assert 0 <= e.confidence <= 1


PIECES = st.sampled_from(
    ["ImageNet", "CLIP", "We propose ", "FooNet", " (FN)", ". ", "\n", "mixture of experts", " on ", "https://github.com/a/b", "{", "}", "\\method ", "é", "İ",
     "GPT-4", "-based", ", ", " and ", "We evaluate", " trained on ", "COCO", "s", "é", " ", "(", ")", "vision language models", "10.1145/1.2"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXTS, abstract=TEXTS, references=st.lists(TEXTS, max_size=2))
@example(title="", abstract="mixture of experts\\method ", references=[])
def test_every_place_cuts_its_words(extractor: Extractor, title: str, abstract: str, references: list[str]) -> None:
    paper = Paper("p", title, abstract, references=tuple(references))
    statements = extractor.extract(paper)
    check_places(paper, statements)
    assert extractor.extract_many([PAPER, paper, PAPER])[1] == statements


@settings(max_examples=100)
@given(TEXTS, TEXTS)
def test_tokens_and_sentences_cover_the_text(title: str, abstract: str) -> None:
    document = read_document(Paper("p", title, abstract))
    assert all(document.text[a:b] == token for token, a, b in zip(document.tokens, document.starts, document.ends, strict=True))
    assert [i for first, last in document.sentences for i in range(first, last)] == list(range(len(document.tokens)))


def test_an_empty_paper_says_nothing(extractor: Extractor) -> None:
    assert extractor.extract(Paper("p", "", "")) == ()


def test_explains_what_was_found_and_what_was_turned_down(extractor: Extractor) -> None:
    rows = explain_paper(extractor, PAPER)
    verdicts = {row.name: row.verdict for row in rows}
    assert verdicts["MMMU"] == "found"
    assert {s.name for s in extractor.extract(PAPER)} == {row.name for row in rows if row.verdict != "turned down"}
    assert all(row.reason and row.places for row in rows)


def _definitions(title: str, abstract: str) -> list[tuple[str, str]]:
    texts = read_documents([Paper("p", title, abstract)])
    return [(texts.text[d.start : d.end], texts.text[d.short_start : d.short_end]) for d in find_definitions(texts)[0]]


def test_an_acronym_means_what_the_text_says() -> None:
    text = "We propose plug-and-play\npriors with Plug-and-Play (PnP) iterations. PnP is fast."
    assert _definitions("", text) == [("Plug-and-Play", "PnP")]
    names = {s.name for s in Extractor(learned=False).extract(Paper("p", "A Title", text))}
    assert "perspective-n-point" not in names


def test_a_size_counts_where_an_acronym_means_something_else() -> None:
    text = "Vision-Audio-Language Omni-Perception (VALOR) is trained. The dataset VALOR-1M is large."
    candidates = Extractor(learned=False).gather([Paper("p", "A Title", text)]).candidates
    assert [entry.name for entries in candidates.entries for entry in entries] == ["VALOR-1M"]


@pytest.mark.parametrize(
    ("title", "abstract", "wanted"),
    [
        ("PolFS: Polar Foam Splatting for Shiny Surfaces", "We splat foam.", [("Polar Foam Splatting", "PolFS")]),
        ("Grain Recall Test: A Benchmark", "GRT holds 300 grains. GRT is hard.", [("Grain Recall Test", "GRT")]),
        ("Grain Recall Test: A Benchmark", "The General Research Tool (GRT) is hard.", [("General Research Tool", "GRT")]),
        ("GRT: It is not so Simple", "GRT is hard.", []),
    ],
)  # fmt: skip
def test_the_title_says_what_an_acronym_means(title: str, abstract: str, wanted: list[tuple[str, str]]) -> None:
    assert _definitions(title, abstract) == wanted


def test_a_long_form_may_be_broken_by_a_line() -> None:
    text = "We propose Selective\nAttention Federated Learning (SAFL)."
    assert _definitions("", text) == [("Selective\nAttention Federated Learning", "SAFL")]


def test_what_a_term_is_built_into_is_the_term() -> None:
    found = Extractor(learned=False).extract(Paper("p", "A Title", "We use mixture-of-experts layers. Mixture of experts is sparse."))
    assert [s.name for s in found if "expert" in s.name.lower()] == ["mixture of experts"]


def test_a_paper_says_the_same_alone_and_among_others(extractor: Extractor) -> None:
    lines = (files("kg.data") / "sample" / "papers.jsonl").read_text("utf-8").splitlines()[:24]
    papers = [Paper(str(n), record["title"], record["abstract"]) for n, record in enumerate(map(json.loads, lines))]
    together = extractor.extract_many(papers)
    assert any(together)
    assert together == [extractor.extract(paper) for paper in papers]
    assert together == extractor.extract_many(papers[::-1])[::-1]


@pytest.mark.parametrize("columns", [1, 2, 3, 5, 8, 17, 64])
def test_the_chain_of_a_sentence_does_not_see_its_neighbours(columns: int) -> None:
    draw = np.random.default_rng(columns)
    lengths = draw.integers(1, 12, columns)
    scores = draw.integers(-4000, 4000, (int(lengths.sum()), 11)).astype(np.int16)
    more = draw.integers(-500, 500, (3, len(scores))).astype(np.int32)
    transitions = draw.integers(-6400, 200, (11, 11)).astype(np.int32)
    begins = np.concatenate([[0], np.cumsum(lengths)])
    step = np.exp(transitions / 256.0)
    order = order_tokens(begins)
    ordered = np.ascontiguousarray(scores[order.tokens].T)
    probabilities, labels = find_marginals(order, ordered, step, 256.0)[order.place], find_best(order, ordered, transitions, more)
    for begin, end in pairwise(begins.tolist()):
        alone, own = order_tokens(np.array([0, end - begin])), np.ascontiguousarray(scores[begin:end].T)
        assert (find_marginals(alone, own, step, 256.0) == probabilities[begin:end]).all()
        assert (find_best(alone, own, transitions, more[:, begin:end]) == labels[:, begin:end]).all()


def test_a_name_behind_a_bracket_begins_with_its_first_word() -> None:
    text = "We add three modules: Adaptive Feature Fusion (AFF), Local-Global Feature Mixing (LGFM), and Cross-Gated Attention (CGA)."
    for statement in Extractor().extract(Paper("p", "A Net with Modules", text)):
        assert all(surface[0].isalnum() for surface in statement.surfaces)


def test_no_name_goes_on_from_the_title_into_the_abstract(extractor: Extractor) -> None:
    title = "ICE-Bench: A Unified and Comprehensive Benchmark for Image Creating and Editing"
    abstract = (
        "Image generation has witnessed significant advancements in the past few\nyears. However, evaluating the performance of image "
        "generation models remains a\nformidable challenge."
    )
    places = [e for s in extractor.consider(Paper("p1", title, abstract)) for e in s.evidence]
    assert any(e.field == "title" and e.name_end > 50 for e in places)
    places += [e for s in extractor.consider(Paper("p1", "CLIP(CLIP", "ImageNet)")) for e in s.evidence]
    assert all(e.start <= e.name_start < e.name_end <= e.end for e in places)


def test_each_name_of_an_enumeration_is_looked_at(extractor: Extractor) -> None:
    paper = Paper("p", "A study", "We train models for fundamental frequency tracking, phone classification, and word segmentation of speech.")
    considered = by_name(extractor.consider(paper))
    assert {"fundamental frequency tracking", "phone classification", "word segmentation"} <= considered.keys()


def test_what_a_title_is_about_is_the_papers_own(extractor: Extractor) -> None:
    text = "NeRF renders views of a scene. A network maps a place and a direction to density and radiance."
    found = by_name(extractor.extract(Paper("p", "NeRF: Representing Scenes as Neural Radiance Fields for View Synthesis", text)))
    assert found["NeRF"].relation == "introduces"


def test_nobody_introduces_what_is_broad(extractor: Extractor) -> None:
    text = "In the past year, MultiModal Large Language Models (MM-LLMs) have undergone substantial advancements."
    found = extractor.extract(Paper("p", "MM-LLMs: Recent Advances in MultiModal Large Language Models", text))
    assert "introduces" not in {s.relation for s in found if s.name == "multimodal large language model"}


def test_what_is_stated_can_become_a_link(extractor: Extractor) -> None:
    least = round(1000 * LEAST)
    assert blend(least - 1, 1000) < ACCEPTED <= blend(least, 1000)
    for statement in extractor.extract(PAPER):
        assert sum(share for _, share in statement.kinds) >= LEAST - 0.08  # of five kinds, those of less than two percent are left out
