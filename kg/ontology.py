"""The RDF names of kinds and relations: our own namespace, and the standard terms that go with it.

`kg/data/rdf/vocabulary.ttl` defines our own; a test holds that it names every kind and relation of `kg.vocabulary`.
"""

from __future__ import annotations

VOCABULARY = "https://w3id.org/paper-kg/vocab#"
VERSION = "1.0"
BASE = "https://w3id.org/paper-kg/data/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NAMESPACES = {
    "v": VOCABULARY,
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "f4ml": "https://w3id.org/fair4ml#",
    "fabio": "http://purl.org/spar/fabio/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "lpwc": "https://linkedpaperswithcode.com/property/",
    "lpwcc": "https://linkedpaperswithcode.com/class/",
    "mls": "http://www.w3.org/ns/mls#",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

CLASSES = {
    "paper": ("fabio:ResearchPaper", "schema:ScholarlyArticle"),
    "dataset": ("dcat:Dataset", "schema:Dataset"),
    "benchmark": ("v:Benchmark",),
    "technique": ("v:Technique", "skos:Concept"),
    "model": ("f4ml:MLModel",),
    "task": ("v:Task", "skos:Concept"),
    "repository": ("doap:GitRepository", "schema:SoftwareSourceCode"),
    "page": ("schema:WebPage",),
}
# terms of Linked Papers With Code, stated in its compatibility mode only
LPWC_CLASSES = {kind: f"lpwcc:{name}" for kind, name in
                {"paper": "paper", "dataset": "dataset", "technique": "method", "model": "model", "task": "task", "repository": "repository"}.items()}  # fmt: skip
UMBRELLA = "usesResource"
RESOURCE_RELATIONS = ("evaluates_on", "trains_on", "uses")


def data_prefixes(base: str) -> dict[str, str]:
    """Prefixes for what an export names, one for each kind: `model:clip`, `paper:arxiv-2103.00020`."""
    return {name: f"{base}{name}/" for name in (*CLASSES, "statement", "evidence", "source")}


def expand(curie: str) -> str:
    """The IRI of a prefixed name.

    >>> expand("cito:cites")
    'http://purl.org/spar/cito/cites'
    """
    prefix, _, local = curie.partition(":")
    return NAMESPACES[prefix] + local


def local_name(relation: str) -> str:
    """A relation's name in our namespace.

    >>> local_name("evaluates_on")
    'evaluatesOn'
    """
    first, *rest = relation.split("_")
    return first + "".join(part.capitalize() for part in rest)


def property_of(relation: str) -> str:
    """The prefixed name of a relation's property: our own, but for citations, which have a standard one of exactly that meaning."""
    return "cito:cites" if relation == "cites" else f"v:{local_name(relation)}"
