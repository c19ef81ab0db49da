"""Results of queries in the formats of the W3C: JSON, XML, CSV and TSV for rows and for yes or no."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyoxigraph

    Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
    Row = Sequence[Term | None]

MEDIA = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def write_rows(variables: Sequence[str], rows: Sequence[Row], format: str) -> bytes:
    """The rows of a SELECT."""
    return {"json": _rows_json, "xml": _rows_xml, "csv": _rows_csv, "tsv": _rows_tsv}[format](variables, rows).encode("utf-8", "replace")


def write_answer(answer: bool, format: str) -> bytes:
    """The answer of an ASK; CSV and TSV, for which there is no standard, hold the one word."""
    word = "true" if answer else "false"
    if format == "json":
        return json.dumps({"head": {}, "boolean": answer}).encode()
    if format == "xml":
        return f'{_XML_HEAD}<head></head><boolean>{word}</boolean></sparql>\n'.encode()
    return f"{word}\n".encode()


def _parts(term: Term) -> tuple[str, str, str, str]:
    """A term as (type, value, language, datatype)."""
    kind = type(term).__name__
    if kind == "NamedNode":
        return "uri", term.value, "", ""  # type: ignore[union-attr]
    if kind == "BlankNode":
        return "bnode", term.value, "", ""  # type: ignore[union-attr]
    if kind == "Literal":
        datatype = term.datatype.value  # type: ignore[union-attr]
        return "literal", term.value, term.language or "", "" if datatype in (_STRING, _LANGUAGE) else datatype  # type: ignore[union-attr]
    return "literal", str(term), "", ""


def _rows_json(variables: Sequence[str], rows: Sequence[Row]) -> str:
    bindings: list[dict[str, Any]] = []
    for row in rows:
        binding: dict[str, Any] = {}
        for variable, term in zip(variables, row, strict=True):
            if term is not None:
                kind, value, language, datatype = _parts(term)
                binding[variable] = {"type": kind, "value": value}
                if language:
                    binding[variable]["xml:lang"] = language
                if datatype:
                    binding[variable]["datatype"] = datatype
        bindings.append(binding)
    return json.dumps({"head": {"vars": list(variables)}, "results": {"bindings": bindings}}, ensure_ascii=False)


_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def _rows_xml(variables: Sequence[str], rows: Sequence[Row]) -> str:
    out = [_XML_HEAD, "<head>", *(f"<variable name={_quoted(v)}/>" for v in variables), "</head>\n<results>\n"]
    for row in rows:
        cells = (f"<binding name={_quoted(v)}>{_xml(term)}</binding>" for v, term in zip(variables, row, strict=True) if term is not None)
        out.append(f"<result>{''.join(cells)}</result>\n")
    return "".join([*out, "</results>\n</sparql>\n"])


def _xml(term: Term) -> str:
    kind, value, language, datatype = _parts(term)
    marks = (f" xml:lang={_quoted(language)}" if language else "") + (f" datatype={_quoted(datatype)}" if datatype else "")
    text = escape(_writable(value), quote=False).replace("\r", "&#xD;")
    return f"<{kind}{marks}>{text}</{kind}>"


def _quoted(value: str) -> str:
    return f'"{escape(value)}"'


def _writable(text: str) -> str:
    """What XML 1.0 can hold; the rest becomes U+FFFD."""
    return "".join(c if (c >= " " and c not in "\ufffe\uffff") or c in "\t\n\r" else "�" for c in text)


def _rows_csv(variables: Sequence[str], rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(variables)
    for row in rows:
        writer.writerow(["" if term is None else ("_:" if _parts(term)[0] == "bnode" else "") + _parts(term)[1] for term in row])
    return out.getvalue()


def _rows_tsv(variables: Sequence[str], rows: Sequence[Row]) -> str:
    lines = ["\t".join(f"?{v}" for v in variables)]
    lines += ["\t".join("" if term is None else _tsv(term) for term in row) for row in rows]
    return "\n".join(lines) + "\n"


def _tsv(term: Term) -> str:
    kind, value, language, datatype = _parts(term)
    if kind == "uri":
        return f"<{value}>"
    if kind == "bnode":
        return f"_:{value}"
    text = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{text}"' + (f"@{language}" if language else f"^^<{datatype}>" if datatype else "")
