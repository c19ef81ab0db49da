"""Sources: a file in some format becomes a stream of entries and problems. One format, one module, one line in the table."""

from kg.sources.reading import FORMATS, SourceFile, find_files, read_entries

__all__ = ["FORMATS", "SourceFile", "find_files", "read_entries"]
