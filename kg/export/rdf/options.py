"""What an export of RDF says; apart from what writes it, so that whoever names options does not load that."""

from __future__ import annotations

from dataclasses import dataclass

from kg.ontology import BASE


@dataclass(frozen=True, slots=True)
class RdfOptions:
    """What an export says.

    Attributes:
        base: What the IRIs of papers and entities begin with.
        evidence: Whether statements, their evidence and names' reasons are written, not only the plain triples.
        lpwc: Whether the terms of Linked Papers With Code stand beside ours.
    """

    base: str = BASE
    evidence: bool = True
    lpwc: bool = False
