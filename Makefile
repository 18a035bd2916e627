# What a user of this repository types. Each target makes what it needs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Every command and test is a process that imports the same packages: compiled once, they start in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup up down test check format bench docs docs-links clean lock

help: ## Show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | while IFS='|' read -r target what; do \
		printf '  make %-8s %s\n' "$$target" "$$what"; done

setup: .venv/.ready ## The virtual environment .venv, with everything pinned in requirements.lock

# Written last: an interrupted installation is done again.
.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mesh-infra needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

up: setup ## Onboard the sample mesh in a local AWS, with the real Pulumi CLI
	@$(BIN)/mesh local start
	@$(BIN)/mesh local exec -- pulumi up --yes --skip-preview
	@$(BIN)/mesh --env local list
	@$(BIN)/python -m mesh_infra.cli.whatnext

down: setup ## Destroy the local mesh and stop the local AWS
	@$(BIN)/mesh local exec -- pulumi destroy --yes --skip-preview
	@$(BIN)/mesh local stop

test: check ## All tests, those that run the real Pulumi CLI included
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: setup ## Lint, types, import rules, workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet --persona pedantic .github

format: setup ## Put the code into its one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Speed, as ratios against a baseline in the same run
	$(BIN)/python -m tests.bench

docs: setup ## The documentation as a site, in build/docs/html
	$(BIN)/python -m sphinx -q -W --keep-going -n -b html -d build/docs/doctrees docs build/docs/html

docs-links: setup # Whether links to other sites still lead somewhere: asks them, so no test does it
	$(BIN)/python -m sphinx -q -b linkcheck -d build/docs/doctrees docs build/docs/links

lock: setup ## Pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--extra local --group dev --output-file requirements.lock pyproject.toml

clean: ## Stop the local AWS and remove everything that was made here
	@if [ -x $(BIN)/mesh ]; then $(BIN)/mesh local stop; fi
	rm -rf .venv .mesh build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache Pulumi.local.yaml Pulumi.local.*.yaml
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
