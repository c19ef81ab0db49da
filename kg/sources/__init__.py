"""Sources: a file in some format becomes a stream of entries and problems. One format, one module, one line in the table."""

from kg.sources.reading import FORMATS, FilePiece, Item, SourceFile, cut_file, find_files, has_own_lines, read_entries, read_piece

__all__ = ["FORMATS", "FilePiece", "Item", "SourceFile", "cut_file", "find_files", "has_own_lines", "read_entries", "read_piece"]
