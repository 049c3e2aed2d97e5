# Two commands matter: `make demo` (a school to try) and `make test` (every check). The rest are their parts.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
SAY := @echo "→"
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export CARGO_TERM_QUIET := true

WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/package-lock.json web/vite.config.ts

.PHONY: help
help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

# ── the two commands ──

.PHONY: demo
demo: tools $(STAMPS)/run native web ## Install, build and start a demo school on http://localhost:8080
	@exec $(BIN)/zvonok demo

.PHONY: test
test: tools $(STAMPS)/dev browsers check-python check-native check-web test-python test-browser ## Every check there is
	$(SAY) "all checks passed"

# ── installing and building ──

.PHONY: tools
tools:
	@PYTHON=$(PYTHON) .ci/need

.PHONY: browsers
browsers:
	@.ci/browsers

$(BIN)/python:
	$(SAY) "Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS)

$(STAMPS)/run: $(BIN)/python requirements.lock pyproject.toml
	$(SAY) "Python packages of the program (a minute the first time)"
	@mkdir -p $(STAMPS)
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(MAKE) --silent $(STAMPS)/package
	@touch $@

$(STAMPS)/dev: $(BIN)/python requirements-dev.lock pyproject.toml
	$(SAY) "Python packages of the program and its checks (a minute the first time)"
	@mkdir -p $(STAMPS)
	@$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@$(MAKE) --silent $(STAMPS)/package
	@touch $@

# The editable install names the packages and the command; the native library is built by `native`, each time.
$(STAMPS)/package: $(BIN)/python pyproject.toml setup.py
	$(SAY) "native part and the command zvonok (two minutes the first time)"
	@mkdir -p $(STAMPS); log=$$(mktemp); \
	  ZVONOK_SKIP_WEB=1 $(BIN)/pip install --quiet --no-deps --no-build-isolation --editable . > $$log 2>&1 || { cat $$log; rm $$log; exit 1; }; rm $$log
	@touch $@

.PHONY: native
native: $(STAMPS)/package ## Build the packet path in place; cargo decides what is stale
	@log=$$(mktemp); $(BIN)/python setup.py --quiet build_rust --inplace --release > $$log 2>&1 || { cat $$log; rm $$log; exit 1; }; rm $$log

.PHONY: web
web: signaling/static/index.html ## Build the browser's client

web/node_modules/.package-lock.json: web/package-lock.json
	$(SAY) "packages of the web client"
	@cd web && npm ci --silent --no-audit --no-fund
	@touch $@

signaling/static/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	$(SAY) "web client"
	@cd web && npm run --silent build
	@touch $@

# ── checks ──

.PHONY: check-python
check-python: $(STAMPS)/dev
	$(SAY) "format, lint, types, imports"
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > .lint-imports.log 2>&1 || { cat .lint-imports.log; exit 1; }; rm -f .lint-imports.log
	@$(BIN)/vulture

.PHONY: check-native
check-native:
	$(SAY) "Rust: format, clippy, tests"
	@cd sfu/native && cargo fmt --check && cargo clippy --workspace --all-targets --locked -- -D warnings
	@cd sfu/native && cargo test --workspace --locked
	@cd benchmarks/load && cargo fmt --check && cargo clippy --all-targets --locked -- -D warnings
	@cd benchmarks/load && cargo test --locked

.PHONY: check-web
check-web: web/node_modules/.package-lock.json
	$(SAY) "web: types, lint, tests, dead code"
	@cd web && npm run --silent check && npm run --silent lint && npm run --silent test && npm run --silent knip

.PHONY: test-python
test-python: $(STAMPS)/dev native web
	$(SAY) "Python tests"
	@$(BIN)/pytest -q -m "not browser"

.PHONY: test-browser
test-browser: $(STAMPS)/dev browsers native web
	$(SAY) "browser tests"
	@$(BIN)/pytest -q -m browser --timeout 240

# ── for people who change something ──

.PHONY: format
format: $(STAMPS)/dev ## Format everything
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .
	@cd sfu/native && cargo fmt; cd ../../benchmarks/load && cargo fmt
	@cd web && npm run --silent format

.PHONY: schema
schema: $(STAMPS)/dev ## Make the browser's types from the messages
	@$(BIN)/python -m signaling.schema

.PHONY: lock
lock: $(BIN)/python ## Renew the Python lock files from pyproject.toml
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	  --extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	  --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

.PHONY: clean
clean: ## Remove everything that was built
	@rm -rf $(VENV) build *.egg-info signaling/static web/node_modules sfu/native/target benchmarks/load/target sfu/*.so

.PHONY: screenshots
screenshots: $(STAMPS)/dev browsers native web ## Write pictures of every page and state into screenshots/
	$(SAY) "pictures of every page, in two languages and two themes (four minutes; LOOK='--only ru-contrast --text 200')"
	@$(BIN)/python -m tests.e2e.screenshots $(LOOK)

.PHONY: icons
icons: $(STAMPS)/dev browsers ## Draw the icons of the home screen from the bell
	@$(BIN)/python -m tests.e2e.icons
