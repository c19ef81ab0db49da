"""Statements as columns are the same statements."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.columns import StatementColumns
from kg.records import Evidence, Paper, Statement
from kg.store.rows import FIXED, Batch
from kg.store.statement_rows import add_statements
from kg.vocabulary import NAMED, RELATIONS

TEXTS = st.text("ab \\é", min_size=3, max_size=12)
SHARES = st.integers(1, 999).map(lambda number: number / 1000)


def as_extracted(shares: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Kinds in the order of extraction, where the best is alone in its group."""
    return tuple(sorted(shares.items(), key=lambda kind: (-kind[1], kind[0])))


KINDS = st.one_of(
    st.dictionaries(st.sampled_from(NAMED[1:]), SHARES, min_size=1).map(as_extracted),
    st.tuples(st.tuples(st.sampled_from(("paper", "page", "repository")), SHARES)),
)


@st.composite
def papers_with_statements(draw: st.DrawFn) -> tuple[list[Paper], list[tuple[Statement, ...]]]:
    """Papers, and statements whose evidence stands in them."""
    papers = [Paper(f"paper/{n}", *texts, references=("one", "other")) for n, texts in enumerate(draw(st.lists(st.tuples(TEXTS, TEXTS), max_size=4)))]
    return papers, [tuple(draw(st.lists(statements(paper), max_size=3))) for paper in papers]


@st.composite
def statements(draw: st.DrawFn, paper: Paper) -> Statement:
    """Something that a paper may state."""
    evidence = tuple(draw(st.lists(places(paper), min_size=1, max_size=3)))
    names = tuple(draw(st.lists(TEXTS, max_size=2)))
    relation = draw(st.sampled_from(sorted(RELATIONS)))
    return Statement(paper.id, draw(TEXTS), draw(KINDS), relation, draw(SHARES), names, names[1:], evidence, draw(st.sampled_from(["", "model/a"])))


@st.composite
def places(draw: st.DrawFn, paper: Paper) -> Evidence:
    """A place in a paper."""
    field = draw(st.sampled_from(["title", "abstract", "references/1"]))
    text = {"title": paper.title, "abstract": paper.abstract}.get(field, paper.references[1])
    start, name_start, name_end, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 4)))
    return Evidence(field, start, end, text[start:end], name_start, name_end, draw(st.sampled_from(["used", "tagger"])), draw(SHARES))


@settings(deadline=None)
@given(papers_with_statements())
def test_records_come_back_from_columns(drawn: tuple[list[Paper], list[tuple[Statement, ...]]]) -> None:
    papers, stated = drawn
    assert StatementColumns.of(stated).records(papers) == stated


@settings(deadline=None)
@given(papers_with_statements())
def test_papers_may_come_in_parts(drawn: tuple[list[Paper], list[tuple[Statement, ...]]]) -> None:
    papers, stated = drawn
    odd = StatementColumns.of(stated[1::2]).renumber(range(1, len(papers), 2))
    even = StatementColumns.of(stated[::2]).renumber(range(0, len(papers), 2))
    assert StatementColumns.join([odd, even]).by_paper().records(papers) == stated


@settings(deadline=None)
@given(papers_with_statements())
def test_rows_say_what_the_statements_say(drawn: tuple[list[Paper], list[tuple[Statement, ...]]]) -> None:
    _, stated = drawn
    batch = Batch()
    add_statements(batch, StatementColumns.of(stated))
    batch = Batch.unpack(batch.pack())
    every = [(number, s) for number, own in enumerate(stated) for s in own]
    rows = batch.statements.tolist()
    told = [(row[0], row[1], batch.names[row[2]], batch.relations[row[3]], row[4]) for row in rows]
    assert told == [(at, n, s.name, s.relation, round(1000 * s.confidence)) for at, (n, s) in enumerate(every)]
    for row, (_, statement) in zip(rows, every, strict=True):
        kinds = {kind: weight for kind, weight in zip(NAMED, row[6:], strict=True) if weight}
        is_settled = bool(statement.entity) or statement.kinds[0][0] not in NAMED
        shares = {} if is_settled else {kind: round(1000 * share) for kind, share in statement.kinds}
        assert (FIXED[row[5]], kinds) == (statement.kinds[0][0] if is_settled else "", shares)
    others = [(at, batch.names[name]) for at, name in batch.aliases.tolist()]
    assert others == [(at, name) for at, (_, s) in enumerate(every) for name in sorted({*s.surfaces, *s.aliases} - {s.name})]
    surfaces = [batch.names[name] for name in batch.places[:, 7].tolist()]
    assert surfaces == [e.quote[e.name_start - e.start : e.name_end - e.start] for _, s in every for e in s.evidence]
