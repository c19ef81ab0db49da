"""Exports: an open graph becomes a file that other tools read. The same graph gives the same bytes."""
