# One virtual environment, made from the hashed lock; every target sets up what it needs.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
SEED   ?= 0

# The replay viewer comes by npm, and that from PyPI where the machine has none.
FETCH_REPLAY = { command -v npm >/dev/null \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-npm.lock; } \
	  && $(BIN)/python -m archiver.publish.replay.fetch

.DEFAULT_GOAL := help
.PHONY: help setup replay demo lint test soak chromium test-browser bench lock clean

help:
	@echo "make demo          archive the sample site twice and serve it at http://127.0.0.1:8001"
	@echo "make replay        fetch the replay viewer (setup tries to, too)"
	@echo "make test          the tests (make lint: format, lint, types)"
	@echo "make soak          the long tests: random kills, other people's tools (SEED=n for other chances)"
	@echo "make test-browser  the pages in Chromium, which it installs if it may"
	@echo "make bench         speed beside named peers, as ratios"
	@echo "make lock          renew the hashed requirements"

setup: $(READY)

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	-@$(FETCH_REPLAY)
	touch $@

replay: setup
	@$(FETCH_REPLAY)

demo: setup
	@$(BIN)/archiver demo

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# More workers than cores: a crawl under test is mostly waited for.
test: setup
	$(BIN)/python -m pytest -n 4 --dist loadfile

soak: setup
	SOAK_SEED=$(SEED) $(BIN)/python -m pytest -m soak -n 2 --hypothesis-seed=$(SEED)

# Debian's, where this user may install it; else playwright's own.
chromium: setup
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y chromium fonts-dejavu-core; } \
	  || $(BIN)/playwright install chromium

test-browser: chromium replay
	$(BIN)/python -m pytest -m browser

bench: setup
	$(BIN)/python -m benchmarks

lock: setup
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --group dev -o requirements-dev.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --group npm -o requirements-npm.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
