# Every command of this project; `make help` lists them. CI runs `make check` and `make test`, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
FRONTEND := $(shell find portal/static portal/templates -name node_modules -prune -o -name dist -prune -o -type f -print) portal/frontend_build.py

ON_SYSTEM_SERVER := tests/tenants/test_lenses.py tests/tenants/test_tables_match.py tests/tenants/booking/test_booking.py tests/tenants/booking/test_races.py

.DEFAULT_GOAL := help
.PHONY: help run test check lint types translations translations-check locks locks-check bench screenshots migration clean
.DELETE_ON_ERROR:

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.frontend $(VENV)/.places ## Start the demo with its own database at http://localhost:8000
	@$(BIN)/python -m portal demo

test: $(VENV)/.frontend $(VENV)/.development ## Run every test, on a PostgreSQL of its own
	$(BIN)/python -m pytest -n 2 --dist worksteal
	@if command -v pg_config >/dev/null && [ -x "$$(pg_config --bindir)/initdb" ]; then \
		echo "The rules once more, on $$(pg_config --version):"; \
		CARNET_TEST_SERVER=system $(BIN)/python -m pytest -n 2 $(ON_SYSTEM_SERVER); \
	else echo 'Not run on a PostgreSQL of the system: none is installed.'; fi

check: lint types translations-check locks-check ## Everything CI looks at before the tests

lint: $(VENV)/.development
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.development
	$(BIN)/mypy portal tenants migrations tests

translations: $(VENV)/.development ## Bring the catalogues up to date with the sources
	$(BIN)/python -m portal.languages.catalogues update

translations-check: $(VENV)/.development
	$(BIN)/python -m portal.languages.catalogues check

locks: $(VENV)/.development ## Lock anew what pyproject.toml asks for
	$(BIN)/python .ci/locks.py update

locks-check: $(VENV)/.development
	$(BIN)/python .ci/locks.py check

bench: $(VENV)/.frontend $(VENV)/.development ## Measure, and write docs/benchmarks.md; size="10k people" for other sizes
	$(BIN)/python -m tests.benchmarks $(addprefix --size=,$(size))

screenshots: $(VENV)/.frontend $(VENV)/.development ## Take the README's pictures from the running demo
	$(BIN)/python -m tests.journeys.pictures

migration: $(VENV)/.development ## Begin a migration: make migration app=tenants name=add_waiting_list
	PICCOLO_CONF=portal.piccolo_conf $(BIN)/piccolo migrations new $(app) --desc=$(name)

clean: ## Remove what was made, but not the data in var/
	rm -rf $(VENV) portal/static/dist portal/static/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Stamps: each names the inputs after whose change its step is taken again.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Carnet needs Python 3.11 or newer.'; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo 'On Debian: apt install python3-venv'; rm -rf $(VENV); exit 2; }

$(VENV)/.requirements: requirements.txt requirements-build.txt | $(BIN)/python
	@echo 'Installing what Carnet needs …'
	@$(PIP) install --no-compile --require-hashes --no-deps -r requirements.txt -r requirements-build.txt
	@touch $@

# The demo runs as well without knowing where anybody is.
$(VENV)/.places: requirements-geo.txt $(VENV)/.requirements
	@$(PIP) install --no-compile --require-hashes --no-deps -r requirements-geo.txt && touch $@ \
		|| echo 'Connections will be shown without a place: the data could not be installed.'

$(VENV)/.installed: pyproject.toml $(VENV)/.requirements
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.frontend: $(FRONTEND) $(VENV)/.installed
	@$(BIN)/python portal/frontend_build.py
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.requirements
	@echo 'Installing what the tests need …'
	@$(PIP) install --no-compile --require-hashes --no-deps -r requirements-dev.txt
	@touch $@
