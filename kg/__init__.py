"""Build, own and query a graph of papers and what they share."""
