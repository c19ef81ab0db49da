# Everything from a fresh clone, on a machine with Python 3.11 and make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: docs demo test test-spark bench check lexicon manual picture clean

demo: $(VENV)/installed
	$(BIN)/kg demo

test: $(VENV)/tested
	$(BIN)/python -m pytest

# a real Spark master and two workers on this machine; needs Java 17
test-spark: $(VENV)/tested
	$(BIN)/python -m pip install --quiet --editable '.[spark]'
	$(BIN)/python -m pytest -s tests-spark

# the short form of all measurements, side by side; BENCH="--papers 600000" the long one
bench: $(VENV)/tested
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m benchmarks.speed $(BENCH)

check: $(VENV)/tested
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# the forms of the lexicon's names, after it was changed; until then they are worked out at every start
lexicon: $(VENV)/installed
	$(BIN)/python -m kg.extract.forms

manual: $(VENV)/installed
	$(BIN)/kg manual > docs/manual.md.new && mv docs/manual.md.new docs/manual.md

picture: $(VENV)/tested
	$(BIN)/python -m benchmarks.picture

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/tested: $(VENV)/installed pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV)

# what the README and the manual show, written anew
docs: $(VENV)/tested manual
	KG_REWRITE_DOCS=1 $(BIN)/python -m pytest tests/test_readme.py
