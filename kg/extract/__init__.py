"""Extraction: a pure function of one paper and the shipped data that yields statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.extract.engine import Extractor

__all__ = ["Extractor"]


def __getattr__(name: str) -> Any:
    if name == "Extractor":
        from kg.extract.engine import Extractor

        return Extractor
    raise AttributeError(name)
