# landport needs make and Python 3.11 or newer with venv; everything else goes into .venv.
#   make demo        plan a demonstration port into out/demo, its database too (more options: make demo ARGS='--scale 0.05')
#   make test        run the tests (choose some: make test ARGS='tests/test_units.py'; one at a time: ARGS='-n 0')
#   make test-slow   run the long promise tests too
#   make lint        style, types and who may import whom
#   make bench       measure speed against bounds and peers
#   make lock        pin every dependency again (newer ones: make lock ARGS=--upgrade)
#   make clean       remove everything that make made
PYTHON ?= python3
ARGS   ?=
UV_VERSION := 0.13.9
B    := .venv/bin
UV   := $(B)/uv
PIN  := requirements.lock
SRC  := pyproject.toml $(PIN)

export UV_PYTHON_DOWNLOADS := never
# as pip does: a company's own certificates count, where the system knows them
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)
export PYTHONDONTWRITEBYTECODE :=
.DELETE_ON_ERROR:
.PHONY: help demo test test-slow lint bench lock clean

help:
	@sed -n 's/^#   //p' Makefile

demo: .venv/.run
	@$(B)/landport demo --out out/demo --db out/demo/demo.db $(ARGS)

test: .venv/.dev
	@$(B)/python -m pytest -n auto --maxprocesses 4 $(ARGS)

test-slow: .venv/.dev
	@LANDPORT_HYPOTHESIS=explore $(B)/python -m pytest -n auto --maxprocesses 4 -m 'slow or not slow' $(ARGS)

lint: .venv/.dev
	$(B)/ruff check .
	$(B)/ruff format --check .
	$(B)/mypy
	PYTHONPATH=. $(B)/lint-imports

bench: .venv/.run
	@$(B)/python -m bench $(ARGS)

lock: $(UV)
	$(UV) pip compile -q --universal --python-version 3.11 --all-extras --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' $(ARGS) \
	  pyproject.toml -o $(PIN)

clean:
	rm -rf .venv build dist out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv takes the lock as constraints: it pins what an extra needs and checks every hash.
.venv/.run: $(SRC) | $(UV)
	@echo 'installing landport into .venv (first time: about a minute)'
	@$(UV) pip install -q --python $(B)/python -c $(PIN) -e .
	@touch $@

.venv/.dev: $(SRC) | $(UV)
	@echo 'installing landport and its test tools into .venv (first time: about a minute)'
	@$(UV) pip install -q --python $(B)/python -c $(PIN) -e '.[dev]'
	@touch $@ .venv/.run

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "landport needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ...")'
	@$(PYTHON) -m venv .venv
	@$(B)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
