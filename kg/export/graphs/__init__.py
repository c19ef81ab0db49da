"""The graph as files that other graph tools read: GraphML, GEXF, node-link JSON, CSV tables, Cypher. All are streamed, sorted by id."""
