"""What rules look at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.rules import NEAR, REACH, find_rule
from kg.vocabulary import KINDS

WORDS = st.sampled_from(["use", "based on", "built upon", "for", "task of", "improving", "in", "a", "state-of-the-art", "Named,", "(via", "x"])


@given(st.lists(st.tuples(WORDS, st.sampled_from([" ", "  ", "\n"])), max_size=12), st.sampled_from(NEAR), st.sampled_from(KINDS))
def test_some_rules_look_at_the_last_words_alone(words: list[tuple[str, str]], relation: str, kind: str) -> None:
    before = "".join(word + space for word, space in words)
    near = "".join(f"{word} " for word in before.split()[-REACH:])
    assert find_rule(before, "", kind, relation) == find_rule(near, "", kind, relation)
