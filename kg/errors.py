"""The errors that a user can mend: each says what, where, and what to try."""

from __future__ import annotations

from collections.abc import Sequence


class KgError(Exception):
    """Base of all errors that `kg` raises on purpose; its text is meant for people."""


class SourceError(KgError):
    """A source that cannot be read at all."""


class StoreError(KgError):
    """A graph file that cannot be opened, read or written."""


class UnknownName(KgError):
    """No paper or entity has this name; `near` holds the names that come closest."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        self.name, self.near = name, tuple(near)
        hint = f" Near names: {', '.join(self.near)}." if self.near else ""
        super().__init__(f"nothing in the graph is called {name!r}.{hint}")


class AmbiguousName(KgError):
    """Several papers or entities have this name; `choices` pairs each id with what it is called."""

    def __init__(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.name, self.choices = name, tuple(choices)
        listed = "\n".join(f"  {identity}  {label}" for identity, label in self.choices)
        super().__init__(f"{name!r} may mean several things; name one by its id or choose a kind:\n{listed}")
