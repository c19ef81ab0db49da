"""Keys and slugs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import key, keys, slug, title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MS-COCO", "MS COCO dataset"),
        ("LLMs", "LLM"),
        ("Vision Transformers", "vision transformer"),
        ("ＭＭＭＵ", "MMMU"),
        ("GANs", "GAN"),
        ("HumanEval+", "HumanEvalPlus"),
        ("HumanEval+ benchmark", "HumanEval Plus"),
        ("C++", "C ++"),
        ("RGB+D", "RGBD"),
        ("CLIP+LoRA", "CLIP + LoRA"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


_NAMES = st.one_of(
    st.text(max_size=9),
    st.lists(st.sampled_from(["LLM", "s", "S", "Data", "set", "sets", "models", " ", "-", "+", "\t", "\u212a", "é", "3"]), max_size=5).map("".join),
)


@given(st.lists(_NAMES, max_size=5))
def test_keys_of_many_are_those_of_each(names: list[str]) -> None:
    assert keys(names) == list(map(key, names))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ImageNet", "ImageNet-1K"),
        ("C", "C++"),
        ("loss", "los"),
        ("VQA", "VQAv2"),
        ("MM1", "MM1.5"),
        ("HumanEval", "HumanEval+"),
        ("PointNet", "PointNet++"),
        ("UNet+", "UNet++"),
        ("CD4+ cell", "CD4 cell"),
    ],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(st.text(max_size=40))
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert key(key(name)) == key(name)


@given(st.text("aB1+ -_#s.⁺＋", max_size=12))
def test_the_key_of_a_key_with_plus_signs_is_itself(name: str) -> None:
    assert key(key(name)) == key(name)


@given(st.text(max_size=200))
def test_a_slug_is_short_and_never_empty(text: str) -> None:
    made = slug(text)
    assert 0 < len(made) <= 81
    assert not set(made) & set(" /?#<>\"'")


@given(st.text(max_size=200), st.text(max_size=200))
def test_names_with_one_slug_have_one_key(one: str, other: str) -> None:
    if slug(one) == slug(other):
        assert title_key(one) == title_key(other)
