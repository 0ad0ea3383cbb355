# Everything runs in .venv, which every target sets up by itself; a second time that is a no-op.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MEASURED := .pytest_cache/coverage

# Without its bytecode, each process that the tests start would compile the package again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo studio test check lint types mypy pyright floors generated wheel release-check api docs docs-serve coverage \
	mutate fuzz prove bench generate refresh pins inspector clean

setup: $(STAMP)

$(STAMP): pyproject.toml requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV)"
	@# The pip that comes with Python 3.11 takes twice the time.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile pip==26.3
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# An image from the built-in simulator, or with LIVE=1 and KIE_API_KEY from Kie.ai.
PROMPT ?= A futuristic city at sunset
demo: setup
	@$(BIN)/kie run nano-banana-pro --prompt "$(PROMPT)" --aspect-ratio 16:9 --save out $(if $(LIVE),,--simulate)

# The local page against the simulator, in the browser: no key, no cost.
studio: setup
	@$(BIN)/kie studio --simulate --port 0 --open

# Branches of the rooms that talk to the service are measured by the tests of those rooms, which `make check` reports.
# To measure all tests would take 1.8 times as long; those that start programs, or try one line in many ways, would take
# minutes and cover nothing else.
COVERING := tests/flows tests/batch/test_batch.py tests/io tests/policy tests/webhooks
APART := tests/io/test_http2.py tests/io/test_proof.py tests/io/test_early.py tests/flows/test_suno.py
OTHERS := $(filter-out $(COVERING),$(patsubst %/,%,$(wildcard tests/[a-z]*/)) $(wildcard tests/test_*.py)) $(APART)
measure = $(BIN)/python -m pytest --cov --cov-report= $(COVERING) $(APART:%=--ignore=%) || { rm -f $(MEASURED); exit 1; }

test: setup
	@$(measure)
	@$(BIN)/python -m pytest $(OTHERS) $(COVERING:%=--ignore=%)

# Each of these uses one core for most of its time: two run side by side, the longest first.
check: setup
	@$(MAKE) --no-print-directory -j2 --output-sync=target mypy pyright wheel docs api generated lint floors
	@$(MAKE) --no-print-directory coverage

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: mypy pyright

mypy: setup
	@$(BIN)/mypy

pyright: setup
	@$(BIN)/pyright

floors: setup
	@$(BIN)/lint-imports

generated: setup
	@$(BIN)/python -m codegen check

# The built wheel, without the source tree, on the lowest and on the newest dependencies.
wheel: setup
	@$(BIN)/python tests/wheel/check.py

# What is released: built twice to the same bytes, with the files that are pinned, and tried; with a list of components.
# `make wheel` tries the wheel on the lowest and the newest dependencies.
release-check: setup wheel
	@$(BIN)/python tests/wheel/release.py

# What breaks of the public API since the last release.
api: setup
	@$(BIN)/python tests/wheel/stability.py

# The documentation site, in build/site: a warning, such as a link that leads nowhere, is an error, and so is whatever a
# page would load from elsewhere.
PAGES = $(BIN)/python -m codegen site
ZENSICAL := NO_COLOR=1 $(BIN)/zensical
docs: setup
	@$(PAGES)
	@$(ZENSICAL) build --clean --strict
	@$(PAGES) --rendered build/site

# The same, rendered again when its pages change: `python -m codegen site` writes them, from docs/ and the catalog.
docs-serve: setup
	@$(PAGES)
	@$(ZENSICAL) serve

coverage: $(MEASURED)
	@$(BIN)/coverage report

$(MEASURED): $(STAMP) $(shell find src generated tests -name '*.py')
	@$(measure)

# Changes the lines that guard money, the key, the journal, downloads and webhooks; fails if no test notices one.
MINUTES ?= 30
mutate: setup
	@$(BIN)/python -m tests.mutation --minutes $(MINUTES)

# Answers, callbacks, command lines and batch lines that nobody would send, with a fixed seed: minutes.
fuzz: setup
	@$(BIN)/python -m tests.proof fuzz

# `kill -9` at random moments, 10,000 tasks while everything goes wrong, a minute of 200 tasks at a time: minutes.
prove: setup
	@$(BIN)/python -m tests.proof kill faults soak durable

bench: setup
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.polling
	@$(BIN)/python -m benchmarks.sharing

generate: setup
	@$(BIN)/python -m codegen generate

# What the vendor documents today, by its Models API (KIE_API_KEY): where that differs from `openapi/`, and a draft of
# each model that is new. Takes minutes; one that was interrupted goes on where it stopped.
refresh: setup
	@$(BIN)/python -m codegen drift build/vendor-$$(date +%F) --live --drafts build/drafts

# Resolve requirements/dev.in anew.
pins:
	@rm -rf .pins && $(PYTHON) -m venv .pins
	@.pins/bin/python -m pip install --quiet -r requirements/dev.in
	@{ echo "# Made by \`make pins\` from dev.in: everything that developing kie needs, pinned exactly."; \
	  .pins/bin/python -m pip freeze --exclude-editable; } > requirements/dev.txt
	@rm -rf .pins

# A client of the Model Context Protocol that is not ours, for the tests of `kie mcp`. Pinned: later ones want the whole
# web application, and this one asks the package around it for its name.
INSPECTOR := $(VENV)/inspector
inspector:
	@npm install --silent --no-audit --no-fund --prefix $(INSPECTOR) @modelcontextprotocol/inspector-cli@0.22.0
	@echo '{"name": "@modelcontextprotocol/inspector", "version": "0.22.0"}' \
	  > $(INSPECTOR)/node_modules/@modelcontextprotocol/package.json

clean:
	@rm -rf $(VENV) build dist out .cache .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
