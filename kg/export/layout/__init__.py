"""Where nodes stand in a picture: computed beforehand, the same each time, communities apart, and no node upon another."""

from kg.export.layout.placing import Layout, lay_out

__all__ = ["Layout", "lay_out"]
