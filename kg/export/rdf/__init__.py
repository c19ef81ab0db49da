"""A graph as RDF: a stream of triples out of the file, and the formats that it is written in."""

from kg.export.rdf.stream import RdfOptions, count_triples, iter_triples
from kg.export.rdf.writing import FORMATS, RdfError, format_of, write_parts, write_rdf

__all__ = ["FORMATS", "RdfError", "RdfOptions", "count_triples", "format_of", "iter_triples", "write_parts", "write_rdf"]
