"""The colour of each kind, in every picture; the palette of Okabe and Ito, darkened for white ground."""

from __future__ import annotations

COLOURS = {
    "paper": "#6d7580", "dataset": "#0072b2", "benchmark": "#c44e00", "technique": "#00825f", "model": "#a63d7d", "task": "#b07800",
    "repository": "#2b8cc4", "page": "#777777",
}  # fmt: skip
