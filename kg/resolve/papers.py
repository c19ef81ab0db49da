"""Entries into papers: the same paper from several sources is one paper, by arXiv id or DOI, else by its title.

Every function here looks at sets, never at an order, so that files may be read in any.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from hashlib import sha256
from operator import attrgetter
from typing import Any

from kg.names import slug, title_key
from kg.records import Entry, Paper

# titles as short as "Introduction" are shared by different papers
_OWN_TITLE = 16
FIELDS = tuple(f.name for f in fields(Paper) if f.name not in ("id", "places"))
_VALUES = attrgetter(*FIELDS)


def identities(entry: Entry | Paper) -> tuple[str, ...]:
    """The keys under which an entry is known: `arxiv:…`, `doi:…`, `title:…`; the last stands alone where the title is too short."""
    keys = []
    if entry.arxiv_id:
        keys.append(f"arxiv:{entry.arxiv_id}")
    if entry.doi and not entry.doi.startswith("10.48550/"):  # that prefix only repeats the arXiv id
        keys.append(f"doi:{entry.doi}")
    bare = title_key(entry.title)
    keys.append(f"title:{bare}" if len(bare) >= _OWN_TITLE else f"title:{bare}:{_digest(entry.abstract)}")
    return tuple(keys)


def group_entries(keyed: Iterable[tuple[int, Sequence[str]]]) -> tuple[list[list[int]], set[str]]:
    """Put entries that are the same paper together.

    Args:
        keyed: Pairs of an entry's number and its identities.

    Returns:
        The groups, sorted, and the title keys that several different papers share, so that nothing was joined by them.
    """
    parent: dict[int, int] = {}
    holders: dict[str, list[int]] = defaultdict(list)
    own: dict[int, Sequence[str]] = {}

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for number, keys in keyed:
        parent[number], own[number] = number, keys
        for key in keys:
            holders[key].append(number)
    for key, numbers in holders.items():
        if not key.startswith("title:"):
            for number in numbers:
                parent[root(number)] = root(numbers[0])
    firm: dict[int, set[str]] = defaultdict(set)
    for number, keys in own.items():
        firm[root(number)].update(key for key in keys if not key.startswith("title:"))
    shared = set()
    for key in sorted(k for k, numbers in holders.items() if k.startswith("title:") and len(numbers) > 1):
        roots = sorted({root(number) for number in holders[key]})
        named = set().union(*(firm[r] for r in roots))
        if max(Counter(name.partition(":")[0] for name in named).values(), default=0) > 1:
            if len(roots) > 1:
                shared.add(key)
            roots = [r for r in roots if not firm[r]]
        for other in roots[1:]:
            parent[root(other)] = root(roots[0])
            firm[root(roots[0])] |= named if len(roots) > 1 else set()
    groups: dict[int, list[int]] = defaultdict(list)
    for number in sorted(own):
        groups[root(number)].append(number)
    return sorted(groups.values()), shared


def merge_entries(entries: Sequence[Entry]) -> Paper:
    """Make one paper of entries that are the same: each field's most frequent value, else the longest, else the first by sorting."""
    if len(entries) == 1:
        only = entries[0]
        title, abstract, *rest = _VALUES(only)
        return Paper(paper_id(only), title, abstract, (only.place,), *rest)
    values: dict[str, Any] = {name: _best([getattr(entry, name) for entry in entries]) for name in FIELDS if name != "extra"}
    extra: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for name, value in entry.extra:
            extra[name].append(value)
    values["extra"] = tuple((name, _best(options)) for name, options in sorted(extra.items()))
    paper = Paper(id="", places=tuple(sorted({entry.place for entry in entries}, key=lambda p: (p.file, p.line))), **values)
    return replace(paper, id=paper_id(paper))


def paper_id(paper: Entry | Paper) -> str:
    """The id of a paper, from its content: arXiv id, else DOI, else title.

    >>> paper_id(Paper(id="", title="Attention Is All You Need", abstract="", arxiv_id="1706.03762"))
    'paper/arxiv-1706.03762'
    """
    if paper.arxiv_id:
        return f"paper/arxiv-{paper.arxiv_id.replace('/', '-')}"
    if paper.doi:
        return f"paper/doi-{slug(paper.doi)[:60]}-{_digest(paper.doi)}"
    is_short = len(title_key(paper.title)) < _OWN_TITLE
    return f"paper/{slug(paper.title)}" + (f"-{_digest(paper.abstract)}" if is_short else "")


def difference(entry: Entry, paper: Paper) -> str:
    """What a source says otherwise than the paper it became part of: a JSON object by field, empty where nothing differs."""
    own, common = _VALUES(entry), _VALUES(paper)
    if own == common:
        return ""
    found = {name: value for name, value, other in zip(FIELDS, own, common, strict=True) if value != other}
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def restore(entry: Entry, paper: Paper, differing: str) -> Entry:
    """Undo `difference`: the entry as the source gave it; `entry` brings its place and source id."""
    values = {name: getattr(paper, name) for name in FIELDS}
    for name, value in (json.loads(differing) if differing else {}).items():
        values[name] = tuple(tuple(v) if isinstance(v, list) else v for v in value) if isinstance(value, list) else value
    return replace(entry, **values)


def _best(values: Sequence[Any]) -> Any:
    filled = [value for value in values if value] or values[:1]
    counts = Counter(filled)
    return min(counts, key=lambda v: (-counts[v], -len(v) if isinstance(v, str | tuple) else 0, str(v)))


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
