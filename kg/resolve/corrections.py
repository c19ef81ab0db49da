"""What a person says of names, over what texts and lexicon say: a plain file, one correction a line.

    same | LLaVA-v1.5 | LLaVA-1.5        the first is another name of the second
    different | MMD | maximum mean discrepancy
    kind | Q-Former | technique
    not an entity | Results

Blank lines and lines that begin with `#` are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.errors import KgError
from kg.names import key
from kg.vocabulary import NAMED

_COLUMNS = {"same": 3, "different": 3, "kind": 3, "not an entity": 2}


class CorrectionError(KgError):
    """A line of a file of corrections that cannot be read."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrections by the keys of the names: `same` to the key of the main name, `kinds` to a kind; `names` holds main names as written."""

    same: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    different: frozenset[frozenset[str]] = frozenset()
    kinds: dict[str, str] = field(default_factory=dict)
    rejected: frozenset[str] = frozenset()

    def allows(self, one: str, other: str) -> bool:
        """Whether two keys may be read as one name."""
        return frozenset((one, other)) not in self.different


def read_corrections(lines: Iterable[str], place: str = "corrections") -> Corrections:
    """Read corrections.

    >>> read_corrections(["same | MS-COCO 2017 | COCO"]).same
    {'mscoco2017': 'coco'}

    Raises:
        CorrectionError: For a line of another form, with its number.
    """
    same: dict[str, str] = {}
    names: dict[str, str] = {}
    kinds: dict[str, str] = {}
    different, rejected = set(), set()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        what, *values = (part.strip() for part in line.split("|"))
        if len(values) + 1 != _COLUMNS.get(what, -1) or not all(values) or (what == "kind" and values[1] not in NAMED):
            raise CorrectionError(
                f"{place}:{number}: cannot be read: {line.strip()!r}. Forms: same | A | B; different | A | B; kind | A | {'/'.join(NAMED)}; not an entity | A"
            )
        if what == "same":
            same[key(values[0])] = key(values[1])
            names[key(values[1])] = values[1]
        elif what == "different":
            different.add(frozenset(map(key, values)))
        elif what == "kind":
            kinds[key(values[0])] = values[1]
        else:
            rejected.add(key(values[0]))
    return Corrections(same, names, frozenset(different), kinds, frozenset(rejected))
