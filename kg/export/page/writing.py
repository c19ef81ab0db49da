"""Write the page: the template, its style and script, the graph's data, and vis-network as the installed pyvis package carries it."""

from __future__ import annotations

import base64
import hashlib
import html
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from kg.export.files import ExportError, writing
from kg.export.page.choosing import Choice, Chosen, choose
from kg.export.page.overview import make_overview
from kg.export.page.packing import pack_graph, pack_texts, script_json
from kg.export.page.reading import read_edges, read_nodes, source_names
from kg.graph import Graph

# in the order in which they are joined to one script; each may use what stands before it
_SCRIPTS = (
    "data", "marks", "state", "arrange", "labels", "drawing", "picture", "evidence", "panel", "search", "filters", "table", "files", "keys", "start",
)  # fmt: skip
_VIS = "lib/vis-9.1.2/vis-network.min.js"


@dataclass(frozen=True, slots=True)
class Written:
    """What a page holds: nodes and edges in it, nodes that fit the wishes, nodes of the whole graph, bytes."""

    nodes: int
    edges: int
    wanted: int
    whole: int
    size: int


def write_page(graph: Graph, output: str | os.PathLike[str], choice: Choice | None = None, *, title: str = "") -> Written:
    """Write a graph as one HTML file that needs nothing else.

    Args:
        graph: An open graph.
        output: The file to write, `-` for standard output.
        choice: What goes in; all that fits where it is not given.
        title: The heading of the page; the name of the graph's file where it is not given.

    Raises:
        ExportError: The file cannot be written, or the installed pyvis has no vis-network of the version that the page is made for.
        UnknownName, AmbiguousName: As `Graph.find`, for the names in `choice.around`.
    """
    chosen, text = make_page(graph, choice or Choice(), title=title)
    data = text.encode("utf-8", "replace")
    with writing(output) as stream:
        stream.write(data)
    return Written(chosen.nodes, chosen.edges, chosen.wanted, chosen.whole, len(data))


def make_page(graph: Graph, choice: Choice, *, title: str = "") -> tuple[Chosen, str]:
    """The page as text, and what was chosen for it."""
    chosen = choose(graph.db, choice)
    nodes = read_nodes(graph.db)
    edges = read_edges(graph.db, nodes)
    title = title or graph.path.stem
    first = pack_graph(nodes, edges, make_overview(nodes, edges))
    start = sorted(place for place, node in enumerate(nodes) if node.number in chosen.start)
    first |= {"title": title, "sources": source_names(graph.db), "start": start, "left": _left(graph, chosen, choice)}
    vis = _read_vis()
    script = "'use strict';\n(() => {\n" + "\n".join(_asset(f"{name}.js") for name in _SCRIPTS) + "\n})();\n"
    page = Template(_asset("page.html")).substitute(
        title=html.escape(title), style=_asset("page.css"), policy=_policy(vis, script), graph=script_json(first),
        texts=script_json(pack_texts(nodes, edges)), vis=vis, script=script,
    )  # fmt: skip
    return chosen, page


def _left(graph: Graph, chosen: Chosen, choice: Choice) -> dict[str, object]:
    """Counts of the whole graph and of the page, and the wishes that made the difference, for the page to tell."""
    papers = graph.db.execute("SELECT count(*) FROM node WHERE kind = 'paper'").fetchone()[0]
    shown = graph.db.execute("SELECT count(*) FROM page_node p JOIN node n ON n.number = p.number WHERE n.kind = 'paper'").fetchone()[0]
    edges = graph.db.execute("SELECT count(*) FROM edge").fetchone()[0]
    wishes = [f"around {name}, {choice.depth} links deep" for name in choice.around]
    wishes += [f"only {', '.join(choice.kinds)}"] if choice.kinds else []
    wishes += [f"only the relations {', '.join(choice.relations)}"] if choice.relations else []
    wishes += [f"named by at least {choice.min_papers} papers"] if choice.min_papers > 1 else []
    wishes += [f"at least {choice.min_confidence:.0%} sure"] if choice.min_confidence else []
    wishes += [f"the best {choice.top:,}"] if chosen.nodes < chosen.wanted else []
    return {"nodes": chosen.whole, "papers": papers, "edges": edges, "shown_papers": shown, "wishes": wishes}


def _asset(name: str) -> str:
    return (files("kg.export.page") / "assets" / name).read_text("utf-8")


def _read_vis() -> str:
    import importlib.util

    found = importlib.util.find_spec("pyvis")  # found, not imported: importing it loads IPython
    folders = list(found.submodule_search_locations or ()) if found else []
    for folder in folders:
        path = Path(folder) / _VIS
        if path.is_file():
            return path.read_text("utf-8").replace("</script", "<\\/script").replace("//# sourceMappingURL=", "// ")
    raise ExportError(f"the page needs {_VIS} out of the package pyvis (0.3.2 has it); install that version")


def _policy(*scripts: str) -> str:
    """A content security policy under which these scripts run and nothing else, and nothing is fetched from anywhere."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
