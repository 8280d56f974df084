# Each target makes what it needs. `make` alone lists them.
PYTHON ?= python3
PY := .venv/bin/python
export HF_HUB_OFFLINE := 1
export ANONYMIZED_TELEMETRY := False

.PHONY: help run test check fix eval gate bench

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/.run ## Set everything up and serve the chat at http://127.0.0.1:7860
	$(PY) app.py

test: .venv/.dev ## Set everything up and pass all tests
	$(PY) -m pytest

check: .venv/.dev ## Format, lint, types, layers, house rules
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m pytest tests/test_house_rules.py

fix: .venv/.dev ## Format and mend what the linter can
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

eval: .venv/.dev ## Ask the bot every case; figures, and a report to look at in var/evals/footnote/
	$(PY) -m evals run

gate: eval ## The same, and fail on a drop against the committed baseline
	$(PY) -m evals gate

bench: .venv/.dev ## Cold start and latency, beside the tutorial pipeline
	$(PY) -m evals bench

.venv/.run: pyproject.toml constraints.txt
	$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/.dev: pyproject.toml constraints.txt
	$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@ .venv/.run
