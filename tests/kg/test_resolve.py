"""What all papers together say is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from kg import lexicon
from kg.names import key
from kg.resolve.corrections import CorrectionError, Corrections, read_corrections
from kg.resolve.entities import Decision, Refusal, Use, choose_acronyms, decide, follow_acronyms, known_roots, prefer_senses


@dataclass(frozen=True)
class Known:
    """A lexicon of a few lines: names with kinds and aliases."""

    name: str
    kinds: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    note: str = ""


class Lexicon:
    def __init__(self, *entries: Known) -> None:
        self._entries = entries

    def lookup(self, wanted: str) -> Sequence[Known]:
        return [e for e in self._entries if wanted in {key(n) for n in (e.name, *e.aliases, *e.ambiguous)}]


NONE = Corrections()
SGD = (Known("SGD", ("technique",), ("stochastic gradient descent",)), Known("SGD", ("dataset",), ("Schema-Guided Dialogue",)))



def own_aliases(line: str) -> list[tuple[str, str]]:
    """The aliases of a lexicon of one line."""
    return list(lexicon.Lexicon([lexicon.read_entry(line)], shipped=False).aliases())


def choose_roots(aliases: list[tuple[str, str, int]], known: Lexicon, said: Corrections) -> tuple[dict[str, tuple[str, str]], list[Refusal]]:
    """Which keys are read as others, and the acronyms that nobody can tell."""
    chosen = list(choose_acronyms(sorted(aliases), known, said))
    found = {item[0]: item[1:] for item in chosen if not isinstance(item, Refusal)}
    return follow_acronyms(found, said), [item for item in chosen if isinstance(item, Refusal)]


def use(text: str, group: str, weight: int = 900, papers: int = 1, introduced: int = 0) -> Use:
    weights = tuple(weight * papers if slot == {"resource": 0, "technique": 2, "model": 3, "task": 4}[group] else 0 for slot in range(5))
    return Use(key(text), text, group, papers, papers, weights, weight, introduced)


def decisions(uses: list[Use], lexicon: Lexicon, corrections: Corrections = NONE, preferred: dict[str, str] | None = None) -> list[Decision]:
    return [d for d in decide(sorted(uses, key=lambda u: u.root), lexicon, corrections, preferred or {}) if isinstance(d, Decision)]


def test_an_alias_of_the_lexicon_is_its_name() -> None:
    roots = known_roots(own_aliases("COCO | dataset | vision | MS COCO; Microsoft COCO |"), NONE)
    assert roots[key("Microsoft COCO")][0] == key("COCO")


def test_an_acronym_is_read_as_what_the_papers_that_define_it_say() -> None:
    roots, refusals = choose_roots([("mmd", "maximummeandiscrepancy", 5), ("mmd", "multimodaldata", 1)], Lexicon(), NONE)
    assert roots["mmd"][0] == "maximummeandiscrepancy"
    assert refusals == []


def test_an_acronym_that_papers_define_differently_stays_apart_and_is_reported() -> None:
    roots, refusals = choose_roots([("mmd", "maximummeandiscrepancy", 2), ("mmd", "multimodaldata", 2)], Lexicon(), NONE)
    assert "mmd" not in roots
    assert {r.other for r in refusals} == {"maximummeandiscrepancy", "multimodaldata"}


def test_two_acronyms_that_define_each_other_end() -> None:
    roots, _ = choose_roots([("aa", "bb", 1), ("bb", "aa", 1)], Lexicon(), NONE)
    assert len(roots) <= 2


def test_homonyms_of_the_lexicon_are_told_apart_by_the_kind_that_the_text_favours() -> None:
    found = decisions([use("SGD", "technique", papers=3), use("SGD", "resource")], Lexicon(*SGD))
    assert {(d.group, d.id) for d in found} == {("technique", "technique/sgd"), ("resource", "dataset/sgd")}


def test_a_homonym_that_fits_no_meaning_is_none_of_them() -> None:
    (found,) = decisions([use("SGD", "model")], Lexicon(*SGD))
    assert found.id == "model/sgd"


def test_an_ambiguous_acronym_is_what_papers_define_whatever_the_lexicon_has() -> None:
    mixed = Known("linear mixed-effects model", ("technique",), (), ("LMM",))
    rows = [(key("LMM"), key("large multimodal model"), 9)]
    assert [row[:2] for row in choose_acronyms(rows, Lexicon(mixed), NONE) if not isinstance(row, Refusal)] == [(key("LMM"), key("large multimodal model"))]
    assert own_aliases("linear mixed-effects model | technique | | | ambiguous LMM") == []


def test_an_acronym_of_two_tasks_is_the_one_that_papers_define() -> None:
    answering = Known("visual question answering", ("task",), ("VQA",))
    quality = Known("video quality assessment", ("task",), ("VQA",))
    known = Lexicon(answering, quality)
    preferred = prefer_senses([("vqa", key("visual question answering"), 9), ("vqa", key("video quality assessment"), 1)], known)
    assert [d.id for d in decisions([use("VQA", "task")], known, preferred=preferred)] == ["task/visual-question-answering"]
    assert [d.id for d in decisions([use("VQA", "task")], known)] == ["task/vqa"]


def test_names_that_two_papers_introduce_as_different_kinds_stay_apart() -> None:
    found = decisions([use("LEO", "model", introduced=900), use("LEO", "resource", introduced=900)], Lexicon())
    assert {d.id for d in found} == {"model/leo", "dataset/leo"}


def test_the_kind_is_the_weight_of_all_that_is_said() -> None:
    (found,) = decisions([use("Zed", "model", papers=5), use("Zed", "technique", papers=2)], Lexicon(), NONE)
    assert found.id == "model/zed"


def test_a_name_that_nothing_supports_is_left_out_with_a_reason() -> None:
    (found,) = decide([use("Results", "technique", weight=200, papers=4)], Lexicon(), NONE, {})
    assert isinstance(found, Refusal)
    assert "not supported" in found.reason


def test_what_one_paper_introduces_is_recognised_in_the_others() -> None:
    (found,) = decisions([use("Zed", "model", weight=300, papers=3), use("ZED", "model", weight=900, introduced=900)], Lexicon())
    assert found.prior >= 800


def test_a_person_can_name_reject_and_change_a_kind() -> None:
    said = read_corrections(["# mine", "same | Zee | Zed", "kind | Zed | technique", "not an entity | Results"])
    roots, _ = choose_roots([], Lexicon(), said)
    assert roots["zee"] == ("zed", "corrected by hand")
    found = decisions([use("Zed", "model"), use("Results", "technique")], Lexicon(), said)
    assert [(d.id, d.kinds) for d in found] == [("technique/zed", ("technique",))]


def test_a_person_can_keep_names_apart() -> None:
    said = read_corrections(["different | MS COCO | COCO", "different | MMD | maximum mean discrepancy"])
    assert known_roots(own_aliases("COCO | dataset | vision | MS COCO |"), said) == {}
    assert choose_roots([("mmd", "maximummeandiscrepancy", 5)], Lexicon(), said)[0] == {}


@pytest.mark.parametrize("line", ["same | A", "kind | A | robot", "nothing | A | B", "not an entity |"])
def test_a_correction_of_another_form_is_an_error_with_its_line(line: str) -> None:
    with pytest.raises(CorrectionError, match=r"mine\.txt:2"):
        read_corrections(["", line], "mine.txt")
