"""Extraction under Spark: the function that `kg extract` runs, over a table of papers on any number of machines.

Needs the extra `kg[spark]`. The answer is a table that `kg build --statements FOLDER` takes in when it is written as Parquet.

    from pyspark.sql import SparkSession
    from kg.spark import extract_statements, read_papers

    spark = SparkSession.builder.getOrCreate()
    extract_statements(read_papers(spark, "papers.jsonl")).write.parquet("statements")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kg.pieces import Planned, Reader, pack_entry
from kg.records import Entry
from kg.sources import FilePiece, read_piece

if TYPE_CHECKING:
    import pandas
    from pyspark.sql import DataFrame, SparkSession

SCHEMA = "paper string, statements string"


def read_papers(spark: SparkSession, path: str) -> DataFrame:
    """The lines of JSON lines files as a table with the column `value`; each line is one paper."""
    return spark.read.text(path)


def extract_statements(papers: DataFrame, *, lexicon: Sequence[str] = (), learned: bool = True) -> DataFrame:
    """What each paper states, as a table of `SCHEMA`.

    Args:
        papers: A table with the column `value`: lines of a JSON lines file.
        lexicon: Lines with a user's own names.
        learned: Whether the learnt parts of extraction are used.
    """
    names = tuple(lexicon)

    def state(batches: Iterable[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
        yield from _state(batches, names, learned)

    return papers.select("value").mapInPandas(state, SCHEMA)


def _state(batches: Iterable[Any], lexicon: Sequence[str], learned: bool) -> Iterator[Any]:
    import pandas

    reader = Reader(lexicon, learned)
    for batch in batches:
        piece = FilePiece("jsonl", "", 2, tuple(line.encode("utf-8", "surrogatepass") for line in batch["value"]))
        planned = [Planned(((0, "", pack_entry(item)[0]),)) for item in read_piece(piece) if isinstance(item, Entry)]
        yield pandas.DataFrame(reader.state(planned), columns=["paper", "statements"])
