"""The command line: thin covers over the library."""
