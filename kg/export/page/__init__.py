"""The page: one HTML file that holds a graph, its evidence, and all that is needed to look at it, with no network."""

from kg.export.page.choosing import Choice
from kg.export.page.writing import Written, write_page

__all__ = ["Choice", "Written", "write_page"]
