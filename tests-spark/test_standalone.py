"""A real Spark master with two workers on this machine states what a local build would read, and the graph is the same, byte for byte.

`make test-spark` runs it: it needs Java 17 and the extra `kg[spark]`. KG_SPARK_PAPERS says how many papers (20,000).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyspark
import pytest

import kg
from benchmarks.texts import Generator, real_records

_ROOT = Path(__file__).resolve().parent.parent
_HOME = Path(pyspark.__file__).parent
_PAPERS = int(os.environ.get("KG_SPARK_PAPERS", "20000"))


def _started(log: Path, *command: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ, "SPARK_HOME": str(_HOME), "SPARK_SCALA_VERSION": "2.13", "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(_ROOT),
    }  # fmt: skip
    with log.open("wb") as stream:
        return subprocess.Popen([str(_HOME / "bin" / "spark-class"), *command], stdout=stream, stderr=subprocess.STDOUT, env=environment, cwd=log.parent)


def _wait_for(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    """The first match of a pattern in a growing log."""
    while True:
        found = re.search(pattern, log.read_text("utf-8", "replace"))
        if found:
            return found[0]
        if process.poll() is not None:
            raise RuntimeError(log.read_text("utf-8", "replace")[-3000:])
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a standalone master with two workers of one core each."""
    folder = tmp_path_factory.mktemp("spark")
    running = []
    try:
        log = folder / "master.log"
        running.append(_started(log, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"))
        address = _wait_for(log, r"spark://127\.0\.0\.1:\d+", running[0])
        for number in range(2):
            log = folder / f"worker{number}.log"
            work = str(folder / f"work{number}")
            worker = ("org.apache.spark.deploy.worker.Worker", "--cores", "1", "--memory", "2g", "--webui-port", "0", "--work-dir", work, address)
            running.append(_started(log, *worker))
            _wait_for(log, "Successfully registered with master", running[-1])
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real papers where there are enough of them, else generated ones."""
    path = tmp_path_factory.mktemp("papers") / "papers.jsonl"
    records = real_records(_PAPERS)
    if len(records) < _PAPERS:
        records = list(Generator(records).papers(_PAPERS))
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


_JOB = """
import sys
from pyspark.sql import SparkSession
from kg.spark import extract_statements, read_papers
spark = SparkSession.builder.master(sys.argv[1]).config("spark.executorEnv.PYTHONPATH", sys.argv[4]).config("spark.executor.memory", "1g").getOrCreate()
papers = read_papers(spark, sys.argv[2]).repartition(4)
extract_statements(papers).write.parquet(sys.argv[3])
print(spark.sparkContext.master, "executors:", len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1)
"""


def test_the_graph_is_that_of_a_local_build_byte_for_byte(master: str, papers: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ, "SPARK_HOME": str(_HOME), "SPARK_SCALA_VERSION": "2.13", "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(_ROOT),
    }  # fmt: skip
    stated = tmp_path / "statements"
    done = subprocess.run(
        [sys.executable, "-c", _JOB, master, str(papers), str(stated), str(_ROOT)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    print(done.stdout)
    assert "executors: 2" in done.stdout
    kg.build_graph([str(papers)], tmp_path / "local.kg")
    report = kg.build_graph([str(papers)], tmp_path / "cluster.kg", options=kg.Options(statements=(str(stated),)))
    print(f"{report.papers} papers, {report.statements} statements")
    assert report.papers > 0.9 * _PAPERS
    assert set(report.problems) <= {"no-abstract", "shared-title", "bad-field"}  # nothing was read anew
    assert (tmp_path / "cluster.kg").read_bytes() == (tmp_path / "local.kg").read_bytes()
