"""The key under which two spellings are one name, and the slugs that ids are made of. Everybody uses these."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

_CLASS_WORD = re.compile(
    r"(?:\s+(?:datasets?|data sets?|benchmarks?|corpus|corpora|challenge|models?|tasks?|test sets?|method|framework|algorithm)"
    r"|[_-]+(?:datasets?|benchmarks?|corpus))+$",
    re.I,
)
CLASS_ENDS = (  # a name may lose them where they are its last word
    "set", "sets", "dataset", "datasets", "benchmark", "benchmarks", "corpus", "corpora", "challenge", "model", "models", "task", "tasks",
    "method", "framework", "algorithm",
)  # fmt: skip
_CLASS_TAILS = frozenset(end[-3:] for end in CLASS_ENDS)
_BETWEEN = "\0"
_NOT_WORD = re.compile(r"[\W_]+")
_ENDING_PLUS = re.compile(r"(?<=[^\W_])\++(?![\w+])")
_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}
_PLAIN = re.compile(r"[\w\s.,:;/_()'\u2010-\u2015-]*")
_SLUG_LENGTH = 72


def spell_plus(text: str) -> str:
    """The text with "plus" for each plus sign that ends a word: "HumanEval+" is not HumanEval; a plus between words or letters stays.

    >>> spell_plus("PointNet++"), spell_plus("RGB+D"), spell_plus("CLIP + LoRA")
    ('PointNetplusplus', 'RGB+D', 'CLIP + LoRA')
    """
    return _ENDING_PLUS.sub(lambda found: "plus" * len(found.group()), text)


def has_plus(text: str, end: int) -> bool:
    """Whether a name that ends here goes on with a plus sign, so that it is another name: PointNet in "PointNet++"."""
    return _ENDING_PLUS.match(text, end) is not None


@lru_cache(maxsize=50_000)
def key(name: str) -> str:
    """The form for comparing: no case, punctuation, plural s or class word; empty where nothing is left.

    A plus that ends a word is spelt out, since what is called so is another thing.

    >>> key("MS-COCO dataset") == key("MS COCO")
    True
    >>> key("HumanEval+") == key("HumanEvalPlus") == key("HumanEval Plus") != key("HumanEval")
    True
    >>> key("Vision Transformers"), key("LLMs"), key("C#"), key("loss")
    ('visiontransformer', 'llm', 'c#', 'loss')
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name)
    name = name.strip()
    if name.lower().endswith(CLASS_ENDS) or not name.isascii():
        name = _CLASS_WORD.sub("", name) or name
    if len(name) > 2 and name[-1] == "s" and name[-2].isupper():  # LLMs
        name = name[:-1]
    folded = name.casefold()
    if "+" in folded:
        folded = spell_plus(folded)
    bare = folded if folded.isalnum() else folded.replace(" ", "").replace("-", "")
    if not bare.isalnum():
        bare = _NOT_WORD.sub("", bare)
    if len(bare) > 4 and bare[-1] == "s" and bare[-2] != "s":
        return bare[:-1]
    if len(bare) < 2:
        bare = "".join(folded.split())
        if "+" in bare and spell_plus(bare) != bare:  # "C ++"
            return key(bare)
    # what is left may compose anew, a letter with an accent that stood apart
    return bare if bare.isascii() else unicodedata.normalize("NFKC", bare)


def keys(names: Sequence[str]) -> list[str]:
    """`key` of each of many names: most are plain words, of which nothing but a plural's s may go, and are made small as one text.

    >>> keys(["MS-COCO", "LLMs", "Vision Transformers", "COCO dataset"])
    ['mscoco', 'llm', 'visiontransformer', 'coco']
    """
    folded = _BETWEEN.join(names).lower().replace(" ", "").replace("-", "").split(_BETWEEN)
    if len(folded) != len(names):
        return list(map(key, names))
    return [
        bare
        if bare.isalnum() and bare.isascii() and bare[-1] != "s" and bare[-3:] not in _CLASS_TAILS and len(bare) > 1
        else _without_plural(name, bare)
        for name, bare in zip(names, folded, strict=True)
    ]


def _without_plural(name: str, bare: str) -> str:
    """The key of a name whose letters, made small and without spaces and hyphens, are `bare`; no close look where a plural's s is all."""
    if bare[-1:] != "s" or name[-2:] != bare[-2:] or bare[-3:] in _CLASS_TAILS or not (bare.isalnum() and bare.isascii()):
        return key(name)
    return bare[:-1] if len(bare) > 4 and bare[-2] != "s" else bare


def title_key(title: str) -> str:
    """The form under which two titles are one: letters and digits only, no case.

    >>> title_key("NVLM: Open  Frontier-Class LLMs") == title_key("NVLM – open frontier class LLMs")
    True
    """
    if title.isascii():  # nearly always, and then no other sign is neither letter nor digit
        return title.lower().translate(_SIGNS)
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", title).casefold())


def citation_key(text: str) -> str:
    """The identity that a citation asks for: of an identifier, of author and year, else of a title.

    >>> citation_key("arXiv:2103.00020"), citation_key("Radford 2021"), citation_key("Attention Is All You Need")
    ('arxiv:2103.00020', 'author:radford 2021', 'title:attentionisallyouneed')
    """
    prefix, _, rest = text.partition(":")
    if prefix.casefold() in ("arxiv", "doi") and rest:
        return f"{prefix}:{rest.strip()}".casefold()
    name, _, year = text.rpartition(" ")
    if name and " " not in name and len(year) == 4 and year.isdigit():
        return f"author:{key(name)} {year}"
    return f"title:{title_key(text)}"


def slug(text: str) -> str:
    """A readable part of an id: lower-case letters and digits of any script joined by hyphens, never empty, at most 81 characters.

    A text that is cut, or that has no letter or digit, ends in eight hexadecimal digits of its own hash.

    >>> slug("MS COCO"), slug("C++")
    ('ms-coco', 'c-cedb1bac')
    """
    bare = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    joined = bare if bare.isalnum() else _NOT_WORD.sub("-", bare).strip("-")
    lost = len(joined) > _SLUG_LENGTH or not joined or not _PLAIN.fullmatch(bare)
    if not lost:
        return joined
    return f"{joined[:_SLUG_LENGTH].rstrip('-')}-{sha256(bare.encode()).hexdigest()[:8]}".lstrip("-")
