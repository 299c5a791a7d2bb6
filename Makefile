# `make demo` and `make test` are all that a newcomer needs: each sets up its own environment in .venv first.
# Python 3.11 or newer and make are enough; every package comes by version and hash from the lock files.

VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= .data
PORT ?= 8000
HOUSEHOLDS ?= 20000
SEED ?= 1

.DEFAULT_GOAL := help
.PHONY: help demo serve test battery lint bench lock clean

help:  ## Say what can be made.
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(VENV)/runtime  ## A registry of 20,000 synthetic households on 127.0.0.1:8000, with everything it needs.
	@$(BIN)/nser demo --data-dir $(DATA_DIR) --port $(PORT) --households $(HOUSEHOLDS) --seed $(SEED)

serve: $(VENV)/runtime  ## The server on the database that NSER_DATABASE_URL names.
	@$(BIN)/nser serve --port $(PORT)

test: $(VENV)/development  ## All tests but the long battery's large numbers.
	$(BIN)/python -m pytest

battery: $(VENV)/development  ## The property tests with large numbers; takes long.
	EXAMPLES=2000 $(BIN)/python -m pytest -m long

lint: $(VENV)/development  ## Style, types, import directions, migrations, the printed schema.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/nser migrate --check --data-dir $(DATA_DIR)/lint
	$(BIN)/nser schema | diff -u docs/schema.graphql -

bench: $(VENV)/development  ## The benchmarks, against a bare line of our own.
	$(BIN)/python -m benchmarks

# Needs `uv`. The second file is the first and what development needs beside it, at the same versions.
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:  ## Choose versions anew within pyproject.toml and write the lock files.
	$(COMPILE) --quiet --extra demo --extra source -o requirements.lock
	$(COMPILE) --quiet --extra demo --extra source --extra dev -c requirements.lock -o requirements-dev.lock

clean:  ## Remove the environment. The data folder stays.
	rm -rf $(VENV)

# Bytecode is written as modules are first used: most of what is installed never is.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-compile
PROJECT := $(INSTALL) --no-deps --no-build-isolation --editable .

$(VENV)/runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the program needs (once; about half a minute) ..."
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@$(PROJECT)
	@touch $@

$(VENV)/development: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing what development needs (once; about a minute) ..."
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@$(PROJECT)
	@touch $@ $(VENV)/runtime

$(BIN)/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; found=$$python; \
	  $$python -c 'import venv, ensurepip' 2>/dev/null || continue; \
	  exec $$python -m venv --clear $(VENV); \
	done; \
	if [ "$$found" ]; then \
	  echo "$$found cannot make a virtual environment: install its venv module (Debian and Ubuntu: apt install $$found-venv)."; \
	else \
	  echo "Python 3.11 or newer is needed, and none of python3.13, python3.12, python3.11, python3 is one. Install it and try again."; \
	fi >&2; exit 1
