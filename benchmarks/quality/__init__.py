"""Quality of the graph against labelled papers: `python -m benchmarks.quality`."""
