"""Every example query gives what the library's own queries give, on a graph made by hand and on that of the sample corpus."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest

from kg.build import build_graph
from kg.graph import Graph
from kg.ontology import BASE, expand, property_of
from kg.query.papers import PaperFilter
from kg.records import Edge
from kg.sparql import Engine, open_graph
from kg.sparql.examples import find_example, read_examples

Rows = list[tuple[str, ...]]
USE = ("evaluates_on", "trains_on", "uses")


@pytest.fixture(scope="module")
def sample_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.kg"
    build_graph([str(Path(__file__).resolve().parents[2] / "kg" / "data" / "sample" / "papers.jsonl")], path)
    return path


@pytest.fixture(scope="module", params=["small", "sample"])
def scene(request: pytest.FixtureRequest) -> Iterator[tuple[str, Graph, Engine]]:
    path = request.getfixturevalue(f"{request.param}_path")
    with Graph(path) as graph, open_graph(path) as engine:
        yield request.param, graph, engine


class Library:
    """Answers out of the library's own queries."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.edges = list(graph.iter_edges(with_evidence=True))
        self.net = graph.to_networkx()

    def id(self, name: str) -> str:
        return self.graph.find(name).id

    def label(self, node: str) -> str:
        return str(self.net.nodes[node]["label"])

    def year(self, paper: str) -> str:
        return str(self.net.nodes[paper].get("year", ""))

    def kinds(self, node: str) -> tuple[str, ...]:
        entity = self.graph.show(node, limit=1).entity
        return entity.kinds if entity else ()

    def papers(self, *wanted: tuple[str, str], with_code: bool | None = None) -> list[str]:
        return [row.node.id for row in self.graph.papers(filter=PaperFilter(wanted, with_code=with_code))]

    def of(self, paper: str, *relations: str) -> list[str]:
        return [link.edge.target for link in self.graph.show(paper).links if not link.inverse and link.edge.relation in relations]

    def between(self, source: str, relation: str, target: str) -> Edge:
        return next(e for e in self.edges if (e.source, e.relation, e.target) == (source, relation, target))

    def iri(self, node: str) -> str:
        from urllib.parse import quote

        return BASE + quote(node, safe="/~:@+=,-._")


def decimal(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def counted(k: Library, counts: Counter[str]) -> Rows:
    return [(k.iri(node), k.label(node), str(count)) for node, count in counts.items()]


def papers_train_evaluate(k: Library, trained: str, evaluated: str) -> Rows:
    return [(k.iri(p), k.label(p)) for p in k.papers(("trains_on", trained), ("evaluates_on", evaluated))]


def papers_evaluating_on_both(k: Library, first: str, second: str) -> Rows:
    return [(k.iri(p), k.label(p)) for p in k.papers(("evaluates_on", first), ("evaluates_on", second))]


def benchmarks_by_code(k: Library) -> Rows:
    return counted(k, Counter(target for p in k.papers(with_code=True) if k.of(p, "has_code") for target in set(k.of(p, "evaluates_on"))))


def introduced_and_used(k: Library) -> Rows:
    introducers: dict[str, set[str]] = {}
    users: dict[str, set[str]] = {}
    for edge in k.edges:
        if edge.relation == "introduces":
            introducers.setdefault(edge.target, set()).add(edge.source)
        if edge.relation in USE:
            users.setdefault(edge.target, set()).add(edge.source)
    others = {thing: {u for u in users.get(thing, set()) if papers - {u}} for thing, papers in introducers.items()}
    return [(k.iri(thing), k.label(thing), str(len(found))) for thing, found in others.items() if len(found) >= 3]


def quotes_behind_links(k: Library, benchmark: str) -> Rows:
    found = []
    for paper in k.papers(("evaluates_on", benchmark)):
        for e in k.between(paper, "evaluates_on", k.id(benchmark)).evidence:
            found.append((k.label(paper), e.quote, e.field, str(e.start), str(e.end), e.rule, decimal(e.confidence)))
    return found


def code_using_model(k: Library, model: str) -> Rows:
    return [(k.label(code),) for code in {c for p in k.papers(("uses", model)) for c in k.of(p, "has_code")}]


def papers_using_model_with_code(k: Library, model: str) -> Rows:
    return [(k.iri(p), k.label(p), *code) for p in k.papers(("uses", model)) for code in [(k.label(c),) for c in k.of(p, "has_code")] or [()]]


def models_evaluated_on(k: Library, benchmark: str) -> Rows:
    models = {m for p in k.papers(("evaluates_on", benchmark)) for m in k.of(p, "introduces", "uses") if "model" in k.kinds(m)}
    return [(k.iri(m), k.label(m)) for m in models]


def benchmarks_of_task(k: Library, task: str) -> Rows:
    counts = Counter(b for p in k.papers(("addresses", task)) for b in k.of(p, "evaluates_on"))
    return counted(k, Counter({b: n for b, n in counts.items() if "benchmark" in k.kinds(b)}))


def datasets_of_task(k: Library, task: str) -> Rows:
    found = {d for p in k.papers(("addresses", task)) for d in k.of(p, "introduces", "trains_on", "evaluates_on")}
    return [(k.iri(d), k.label(d)) for d in found if {"dataset", "benchmark"} & set(k.kinds(d))]


def papers_evaluating_on(k: Library, benchmark: str) -> Rows:
    return [(k.label(p), p, decimal(k.between(p, "evaluates_on", k.id(benchmark)).confidence)) for p in k.papers(("evaluates_on", benchmark))]


def papers_of_task(k: Library, task: str) -> Rows:
    return [tuple(v for v in (k.iri(p), k.label(p), k.year(p)) if v) for p in k.papers(("addresses", task))]


def techniques_of_task(k: Library, task: str) -> Rows:
    counts = Counter(t for p in k.papers(("addresses", task)) for t in k.of(p, "uses"))
    return counted(k, Counter({t: n for t, n in counts.items() if "technique" in k.kinds(t)}))


def techniques_never_tried(k: Library, benchmark: str) -> Rows:
    tried = {t for p in k.papers(("evaluates_on", benchmark)) for t in k.of(p, "uses", "introduces")}
    counts = Counter(e.target for e in k.edges if e.relation == "uses")
    return counted(k, Counter({t: n for t, n in counts.items() if n >= 2 and t not in tried and "technique" in k.kinds(t)}))


def shared_by_two_papers(k: Library, first: str, second: str) -> Rows:
    found = []
    for row in k.graph.shared(*(k.graph.find(title, "paper").id for title in (first, second))):
        if row.node.kind != "paper":
            one, two = ([e.relation for e in side if e.target == row.node.id] for side in row.sides)
            found += [(k.iri(row.node.id), row.node.label, expand(property_of(a)), expand(property_of(b))) for a in one for b in two]
    return found


def introduced_by(k: Library, name: str) -> Rows:
    edges = [k.between(p, "introduces", k.id(name)) for p in k.papers(("introduces", name))]
    return [tuple(v for v in (k.iri(e.source), k.label(e.source), k.year(e.source), decimal(e.confidence)) if v) for e in edges]


def builds_on(k: Library, earlier: str) -> Rows:
    border, found = {k.graph.find(earlier, "paper").id}, set[str]()
    while border:
        later = {e.source for e in k.edges if e.relation == "builds_on" and e.target in border}
        border = later - found
        found |= later
    return [(k.iri(p), k.label(p)) for p in found]


def most_used_datasets(k: Library) -> Rows:
    counts = Counter(target for _, target in {(e.source, e.target) for e in k.edges if e.relation in USE})
    return counted(k, Counter({d: n for d, n in counts.items() if {"dataset", "benchmark"} & set(k.kinds(d))}))


def evaluated_together(k: Library) -> Rows:
    pairs = Counter(pair for p in k.papers() for pair in combinations(sorted(k.of(p, "evaluates_on"), key=k.iri), 2))
    return [(k.label(a), k.label(b), str(n)) for (a, b), n in pairs.items()]


def compared_with(k: Library, name: str) -> Rows:
    return [(k.iri(t), k.label(t), k.label(p)) for p in k.papers(("compares_to", name)) for t in k.of(p, "introduces")]


def names_of(k: Library, name: str) -> Rows:
    return [(n.surface, str(n.papers), n.reason) for e in k.graph.names(name).entities for n in e.names]


def use_over_years(k: Library, name: str) -> Rows:
    users = {p for relation in USE for p in k.papers((relation, name))}
    return [(year, str(n)) for year, n in Counter(k.year(p) for p in users).items() if year]


def least_sure_links(k: Library) -> Rows:
    found = []
    for e in k.edges:
        if e.confidence < 0.4 and e.source.startswith("paper/") and not e.target.startswith("paper/"):
            found.append((k.label(e.source), expand(property_of(e.relation)), k.label(e.target), decimal(e.confidence)))
    return found


# what to put into an example, for the graph made by hand and for the sample
VALUES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "papers-train-evaluate": (("WebImages", "ImageNet"), ("ImageNet", "COCO")),
    "papers-evaluating-on-both": (("COCO", "ImageNet"), ("CIFAR-10", "ImageNet")),
    "quotes-behind-links": (("ImageNet",), ("GLUE",)),
    "code-using-model": (("CLIP",), ("CLIP",)),
    "papers-using-model-with-code": (("CLIP",), ("CLIP",)),
    "models-evaluated-on": (("MathVista",), ("ImageNet",)),
    "benchmarks-of-task": (("visual question answering",), ("object detection",)),
    "datasets-of-task": (("image classification",), ("image classification",)),
    "papers-evaluating-on": (("ImageNet",), ("SQuAD",)),
    "papers-of-task": (("visual question answering",), ("object detection",)),
    "techniques-of-task": (("image classification",), ("object detection",)),
    "techniques-never-tried": (("MathVista",), ("ImageNet",)),
    "shared-by-two-papers": (("Beta: A Model That Sees", "Delta: Pruning with Low Rank"), ("Segment Anything", "Visual Instruction Tuning")),
    "introduced-by": (("CLIP",), ("COCO",)),
    "builds-on": (("Alpha: Learning Images from Words",), ("Microsoft COCO: Common Objects in Context",)),
    "compared-with": (("LLaVA",), ("GPT-4",)),
    "names-of": (("CLIP",), ("COCO",)),
    "use-over-years": (("ImageNet",), ("ImageNet",)),
}
ANSWERS: dict[str, Callable[..., Rows]] = {example.name: globals()[example.name.replace("-", "_")] for example in read_examples()}


@pytest.mark.parametrize("name", list(ANSWERS))
def test_an_example_answers_as_the_library_does(name: str, scene: tuple[str, Graph, Engine]) -> None:
    which, graph, engine = scene
    example = find_example(name)
    given = VALUES.get(name, ((), ()))[which == "sample"]
    assert len(given) == len(example.values)
    query = example.fill({key: value for (key, _), value in zip(example.values, given, strict=True)})
    query = query.replace("LIMIT 20", "").replace("LIMIT 50", "").replace(" (SAMPLE(?exact) AS ?quote)", "")
    answer = json.loads(engine.query(query).body)
    found = [tuple(row[v]["value"] for v in answer["head"]["vars"] if v in row) for row in answer["results"]["bindings"]]
    wanted = ANSWERS[name](Library(graph), *given)
    assert sorted(found) == sorted(wanted)
    has_none = {("papers-train-evaluate", "sample"), ("least-sure-links", "small"), ("introduced-and-used", "small")}
    assert found or (name, which) in has_none


def test_examples_are_named_and_described() -> None:
    examples = read_examples()
    assert len(examples) >= 15
    for example in examples:
        assert example.title.endswith("?")
        assert len(example.description) > 20


def test_the_examples_are_listed_and_asked_on_the_command_line(run: Callable[..., object], small_path: Path) -> None:
    listed = run("sparql", "--examples")
    assert [line.split("\t")[0] for line in listed.output.splitlines()[1:]] == [e.name for e in read_examples()]  # type: ignore[attr-defined]
    asked = run("sparql", "-g", small_path, "--example", "code-using-model", "--set", "model=CLIP")
    assert asked.output.splitlines() == ["code", "https://github.com/beta/llava"]  # type: ignore[attr-defined]
    assert run("sparql", "-g", small_path, "--example", "code-using-modle").exit_code == 3  # type: ignore[attr-defined]
    wrong = run("sparql", "-g", small_path, "--example", "code-using-model", "--set", "modle=CLIP")
    assert "it has model" in wrong.output  # type: ignore[attr-defined]


def test_a_value_cannot_break_out_of_its_place() -> None:
    query = find_example("code-using-model").fill({"model": 'a" } SERVICE <http://x> { ?s ?p "\\'})
    assert r'VALUES ?model { "a\" } SERVICE <http://x> { ?s ?p \"\\" }' in query
