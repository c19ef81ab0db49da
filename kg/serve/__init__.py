"""A graph on this machine's own web address: a SPARQL endpoint, a query page, and a page for each paper and entity."""
