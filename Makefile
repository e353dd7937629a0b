# The front door: every check and every build is defined here once; CI and people call the same targets.
# Needs Python 3.11 or newer and make. Node comes as a wheel into the virtual environment.

PYTHON ?= python3
ARGS   ?=
VENV   := .venv
BIN    := $(VENV)/bin
UI     := labextension
BUILT  := jupyter_aichat/labextension jupyter_aichat/static

# what the built front end is made of
UI_SOURCES := $(shell find $(UI) \( -name node_modules -o -name lib -o -name coverage \) -prune -o -type f ! -name '*.tsbuildinfo' -print)
NODE_MODULES := $(UI)/node_modules/.package-lock.json
NPM := cd $(UI) && PATH="$(CURDIR)/$(BIN):$$PATH" npm

.DEFAULT_GOAL := help
.PHONY: help lab test check lint format types ui test-py test-browser chromium screenshots protocol dist clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ------------------------------------------------------------------------------------------------------------- run

lab: $(VENV)/.lab ## install, and start JupyterLab with the chat beside the first notebook (ARGS="--port=9000 …")
	$(BIN)/jupyter lab --ip=127.0.0.1 --allow-root --LabApp.default_url=/lab/tree/notebooks/01-quickstart.ipynb $(ARGS)

# ----------------------------------------------------------------------------------------------------------- check

# a worker for each core, and what is shared by the tests of a file is made once
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile

test: lint types ui chromium ## everything CI runs
	$(PYTEST)

check: lint types ## what to run before a commit: lint, types and the quick tests
	$(PYTEST) -m "not packaging" --ignore=tests/browser $(ARGS)

lint: $(VENV)/.test $(NODE_MODULES) ## ruff, import-linter and biome
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(NPM) run lint

format: $(VENV)/.test $(NODE_MODULES) ## mend what the formatters can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(NPM) run format

types: $(VENV)/.test $(NODE_MODULES) ## mypy and tsc, both strict
	$(BIN)/mypy
	$(NPM) run build:lib

ui: $(VENV)/.test $(NODE_MODULES) ## build the front end anew where it changed, and run its tests
	$(NPM) test

test-py: $(VENV)/.test ## the Python tests without the browser ones (ARGS="tests/runs -k cancel")
	$(BIN)/python -m pytest --ignore=tests/browser $(ARGS)

test-browser: $(VENV)/.test chromium ## the browser tests alone
	$(BIN)/python -m pytest tests/browser $(ARGS)

chromium: $(VENV)/.test
	$(BIN)/python tests/browser/chromium.py

screenshots: $(VENV)/.test chromium ## take the pictures of docs/screenshots anew (Korean needs a font with Hangul)
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

# ----------------------------------------------------------------------------------------------------------- build

protocol: $(VENV)/.test $(NODE_MODULES) ## write the wire's schema and types anew, and what docs/ takes from the code
	$(BIN)/python -m jupyter_aichat.protocol.schema > $(UI)/src/protocol/schema.json
	$(NPM) run generate
	$(BIN)/python -m docs.generate

dist: $(VENV)/.test ## build sdist and wheel into dist/, with a front end made from nothing
	rm -rf dist $(BUILT)
	$(BIN)/python -m build

clean: ## remove what was built and installed here
	rm -rf $(VENV) $(BUILT) dist $(UI)/node_modules $(UI)/lib $(UI)/*.tsbuildinfo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# ---------------------------------------------------------------------------------------------------- environments

# An editable install: changes to Python count at once, changes to the front end bring a new build.
$(VENV)/.lab: $(BIN)/python pyproject.toml $(UI_SOURCES)
	$(BIN)/python -m pip install --quiet --editable '.[lab]'
	touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml $(UI_SOURCES)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ $(VENV)/.lab

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv --upgrade-deps $(VENV) # an old pip takes a minute longer
	mkdir -p $(VENV)/share/jupyter/lab/settings
	echo '$(LAB_DEFAULTS)' > $(VENV)/share/jupyter/lab/settings/overrides.json

# JupyterLab's question about news covers the sidebar at the first start; this environment does not ask it.
LAB_DEFAULTS := {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}

$(NODE_MODULES): $(UI)/package-lock.json | $(VENV)/.test
	$(NPM) ci
