# `make tour` and `make test` are all a newcomer needs; `make help` lists the rest.

PYTHON ?= python3
# Paths stay relative, so that the folder may have any name, blanks and accents included.
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help tour test coverage quick lint types format lock schemas pictures learn quality bench clean

help: ## list what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

tour: $(VENV)/tour.stamp ## see the main job on sample people
	@$(RUN) -m reflect tour

test: $(VENV)/develop.stamp ## run every check and test
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(RUN) -m pytest -n auto --cov --cov-report=term:skip-covered $(PYTEST)

coverage: $(VENV)/develop.stamp ## measure what the tests reach, in the commands they start as well; takes twice as long
	$(RUN) -m pytest -n auto --cov --cov-config=tests/coverage.ini --cov-report=term:skip-covered $(PYTEST)

quick: $(VENV)/develop.stamp ## run the tests alone, without coverage
	$(RUN) -m pytest -n auto $(PYTEST)

lint: $(VENV)/develop.stamp ## mend what can be mended in style
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

types: $(VENV)/develop.stamp ## check the types
	$(RUN) -m mypy

lock: $(VENV)/develop.stamp ## write the lock files anew from pyproject.toml
	$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --output-file requirements/reflect.txt pyproject.toml
	$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra encrypted --group dev --output-file requirements/develop.txt pyproject.toml

schemas: $(VENV)/develop.stamp ## write the published JSON Schemas, docs/sources.md, the tables of docs/safety.md and the man page anew
	$(RUN) -m docs.make_schemas
	$(RUN) -m docs.make_sources
	$(RUN) -m docs.make_safety
	$(RUN) -m docs.make_man

pictures: $(VENV)/develop.stamp ## make the README's pictures anew; needs LibreOffice, poppler-utils and Chromium
	$(RUN) -m docs.make_pictures

learn: $(VENV)/develop.stamp ## learn the suggester's weights anew from the placed passages
	$(RUN) -m reflect.themes.learn

quality: $(VENV)/develop.stamp ## measure suggestions and summaries on the labelled collections
	$(RUN) -m benchmarks.quality

bench: $(VENV)/develop.stamp ## measure the speed table of docs/performance.md
	$(RUN) -m benchmarks

clean: ## remove what was made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* dist

$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "reflect needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12 ...")'
	@# Some systems split venv off from Python; virtualenv, fetched into the folder itself, does the same.
	$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV) && $(PYTHON) -m pip install --quiet --target $(VENV).maker virtualenv && PYTHONPATH=$(VENV).maker $(PYTHON) -m virtualenv --quiet $(VENV) && rm -rf $(VENV).maker; }
	@touch $@

$(VENV)/tour.stamp: $(VENV)/made.stamp requirements/reflect.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/reflect.txt
	@touch $@

$(VENV)/develop.stamp: $(VENV)/tour.stamp requirements/develop.txt pyproject.toml
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/develop.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
