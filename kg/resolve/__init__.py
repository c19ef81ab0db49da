"""Resolution: all that needs more than one paper. Entries into papers, names into entities, each decision with its reason."""
