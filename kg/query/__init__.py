"""Queries: functions from an open graph file to sorted records. Nothing here prints, and nothing heavy is imported for a small answer."""
