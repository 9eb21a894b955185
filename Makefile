# Rebound: everything is set up in .venv from the hash-locked requirements; nothing else is touched.
# PYTHON=... chooses another Python, PORT=... another port for demo and serve. pip's own settings
# (PIP_*, pip.conf) are respected.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
PORT ?=
TEST_WORKERS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# An environment that was moved or copied, or whose Python is gone, is built again: its scripts
# and its editable install would point somewhere else.
VENV_IS_USABLE := $(shell [ "`cat $(VENV)/root 2>/dev/null`" = "`pwd -P`" ] && $(BIN)/python -c '' 2>/dev/null && echo yes)
PIP_INSTALL := $(BIN)/python -m pip install -qq
NOT_INSTALLED := { echo "Rebound could not install its packages: pip tells why above; it needs a reachable package index." >&2; exit 1; }
# Installed apart from the locked packages, because an editable install has no hash; its build
# backend comes from the lock, so this step downloads nothing.
INSTALL_REBOUND := $(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
# Node from the locked packages: the same one everywhere, and none has to be there before.
WITH_NODE := PATH="$(CURDIR)/$(VENV)/clients/bin:$$PATH"
# The compiler reads indexes from the machine's own settings and writes none of them down.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --fork-strategy fewest --upgrade

.DEFAULT_GOAL := help
.PHONY: help demo serve test check contract clients browser screenshots lock clean rebuild

help: ## Say what can be made (this text)
	@echo "Rebound. Needs python3 >= 3.11 with venv; the first run sets everything up in $(VENV)."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/run.stamp ## Serve a throw-away database of sample data, with the docs page
	@exec $(BIN)/rebound demo $(if $(PORT),--port $(PORT))

serve: $(VENV)/run.stamp ## Serve your own data
	@exec $(BIN)/rebound serve $(if $(PORT),--port $(PORT))

test: $(VENV)/dev.stamp ## Run the tests, on SQLite and on a real PostgreSQL (those that take long: make contract)
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --ignore tests/contract

check: $(VENV)/dev.stamp ## Lint, types, import contracts, dependencies, security, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app migrations tests examples
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive app migrations
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m pytest tests/architecture

browser: $(VENV)/browser.stamp ## Run the tests of the docs page in a real Chromium
	@sh scripts/install-chromium
	$(BIN)/python -m pytest -m browser tests/browser

contract: $(VENV)/fuzz.stamp ## Check every operation against the contract, fuzz a server, run what takes long
	$(BIN)/rebound openapi --check
	$(BIN)/openapi-spec-validator openapi/openapi.json
	$(BIN)/python -m pytest -n $(TEST_WORKERS) tests/contract
	$(BIN)/python -m pytest -n $(TEST_WORKERS) -m thorough tests
	$(BIN)/python -m tests.fuzzing

clients: clients/node_modules/.package-lock.json $(VENV)/dev.stamp ## Lint the contract, generate both clients, run their journeys
	cd clients && $(WITH_NODE) npm run --silent lint
	cd clients && $(WITH_NODE) npm run --silent generate
	cd clients && $(WITH_NODE) npm run --silent build
	$(VENV)/clients/bin/openapi-python-client generate --path openapi/openapi.json --meta none \
		--config clients/python/generator.yaml --output-path clients/python/rebound_client \
		--overwrite --fail-on-warning
	cd clients/python && ../../$(VENV)/clients/bin/mypy --strict --config-file= .
	$(WITH_NODE) $(BIN)/python -m pytest -m clients tests/clients

screenshots: $(VENV)/browser.stamp ## Take the README's two pictures anew
	@sh scripts/install-chromium
	$(BIN)/python -m tests.browser.screenshots

lock: | $(BIN)/uv ## Resolve the newest allowed packages into requirements/
	@echo "Resolving what Rebound needs to run ..."
	@$(COMPILE) --group build --output-file requirements/run.txt pyproject.toml
	@echo "Resolving what developing needs, on the same versions ..."
	@$(COMPILE) --group build --group dev --constraint requirements/run.txt \
		--output-file requirements/dev.txt pyproject.toml
	@echo "Resolving what the browser tests need, on the same versions ..."
	@$(COMPILE) --group browser --constraint requirements/dev.txt \
		--output-file requirements/browser.txt pyproject.toml
	@echo "Resolving what fuzzing the contract needs, on the same versions ..."
	@$(COMPILE) --group fuzz --constraint requirements/dev.txt \
		--output-file requirements/fuzz.txt pyproject.toml
	@echo "Resolving what makes the Python client, for itself ..."
	@$(COMPILE) --group clients --output-file requirements/clients.txt

clean: ## Remove the environment and every cache
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf .coverage .coverage.* htmlcov build dist
	rm -rf clients/node_modules clients/typescript/build clients/typescript/generated
	rm -rf clients/python/rebound_client clients/python/.mypy_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment serves both: the second stamp only adds the development tools to it, on the
# same locked versions, so `make demo` never waits for them.
$(VENV)/python.stamp: scripts/find-python $(if $(VENV_IS_USABLE),,rebuild)
	@python=`sh scripts/find-python $(PYTHON)` || exit 1; \
	echo "Setting up $(VENV) with $$python ..."; \
	"$$python" -m venv --clear $(VENV)
	@pwd -P > $(VENV)/root
	@touch $@

$(VENV)/run.stamp: $(VENV)/python.stamp requirements/run.txt pyproject.toml
	@echo "Installing `grep -c '^[a-z].*==' requirements/run.txt` locked packages to run (about a minute the first time) ..."
	@$(PIP_INSTALL) --require-hashes --requirement requirements/run.txt || $(NOT_INSTALLED)
	@$(INSTALL_REBOUND) || $(NOT_INSTALLED)
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@echo "Installing the tools to develop and test (about a minute the first time) ..."
	@$(PIP_INSTALL) --require-hashes --requirement requirements/dev.txt || $(NOT_INSTALLED)
	@touch $@

$(VENV)/browser.stamp: $(VENV)/dev.stamp requirements/browser.txt
	@echo "Installing the driver of the browser tests ..."
	@$(PIP_INSTALL) --require-hashes --requirement requirements/browser.txt || $(NOT_INSTALLED)
	@touch $@

$(VENV)/fuzz.stamp: $(VENV)/dev.stamp requirements/fuzz.txt
	@echo "Installing what fuzzes the contract ..."
	@$(PIP_INSTALL) --require-hashes --requirement requirements/fuzz.txt || $(NOT_INSTALLED)
	@touch $@

$(VENV)/clients.stamp: $(VENV)/python.stamp requirements/clients.txt
	@echo "Installing Node and the generator of the Python client ..."
	@$(BIN)/python -m venv --clear $(VENV)/clients
	@$(VENV)/clients/bin/python -m pip install -qq --require-hashes --requirement requirements/clients.txt || $(NOT_INSTALLED)
	@touch $@

clients/node_modules/.package-lock.json: clients/package.json clients/package-lock.json clients/.npmrc $(VENV)/clients.stamp
	@echo "Installing the linters and the tools of the TypeScript client ..."
	@cd clients && $(WITH_NODE) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BIN)/uv:
	@$(MAKE) --no-print-directory $(VENV)/dev.stamp
