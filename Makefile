# Every target makes the environment it needs; `make help` lists them.
VENV   := .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test behaviours check run bench bench-world catalogue format clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP) ## crawl and judge a simulated prefecture of 15 sites on loopback
	$(BIN)/govcheck demo

test: $(STAMP) ## run all tests
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

behaviours: $(STAMP) ## run the numbered tests and list every number (ARGS=--last: of the last run)
	$(BIN)/python -m tests.behaviours $(ARGS) $(if $(findstring --last,$(ARGS)),,-- -n 2 --dist worksteal)

run: $(STAMP) ## the nightly job over config/sites/
	$(BIN)/govcheck nightly

check: $(STAMP) ## format, lint, types, import contracts, catalogue drift
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/govcheck rules --catalogue --check

catalogue: $(STAMP) ## write rules/README.md anew
	$(BIN)/govcheck rules --catalogue

bench: $(STAMP) ## measure against Scrapy, LinkChecker and lychee on loopback
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	$(BIN)/python -m tests.bench

bench-world: $(STAMP) ## crawl the misbehaving world beside linkkeep, LinkChecker and lychee
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	$(BIN)/python -m tests.bench.world

format: $(STAMP) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove the environment and all that was built
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
