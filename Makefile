# Everything a newcomer, a developer or CI needs. `make help` lists it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,$(shell \
  $(name) -c 'import sys, venv, ensurepip; print(sys.version_info >= (3, 11))' 2>/dev/null | grep -q True && echo $(name))))
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --no-strip-extras --upgrade

.PHONY: help run test check format bench lock setup

help: ## list what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/run static/fonts/Bold.woff2 ## set up, migrate, load demonstration data once, and serve
	@$(FLASK) db upgrade
	@$(FLASK) demo load
	@$(FLASK) serve

test: setup ## run the whole suite, on both databases
	@$(BIN)/python -m pytest -n 3 --cov --cov-report= $(ARGS)
	@$(BIN)/python -m coverage report --fail-under=95 --format=total > /dev/null || { $(BIN)/python -m coverage report --fail-under=95; exit 1; }
	@$(BIN)/python -m coverage report --fail-under=100 --include='*/content.py,*/gaps.py,*/hints.py,*/spread.py,catalogue/reasons.py,*/edition_facts.py,*/changes.py,*/steps.py,*/states.py,*/numbers.py,*/terms.py,*/hours.py,*/judgement.py,providers/rules.py,*/statistics/figures.py,*/statistics/term_days.py,*/statistics/small_groups.py,*/statistics/charts.py,*/statistics/asking.py'

check: setup ## formatting, lint, types, import contracts, templates, dependencies
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }
	@$(BIN)/djlint --quiet --lint templates
	@$(BIN)/deptry --no-ansi . > $(VENV)/deptry.log 2>&1 || { cat $(VENV)/deptry.log; exit 1; }

format: setup ## put code into the house's form
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: setup ## measure what the design promises
	@$(BIN)/python -m bench.approvals
	@$(BIN)/python -m bench.two_members
	@$(BIN)/python -m bench.own_list
	@$(BIN)/python -m bench.queue
	@$(BIN)/python -m bench.imports
	@$(BIN)/python -m bench.statistics
	@$(BIN)/python -m bench.numbers
	@$(BIN)/python -m bench.words
	@$(BIN)/python -m bench.relevance

lock: setup ## renew the pinned requirements
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --group dev --constraint requirements.txt --output-file requirements-dev.txt

setup: $(VENV)/dev static/fonts/Bold.woff2

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(VENV)/bin/python requirements.txt
	@echo "Setting up ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev: $(VENV)/bin/python requirements-dev.txt
	@echo "Setting up for development ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/run

static/fonts/Bold.woff2: core/fonts.py | $(VENV)/run
	@$(FLASK) fonts build > /dev/null
	@touch $@
