# Every command of the project. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin

.PHONY: help setup packages pages legacy api screens samples run test check rehearse bench fmt types migration documents lock

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.venv/.ready: requirements-dev.lock pyproject.toml
	@python=$$(for p in python3.13 python3.12 python3.11 python3; do \
	    command -v $$p >/dev/null && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done); \
	if [ -z "$$python" ]; then echo "需要带 venv 的 Python 3.11 或更新版本 / Python >= 3.11 with venv is needed" >&2; exit 4; fi; \
	$$python -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: .venv/.ready ## install everything into .venv from the hashed locks

pages: setup ## build the pages of web/ if their sources changed; the Node for it comes as a wheel
	@$(BIN)/python web/pages.py build

legacy: setup ## the pages, and those for browsers as old as Chrome 69: for a release
	@$(BIN)/python web/pages.py legacy

api: setup ## write web/src/api/generated from the OpenAPI documents of the services
	@$(BIN)/python web/pages.py api

screens: pages ## take the pictures of docs/screens from a seeded demonstration bureau
	@$(BIN)/python -m tests.e2e.shoot

samples: setup ## make a month, a quarter and a year of the example city as bulletins, into docs/samples
	@$(BIN)/python -m tests.services.reporting.samples

run: pages ## start a whole platform on http://127.0.0.1:8080 (ARGS="--port 9000")
	@exec $(BIN)/kaohe run $(ARGS)

packages:
	@ops/testing/packages.sh

# As many workers as there are cores, each with servers of its own; a file's tests stay together and share what they set up.
TOGETHER := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: packages pages ## all tests, against real PostgreSQL, RabbitMQ, S3 and a browser (ARGS="tests/rules")
	$(if $(ARGS),,$(BIN)/python web/pages.py test)
	$(BIN)/pytest $(or $(ARGS),$(TOGETHER))

check: setup ## format, lint, types, import contracts, spelling, dependencies, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/deptry .
	$(BIN)/kaohe documents --check
	$(BIN)/python web/pages.py check

rehearse: setup ## play a month of the example city and check every figure (PROCESSES=1: over RabbitMQ)
	$(BIN)/kaohe rehearse examples/city $(if $(PROCESSES),--processes) $(ARGS)

bench: setup ## measure the hot paths, the cascade and the closing of a city (FACTS=1000000); writes bench/results.json
	$(BIN)/python -m bench
	$(BIN)/python -m bench.cascade
	$(BIN)/python -m bench.closing $(FACTS)
	$(BIN)/python -m bench.posting
	$(BIN)/python -m bench.boards
	$(BIN)/python -m bench.reporting
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.rebuilding
	$(BIN)/python -m bench.changing

fmt: setup ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: setup ## types only
	$(BIN)/mypy

migration: setup ## write the next migration: make migration service=org m="what for"
	$(BIN)/kaohe migration $(service) -m "$(m)"

documents: setup ## write the generated pages of docs/reference and the gateway's Caddyfile
	$(BIN)/kaohe documents

COMPILE := pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: ## renew the locks from pyproject.toml (servers, with tracing, development) and ops/image/build.in (the image's build)
	$(BIN)/$(COMPILE) -o requirements.lock pyproject.toml
	$(BIN)/$(COMPILE) --extra tracing -o requirements-tracing.lock pyproject.toml
	$(BIN)/$(COMPILE) --extra embedded --extra tracing --extra dev -o requirements-dev.lock pyproject.toml
	$(BIN)/$(COMPILE) -o ops/image/build.lock ops/image/build.in
