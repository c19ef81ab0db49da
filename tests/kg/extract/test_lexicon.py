"""The lexicon that ships: each line can be read, the files are sorted, no name stands twice, and it is as broad as promised."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from kg.extract.forms import find_forms, read_forms, write_forms
from kg.extract.matcher import Matcher
from kg.lexicon import Entry, Lexicon, LexiconError, read_entry, read_lines
from kg.names import key

_FILES = {
    item.name.removesuffix(".txt"): item.read_text("utf-8").splitlines()
    for item in sorted((files("kg.data") / "lexicon").iterdir(), key=lambda item: item.name)
    if item.name.endswith(".txt")
}
_GROUP = {"dataset": "resources", "benchmark": "resources", "technique": "techniques", "model": "models", "task": "tasks"}


def entries(name: str) -> list[Entry]:
    return list(read_lines(_FILES[name], name))


@pytest.mark.parametrize("name", _FILES)
def test_lines_are_read_and_sorted(name: str) -> None:
    lines = _FILES[name]
    assert len(entries(name)) == len(lines)
    assert lines == sorted(lines, key=lambda line: (line.split(" | ")[0].casefold(), line))


def test_entries_that_are_read_when_asked_for_are_those_of_the_lines() -> None:
    assert sorted(Lexicon().entries, key=repr) == sorted((entry for name in _FILES for entry in entries(name)), key=repr)


@pytest.mark.parametrize("name", _FILES)
def test_entries_stand_in_their_file_once(name: str) -> None:
    names = Counter(key(entry.name) for entry in entries(name))
    assert [found for found, count in names.items() if count > 1] == []
    assert {_GROUP[entry.kinds[0]] for entry in entries(name)} == {name}


@pytest.mark.parametrize("name", _FILES)
def test_an_alias_is_not_the_name_again(name: str) -> None:
    wrong = [(e.name, a) for e in entries(name) for a in e.aliases if key(a) == key(e.name)]
    assert wrong == []


@pytest.mark.parametrize("name", _FILES)
def test_an_alias_is_not_the_name_of_another_entry(name: str) -> None:
    names = {key(entry.name): entry.name for entry in entries(name)}
    assert [(e.name, a) for e in entries(name) for a in e.aliases if names.get(key(a), e.name) != e.name] == []


def test_a_task_that_is_also_a_technique_is_one_entry() -> None:
    tasks, techniques = ({key(entry.name) for entry in entries(name)} for name in ("tasks", "techniques"))
    assert tasks & techniques == set()


def test_an_alias_is_not_the_name_of_another_task_or_technique() -> None:
    group = [entry for name in ("tasks", "techniques") for entry in entries(name)]
    names = {key(entry.name): entry.name for entry in group}
    assert [(e.name, a) for e in group for a in e.aliases if names.get(key(a), e.name) != e.name] == []


def test_nothing_is_linked_with_itself_or_with_what_is_not_there() -> None:
    found = [entry for name in _FILES for entry in entries(name)]
    names = {key(name) for entry in found for name in (entry.name, *entry.aliases)}
    links = [(entry.name, relation, other) for entry in found for relation, other in entry.links]
    assert [link for link in links if key(link[2]) == key(link[0]) or key(link[2]) not in names] == []


def test_an_alias_without_a_mark_means_one_thing() -> None:
    owners: dict[str, set[str]] = {}
    for name in _FILES:
        for entry in entries(name):
            for alias in entry.aliases:
                owners.setdefault(key(alias), set()).add(entry.name)
    assert {alias: names for alias, names in owners.items() if len(names) > 1} == {}


def test_the_forms_that_ship_are_those_of_the_lexicon(tmp_path: Path) -> None:
    write_forms(tmp_path / "forms.txt")
    assert (tmp_path / "forms.txt").read_bytes() == (files("kg.data") / "forms.txt").read_bytes(), "`make lexicon` writes them anew"


def test_forms_that_are_read_stand_for_the_same_names_as_those_worked_out() -> None:
    ready, found = read_forms(Lexicon()), find_forms(Lexicon())
    assert ready == found
    assert [found.names(which) for which, form in enumerate(found.marked) if found.form(which) in ("gpt 4", "mscoco")] == [["GPT-4"], ["MS COCO"]]


@pytest.mark.parametrize(("name", "least"), [("resources", 2500), ("techniques", 1500), ("models", 1000), ("tasks", 600)])
def test_breadth(name: str, least: int) -> None:
    assert len(_FILES[name]) >= least


def test_spellings_of_one_thing_are_one_and_variants_are_not() -> None:
    lexicon = Lexicon()
    coco = {tuple(entry.name for entry in lexicon.find(name)) for name in ("COCO", "MS COCO", "MS-COCO", "Microsoft COCO")}
    assert len(coco) == 1
    assert len(coco.pop()) == 1
    assert lexicon.find("ImageNet")[0] is not lexicon.find("ImageNet-1K")[0]
    assert "VQAv2" not in {entry.name for entry in lexicon.find("VQA") if "task" in entry.kinds}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We test on MS-COCO.", "COCO"),
        ("It uses mixtures of experts and a mixture-of-experts layer.", "mixture of experts"),
        ("compared with GPT 4 and GPT-4", "GPT-4"),
        ("on HumanEvalPlus and others", "HumanEval+"),
        ("PointNet++-style sampling", "PointNet++"),
    ],
)
def test_names_are_found_in_any_spelling(text: str, name: str) -> None:
    assert name in {entry.name for hit in Matcher(Lexicon()).find(text) for entry in hit.known.entries}


def test_a_name_that_goes_on_with_a_plus_sign_is_another() -> None:
    text = "HumanEval+ beside HumanEval, PointNet++ and ResNet++ but CLIP+LoRA"
    found = [entry.name for hit in Matcher(Lexicon()).find(text) for entry in hit.known.entries]
    assert found == ["HumanEval+", "HumanEval", "PointNet++", "CLIP", "LoRA"]


def test_a_version_that_goes_on_is_another() -> None:
    text = "GPT-3.7 beside GPT-3. ImageNet, CIFAR-10."
    found = [entry.name for hit in Matcher(Lexicon()).find(text) for entry in hit.known.entries]
    assert found == ["GPT", "GPT-3", "ImageNet", "CIFAR-10"]


@pytest.mark.parametrize(
    "text",
    [
        "There are multiple ways in a large set.",
        "For instance, at each round we share the aim.",
        "Part of it is due to the shape.",
        "the simplest points",
        "These AIs find clues of gas mass in a 2D movie.",
    ],
)
def test_common_words_are_no_names(text: str) -> None:
    hits = Matcher(Lexicon()).find(text)
    assert [text[hit.start : hit.end] for hit in hits if not any(entry.is_word or entry.is_broad for entry in hit.known.entries)] == []


@pytest.mark.parametrize("line", ["", "name", "name | thing | vision", " | task"])
def test_a_wrong_line_says_where(line: str) -> None:
    with pytest.raises(LexiconError, match=r"mine\.txt:7"):
        read_entry(line, "mine.txt", 7)
