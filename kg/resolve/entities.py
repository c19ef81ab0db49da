"""Names into entities: what all papers together say a name means, of which kind it is, and whether it is a thing at all.

Input and output are rows, streamed and sorted by key, so that a field of half a million papers passes through without being held. Every
merge and every refusal keeps its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, Protocol

from kg.names import key as name_key
from kg.names import slug
from kg.resolve.corrections import Corrections
from kg.vocabulary import NAMED

GROUPS = ("resource", "technique", "model", "task")
GROUP_OF = {"dataset": "resource", "benchmark": "resource", "technique": "technique", "model": "model", "task": "task"}
_PLACES = {group: tuple(i for i, kind in enumerate(NAMED) if group in ("", GROUP_OF[kind])) for group in ("", *GROUPS)}  # in `NAMED`
ACCEPTED = 500  # per mille: what is less sure is no thing, and no statement means it
_DOMINANT = 0.6  # the share of papers that must mean one thing by an acronym before the others are read so
_SECOND_KIND = 0.35


class Sense(Protocol):
    """What resolution wants to know of an entry of the lexicon."""

    @property
    def name(self) -> str:
        """What the field calls it."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Its kinds, the most usual first."""

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """Those of its names that may mean other things too."""

    @property
    def note(self) -> str:
        """What it could be confused with."""


class Known(Protocol):
    """The lexicon, as resolution sees it: all entries that have this key as name or alias."""

    def lookup(self, key: str, /) -> Sequence[Sense]:
        """The entries, in a fixed order."""


class Use(NamedTuple):
    """How papers use one name: a row for each name and each group of kinds that the statements favour.

    `weights` sums each kind's probability (per mille) over the statements; `best` is the highest total of one; `introduced` the highest
    total of one that says that the paper introduces the thing.
    """

    root: str
    text: str
    group: str
    papers: int
    statements: int
    weights: tuple[int, ...]
    best: int
    introduced: int


class Decision(NamedTuple):
    """What a name means: statements about `root` that favour `group` (any, where it is empty) name this entity.

    `prior`, per mille, is what all papers say of whether this is a thing at all.
    """

    root: str
    group: str
    id: str
    name: str
    kinds: tuple[str, ...]
    note: str
    prior: int


class Refusal(NamedTuple):
    """A name that was left out or kept apart from another, and why."""

    key: str
    other: str
    papers: int
    reason: str


def choose_acronyms(
    aliases: Iterable[tuple[str, str, int]], known: Known, corrections: Corrections
) -> Iterator[tuple[str, str, str] | Refusal]:
    """Decide for each acronym which long form it stands for in papers that do not say so.

    Args:
        aliases: Rows (short key, long key, papers), sorted by short key: so many papers define the short as the long.
        known: The lexicon; an acronym that it knows is left to it, unless it marks it as ambiguous.
        corrections: What a person says over all of it.

    Yields:
        Rows (short key, long key, reason), and the acronyms that nobody can tell.
    """
    for short, rows in groupby(aliases, itemgetter(0)):
        if is_known_acronym(short, known):
            continue
        meant: dict[str, int] = defaultdict(int)
        for _, long, papers in rows:
            target = _known_root(long, known) or long
            if short != target and corrections.allows(short, target) and corrections.allows(short, long):
                meant[target] += papers
        if not meant:
            continue
        total = sum(meant.values())
        best = max(sorted(meant), key=lambda long: meant[long])
        if meant[best] >= _DOMINANT * total:
            yield short, best, f"defined as the same in {meant[best]} of {total} papers that define it"
        else:
            for long, papers in sorted(meant.items()):
                yield Refusal(short, long, papers, "the papers that define it mean different things")


def is_known_acronym(short: str, known: Known) -> bool:
    """Whether a key is left to the lexicon, whatever papers define it as."""
    return bool(_known_root(short, known)) or len(known.lookup(short)) > 1


def follow_acronyms(acronyms: Mapping[str, tuple[str, str]], corrections: Corrections) -> dict[str, tuple[str, str]]:
    """The key that each key is read as, and why: an acronym of an acronym is followed once more, never in a circle."""

    def target(key: str) -> str | None:
        if key not in acronyms:
            return None
        long = acronyms[key][0]
        is_circle = long in acronyms and acronyms[long][0] == key
        return None if is_circle and key > long else long

    roots: dict[str, tuple[str, str]] = {}
    for short, (_, reason) in acronyms.items():
        long = target(short)
        if long is not None:
            further = target(long)
            roots[short] = further if further and further != short else long, reason
    roots.update((one, (other, "corrected by hand")) for one, other in corrections.same.items())
    return roots


def prefer_senses(aliases: Iterable[tuple[str, str, int]], known: Known) -> dict[str, str]:
    """For each acronym that the lexicon gives several meanings, the key of the one that most papers which define it mean.

    Takes rows as `choose_roots`; an acronym of which no meaning is dominant is left out.
    """
    meant: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for short, long, papers in aliases:
        if len(known.lookup(short)) > 1:
            meant[short][_known_root(long, known) or long] += papers
    best = {short: max(sorted(longs), key=lambda long: longs[long]) for short, longs in meant.items()}
    return {short: long for short, long in best.items() if meant[short][long] >= _DOMINANT * sum(meant[short].values())}


def known_roots(aliases: Iterable[tuple[str, str]], corrections: Corrections) -> dict[str, tuple[str, str]]:
    """For keys that the lexicon lists as aliases of exactly one entry, with that of its name: the key that each is read as, and the reason."""
    return {alias: (name, "alias in the lexicon") for alias, name in aliases if corrections.allows(alias, name)}


def _known_root(key: str, known: Known) -> str:
    sense = _only_sense(key, known.lookup(key))
    return name_key(sense.name) if sense else ""


def _only_sense(key: str, senses: Sequence[Sense]) -> Sense | None:
    """The one thing that a key means, unless the lexicon warns that it may mean others."""
    return senses[0] if len(senses) == 1 and key not in map(name_key, senses[0].ambiguous) else None


def decide(uses: Iterable[Use], known: Known, corrections: Corrections, preferred: Mapping[str, str]) -> Iterator[Decision | Refusal]:
    """Decide what each root means, from rows that come sorted by root; `preferred` is what `prefer_senses` gave."""
    by_hand = {*corrections.rejected, *corrections.kinds, *corrections.names}
    for root, rows in groupby(uses, itemgetter(0)):
        batch = list(rows)
        if root in corrections.rejected:
            yield Refusal(root, "", sum(use.papers for use in batch), "not an entity: corrected by hand")
        elif root in by_hand:
            decided = _decide_root(batch, known, preferred)
            yield from _corrected(decided, corrections.kinds.get(root), corrections.names.get(root))
        else:
            yield from _decide_root(batch, known, preferred)


def _corrected(decided: Iterable[Decision | Refusal], kind: str | None, name: str | None) -> Iterator[Decision | Refusal]:
    """What was decided of a name, with what a person says of it."""
    for item in decided:
        if isinstance(item, Decision):
            kinds = (kind,) if kind else item.kinds
            yield item._replace(id=f"{kinds[0]}/{slug(name or item.name)}", name=name or item.name, kinds=kinds)
        else:
            yield item


def _decide_root(uses: Sequence[Use], known: Known, preferred: Mapping[str, str]) -> Iterable[Decision | Refusal]:
    root = uses[0].root
    senses = known.lookup(root)
    if senses and not _only_sense(root, senses):
        return _decide_senses(root, _by_group(uses), senses, preferred.get(root, ""))
    if len(uses) > 1 and not senses and len(apart := _introduced(by_group := _by_group(uses))) > 1:
        return _decide_apart(root, by_group, apart)
    return (_decide_one(root, "", uses, senses[0] if senses else None),)


def _by_group(uses: Iterable[Use]) -> Mapping[str, list[Use]]:
    by_group: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        by_group[use.group].append(use)
    return by_group


def _decide_apart(root: str, by_group: Mapping[str, Sequence[Use]], apart: Sequence[str]) -> Iterator[Decision | Refusal]:
    """A name that papers introduce as things of different kinds: one for each such group; the most used takes all else."""
    first = apart[0]
    rest = [use for group, rows in by_group.items() if group not in apart for use in rows]
    yield _decide_one(root, first, [*by_group[first], *rest], None)
    for other in by_group:
        if other not in apart:
            yield _decide_one(root, other, by_group[first], None)
    for group in apart[1:]:
        yield _decide_one(root, group, by_group[group], None)
        papers = sum(use.papers for use in by_group[group])
        yield Refusal(root, f"{group} beside {first}", papers, "introduced as things of different kinds by different papers")


def _introduced(by_group: Mapping[str, Sequence[Use]]) -> list[str]:
    """The groups in which some paper surely introduces a thing of this name, the most used first."""
    sure = [group for group in GROUPS if any(use.introduced >= 800 for use in by_group.get(group, ()))]
    return sorted(sure, key=lambda group: (-sum(use.papers for use in by_group[group]), group))


def _decide_senses(
    root: str, by_group: Mapping[str, Sequence[Use]], senses: Sequence[Sense], preferred: str
) -> Iterator[Decision | Refusal]:
    """A name that the lexicon gives several meanings: each statement goes to the one whose kind it favours.

    Where several have that kind, it is the one that papers which define the name mean; where that is none, no meaning is taken.
    """
    fitting = {group: _fitting(senses, group, preferred) for group in by_group}
    for group, uses in sorted(by_group.items()):
        sense = fitting[group][0] if len(fitting[group]) == 1 else None
        same = [use for other in by_group if sense and fitting[other] == [sense] for use in by_group[other]]
        yield _decide_one(root, group, same or uses, sense)
        papers = sum(use.papers for use in uses)
        for other in senses:
            if other is not sense:
                reason = f"named as a {group}, which fits {len(fitting[group])} of {len(senses)} known meanings"
                yield Refusal(root, other.name, papers, reason)


def _fitting(senses: Sequence[Sense], group: str, preferred: str) -> list[Sense]:
    """The meanings of a group of kinds; only the preferred one where it is among several."""
    found = [sense for sense in senses if group in {GROUP_OF[kind] for kind in sense.kinds}]
    chosen = [sense for sense in found if name_key(sense.name) == preferred]
    return chosen if len(found) > 1 and len(chosen) == 1 else found


def _decide_one(root: str, group: str, uses: Sequence[Use], sense: Sense | None) -> Decision | Refusal:
    statements, sums, introduced, best = _sum_up(uses)
    mean = sum(sums) // (statements or 1)
    # in steps of five percent: one paper more rarely changes what many others say, so that an addition need not touch their links
    prior = min(1000, ((mean if mean > introduced else introduced) + 25) // 50 * 50)
    if blend(best, prior) < ACCEPTED:
        return Refusal(root, "", sum([use.papers for use in uses]), f"not supported well enough to be a thing ({best / 1000:.2f} at best)")
    kinds = _known_kinds(sums, sense) if sense else _kinds(sums, group)
    name = sense.name if sense else _display_name(uses)
    return Decision(root, group, f"{kinds[0]}/{slug(name)}", name, kinds, sense.note if sense else "", prior)


def _sum_up(uses: Sequence[Use]) -> tuple[int, Sequence[int], int, int]:
    """Statements, weights, and what speaks most for an introduction and for a thing; most names are used in one way only."""
    if len(uses) == 1:
        use = uses[0]
        return use.statements, use.weights, use.introduced, use.best
    sums = [sum(weights) for weights in zip(*(use.weights for use in uses), strict=True)]
    return sum(use.statements for use in uses), sums, max(use.introduced for use in uses), max(use.best for use in uses)


def blend(own: int, prior: int) -> int:
    """How sure a name is a thing here, per mille, from what this paper says and what all papers say."""
    return (3 * own + prior) // 4


def _kinds(sums: Sequence[int], group: str) -> tuple[str, ...]:
    """The kinds, best first: those of the best group, or of the given one, that have a good share of the weight."""
    first = max(_PLACES[group], key=sums.__getitem__)
    same = _PLACES[GROUP_OF[NAMED[first]]]
    if len(same) == 1:
        return (NAMED[first],)
    best = [i for i in same if sums[i] >= _SECOND_KIND * sums[first]]
    return tuple(NAMED[i] for i in sorted(best, key=lambda i: -sums[i]))


def _known_kinds(sums: Sequence[int], sense: Sense) -> tuple[str, ...]:
    """The lexicon's kinds, those of the group first that most papers mean: its word counts as much as theirs, so another group needs twice the weight."""
    known = _groups_of(sense.kinds)
    if len(known) == 1 and 3 * sum([sums[place] for place in _PLACES[known[0]]]) >= sum(sums):
        return sense.kinds  # all others together have not twice the weight
    weights = {group: sum(sums[place] for place in _PLACES[group]) for group in GROUPS}
    others = [group for group in GROUPS if group not in known]
    best = max([*known, *others], key=lambda group: weights[group] * (2 if group in known else 1))
    if best in others:
        return (NAMED[max(_PLACES[best], key=sums.__getitem__)], *sense.kinds)
    return tuple(sorted(sense.kinds, key=lambda kind: GROUP_OF[kind] != best))


@cache
def _groups_of(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The groups of some kinds, each once."""
    return tuple(dict.fromkeys(map(GROUP_OF.__getitem__, kinds)))


def _display_name(uses: Sequence[Use]) -> str:
    """The spelling that most papers use; among equals the shortest, then the first by sorting."""
    if len(uses) == 1:
        return uses[0].text
    papers: dict[str, int] = defaultdict(int)
    for use in uses:
        papers[use.text] += use.papers
    return min(papers, key=lambda text: (-papers[text], len(text), text))
