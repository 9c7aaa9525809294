# `make serve` on a fresh clone installs, indexes the articles and serves the chat page.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install serve index test check lint format eval bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Install everything into .venv; does nothing the second time

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

serve: install ## Index the articles in corpus/ and open the chat page
	$(BIN)/qa serve

index: install ## Bring index/ into step with corpus/
	$(BIN)/qa index

test: install ## Run the tests
	$(BIN)/python -m pytest

check: lint test ## Run everything that must pass before a commit

lint: install ## Check format, style and types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: install ## Format the code and mend what can be mended
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

eval: install ## Ask the gold questions in eval/ and measure the answers
	$(BIN)/qa eval $(FLOORS)

bench: install ## Measure every figure of the README: make bench DATA=folder
	$(BIN)/python -m benchmarks --data $(or $(DATA),$(error name the folder of questions: make bench DATA=folder))

clean: ## Remove the environment, the index and every cache
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build src/*.egg-info
	find index -mindepth 1 ! -name README.md -delete
	find src tests benchmarks training -name __pycache__ -type d -prune -exec rm -rf {} +
