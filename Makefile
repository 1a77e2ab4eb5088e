# `make run` in a fresh clone brings up the demo county; `make test` runs everything that CI runs.
.PHONY: help setup run test check-sqlite check-postgres lint format bench locks pictures docs clean
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
WORKERS ?= 2

help:  ## these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / - /'

setup:  ## the packages, from the locks; a second when nothing changed
	@PYTHON="$(PYTHON)" sh tools/setup.sh

run: setup  ## the demo county Linjiang at full size, then the server
	@$(BIN)/xiangyue demo linjiang --serve

test: setup lint check-sqlite check-postgres  ## everything: lint, types, layers, tests on SQLite and PostgreSQL

# A demo county is built once for all its tests: they stay with one worker.
check-sqlite: setup  ## the tests on SQLite, with the walks in Chromium and the demo counties
	env -u DATABASE_URL $(BIN)/python -m pytest -n $(WORKERS) --dist=loadgroup

# Rules, schemes and the house's own tests know no database: once is enough.
check-postgres: setup  ## the tests on a throw-away PostgreSQL server
	$(BIN)/python tools/with_postgres.py $(BIN)/python -m pytest -n $(WORKERS) --dist=worksteal -m "not browser and not demo" \
		--ignore=tests/rules --ignore=tests/schemes --ignore=tests/house

lint: setup  ## ruff, mypy --strict, the order of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src tests tools $(wildcard bench)
	@$(BIN)/lint-imports --no-logo

format: setup  ## mends what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## the benchmarks, candidates in turn, ratios of one run
	$(BIN)/python -m bench

locks: setup  ## writes the locks anew, after a change of pyproject.toml or package.json
	$(BIN)/python tools/locks.py

pictures: setup  ## pictures of pages of the full-size demos as their users see them, into build/pictures
	$(BIN)/python tools/pictures.py

docs: setup  ## writes the generated parts of the pages
	$(BIN)/python tools/make_docs.py

clean:  ## takes away what setup and the tools made; your data folder stays
	rm -rf .venv node_modules build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
