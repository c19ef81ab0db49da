"""The store: one SQLite file that holds the whole graph."""
