"""The table of rules: what a clause says of a name in it. One line a rule; the first that fits counts.

A rule looks at the words before the name in its sentence, or after it, never at other rules. It names the evidence, and where nothing
learnt is used it decides the relation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kg.extract.anycase import AnyCase


@dataclass(frozen=True, slots=True)
class Rule:
    """`before` must match up to the name, `after` from the name on; `kinds` limits what the name may be."""

    name: str
    relation: str
    before: AnyCase | None = None
    after: AnyCase | None = None
    kinds: tuple[str, ...] = ()


def _before(pattern: str) -> AnyCase:
    return AnyCase(rf"(?:{pattern})$")


def _after(pattern: str) -> AnyCase:
    return AnyCase(rf"^(?:{pattern})")


_DATA = ("dataset", "benchmark")
_LIST = r"(?:[^.;:()]{0,90}?)"
_MAKE = r"(?:introduc|propos|present|develop|releas|construct|build|creat|design|contribut|devis|establish|curat|collect)\w*"
_NAME = r"(?:call(?:ed)?|dub(?:bed)?|term(?:ed)?|nam(?:ed|ely)|coin(?:ed)?|denoted(?: as| by)?|referred to as|i\.e\.,?)"

# between "trained on" and the name stands a list, but no word that begins another clause
_OTHER_CLAUSE = r"(?:evaluat|test|experiment|benchmark|outperform|achiev|report|show|result|transfer|improv|compar|reach|obtain|attain|yield|scor|accura|gain|state-of-the-art|generali[sz]|demonstrat)"
_TRAINED = _before(
    r"\b(?:pre-?train|fine-?tun|train)(?:ed|s|ing|e)?\s+(?:(?!(?:on|method|cost|evaluat|test|and)\b)[\w.+-]+\s+){0,4}(?:on|with|using|over)\s+"
    rf"(?:(?!{_OTHER_CLAUSE})[^.;:()])*"
)

RULES = (
    Rule("we-call", "introduces", _before(rf"\b{_NAME}\s+(?:(?:our|the|this|it|as)\s+(?:[\w-]+\s+){{0,2}})?[\"'“`\\{{*]*")),
    Rule("we-introduce", "introduces", _before(rf"\b(?:we|paper|work|study|article|authors?)\b(?:\s+\w+){{0,4}}\s+{_MAKE}\s+(?:\W*\w+\W+){{0,7}}")),
    Rule("is-a-new", "introduces", None, _after(r",?\s*(?:is\s+)?(?:a|an|the first)\s+(?:\w+[\s-]+){0,2}(?:novel|new|first|large-scale|comprehensive)\b")),
    Rule("trained-on", "trains_on", _TRAINED, None, _DATA),
    Rule("compared-with", "compares_to", _before(rf"\b(?:outperform|surpass|exceed|beat|compar)\w*\s+(?:to|with|against)?\s*{_LIST}"), None, ("model", "technique")),
    Rule("better-than", "compares_to", _before(r"\b(?:than|over|against|versus|vs\.?)\s+(?:[\w-]+\s+){0,4}"), None, ("model", "technique")),
    Rule("such-as", "mentions", _before(r"\b(?:existing|previous|prior|recent|current|traditional|conventional)\b[^.;]{0,60}\b(?:such as|like|e\.g\.,?)\s+" + _LIST)),
    Rule("unlike", "mentions", _before(r"\b(?:unlike|in contrast to|rather than|instead of|without|despite|although|while)\s+(?:[\w-]+\s+){0,4}")),
    Rule("evaluated-on", "evaluates_on", _before(rf"\b(?:experiment|evaluat|result|benchmark|test|validat|achiev|performance|accuracy|score|improv)\w*\b[^;]{{0,80}}\b(?:on|across|over)\s+{_LIST}"), None, _DATA),
    Rule("results-of", "evaluates_on", None, _after(r"\s+(?:dataset|benchmark|test set|leaderboard)s?\b[^.;]{0,40}(?:show|demonstrat|confirm|indicat|reveal)"), _DATA),
    Rule("tested-by", "evaluates_on", _before(r"\b(?:evaluat|benchmark|test|assess|examin|investigat|analy[sz])\w*\s+(?:[\w-]+\s+){0,5}"), None, ("model",)),
    Rule("addressed", "addresses", _before(r"\b(?:for|of|in|on|tackl\w+|address\w*|solv\w+|task of|problem of|improv\w+)\s+(?:[\w-]+\s+){0,4}"), None, ("task",)),
    Rule("used", "uses", _before(r"\b(?:us(?:e|es|ing)|utiliz\w+|employ\w*|leverag\w+|via|with|based on|built (?:up)?on|adopt\w*|appl\w+|through|by|combin\w+|integrat\w+|incorporat\w+)\s+(?:[\w-]+\s+){0,5}")),
    Rule("based", "uses", None, _after(r"-(?:based|guided|driven|style|powered)\b")),
)  # fmt: skip


REACH = 7  # words before a name, and no more, are what rules of these relations look at
NEAR = ("uses", "addresses")


def is_trained_on(before: str) -> bool:
    """Whether the words before a name say that something is trained on it, so plainly that nothing learnt is asked.

    >>> is_trained_on("We train LLaVA on "), is_trained_on("We train LLaVA on CC3M and evaluate it on ")
    (True, False)
    """
    lower = before.lower()
    return ("train" in lower or "tun" in lower or not before.isascii()) and _TRAINED.search(before) is not None


@lru_cache(maxsize=1_000)
def _rules_for(kind: str, relation: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if (not relation or rule.relation == relation) and (not rule.kinds or kind in rule.kinds))


def find_rule(before: str, after: str, kind: str, relation: str = "") -> Rule | None:
    """The first rule that fits a name between these words; where a relation is given, the first that speaks for it."""
    for rule in _rules_for(kind, relation):
        if (rule.before is None or rule.before.search(before)) and (rule.after is None or rule.after.search(after)):
            return rule
    return None
