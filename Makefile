# Needs Python 3.11 and GNU make; everything else is set up by the targets themselves.

.DEFAULT_GOAL := help
.PHONY: help run test check e2e bench format lock clean runtime dev

IS_311 := import sys; sys.exit(sys.version_info[:2] != (3, 11))
PYTHON ?= $(shell for name in python3.11 python3 python; do \
	"$$name" -c '$(IS_311)' 2>/dev/null && { command -v "$$name"; break; }; done)
NEED_PYTHON = $(if $(PYTHON),,$(error Python 3.11 was not found as python3.11 or python3. Install it, or name it: make PYTHON=/path/to/python3.11 ...))
VENV := .venv/bin

help:  ## this list
	@grep -E '^[a-z0-9]+:.*##' Makefile | sed -E 's/^([a-z0-9]+):[^#]*## */  make \1\t/'

run: runtime  ## set up what is missing, build the demo district, open the dashboard
	@export GRIDGUARD_HOME="$${GRIDGUARD_HOME:-$(CURDIR)/var/home}"; \
	if [ -z "$$GRIDGUARD_DATABASE_URL" ] && [ ! -e "$$GRIDGUARD_HOME/gridguard.db" ]; then \
		echo "Building the demo district in $$GRIDGUARD_HOME ..."; \
		$(VENV)/python -m dashboard init --demo || exit 1; \
	fi; \
	exec $(VENV)/python -m dashboard serve --open

test: dev  ## set up what is missing, pass all tests
	@$(VENV)/python -m tools.suite test

check: dev  ## style, types, import contracts
	@$(VENV)/python -m tools.suite check

e2e: dev  ## the browser tests alone
	@$(VENV)/python -m tools.browser
	@$(VENV)/pytest -q -raR tests/e2e

bench: dev  ## the benchmarks, with their ratio tables
	@$(VENV)/python -m benchmarks

format: dev  ## put every file into the one format that make check accepts
	@$(VENV)/ruff check --quiet --select I --fix .
	@$(VENV)/ruff format --quiet .

lock:  ## resolve the requirements anew (make lock UPGRADE=--upgrade for newer versions)
	$(NEED_PYTHON)
	@"$(PYTHON)" -m tools.locks $(UPGRADE)

clean:  ## remove the environment and all caches; data under var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime dev:
	$(NEED_PYTHON)
	@"$(PYTHON)" -m tools.environment $@
