"""The families of rules, each by its file of texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.extract.acronyms import find_definitions
from kg.extract.citations import find_citations
from kg.extract.document import read_documents
from kg.extract.mentions import find_title_name
from kg.extract.references import find_references
from kg.extract.rules import RULES
from kg.records import Paper

_CASES = Path(__file__).parents[2] / "cases"


def _read(name: str) -> Iterator[tuple[str, list[str]]]:
    text = ""
    wanted: list[str] = []
    for line in (_CASES / name).read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("> "):
            if text:
                yield text, wanted
            text, wanted = line[2:], []
        elif name == "links.txt" and not line.startswith("@"):
            text += "\n" + line
        else:
            wanted.append(line.removeprefix("@ "))
    yield text, wanted


def _cases(name: str) -> list[tuple[str, list[str]]]:
    return [(text, [] if wanted == ["nothing"] else wanted) for text, wanted in _read(name)]


@pytest.mark.parametrize(("text", "wanted"), _cases("links.txt"))
def test_links(text: str, wanted: list[str]) -> None:
    found: dict[str, set[str]] = {}
    for statement in find_references(read_documents([Paper("p", "A title", text)]))[0]:
        if statement.relation != "cites":
            found.setdefault(statement.name, set()).add(statement.relation)
    assert found == {url: set(relations.split()) for url, _, relations in (line.partition(" | ") for line in wanted)}


@pytest.mark.parametrize(("text", "wanted"), _cases("acronyms.txt"))
def test_acronyms(text: str, wanted: list[str]) -> None:
    texts = read_documents([Paper("p", "", text)])
    assert [f"{texts.text[d.start : d.end]} = {texts.text[d.short_start : d.short_end]}" for d in find_definitions(texts)[0]] == wanted


@pytest.mark.parametrize(("text", "wanted"), _cases("citations.txt"))
def test_citations(text: str, wanted: list[str]) -> None:
    assert sorted(c.name for c in find_citations("abstract", text)) == sorted(wanted)


@pytest.mark.parametrize(("text", "wanted"), _cases("titles.txt"))
def test_own_name_in_title(text: str, wanted: list[str]) -> None:
    place = find_title_name(text)
    assert ([text[slice(*place)]] if place else []) == wanted


def _clauses() -> Iterator[tuple[str, str, bool, str, str]]:
    name = kind = ""
    for line in (_CASES / "rules.txt").read_text("utf-8").splitlines():
        if line.startswith("= "):
            _, name, kind = line.split()
        elif line[:1] in ("+", "-"):
            before, _, after = line[2:].replace("]]", "[[").partition("[[")
            yield name, kind, line[0] == "+", before, after.partition("[[")[2]


@pytest.mark.parametrize(("name", "kind", "fits", "before", "after"), list(_clauses()))
def test_rules(name: str, kind: str, fits: bool, before: str, after: str) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    assert not rule.kinds or kind in rule.kinds
    found = (rule.before is None or rule.before.search(before)) and (rule.after is None or rule.after.search(after))
    assert bool(found) is fits


def test_every_rule_has_a_case() -> None:
    tested = {name for name, *_ in _clauses()}
    assert {rule.name for rule in RULES} == tested
