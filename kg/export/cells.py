"""Cells of tables that a spreadsheet may open."""

from __future__ import annotations

_FORMULA = "=+-@\t\r"


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: where a text begins like one, an apostrophe stands in front.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("CLIP")
    ("'=HYPERLINK(1)", 'CLIP')
    """
    return f"'{text}" if text[:1] in _FORMULA and text else text
