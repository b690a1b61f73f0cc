# Sidetrack's commands. `make` lists them; two matter: `make run` and `make test`.
# Needs Python 3.11 or newer and make; everything else is installed into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
# Stamp files are named after what pyproject.toml holds: when it changes, the next command installs anew.
HASH   := $(shell cksum pyproject.toml | cut -d' ' -f1)
LIGHT  := $(VENV)/.installed-$(HASH)
FULL   := $(VENV)/.installed-dev-$(HASH)
CODE   := sidetrack social catalog club listening taste discordbot
# A real site's environment, for the checks that only then have something to say.
DEPLOYED = env ENV_FILE=/dev/null SITE_URL=https://club.example.org BEHIND_PROXY=yes $$($(PY) -m sidetrack.keys)

.DEFAULT_GOAL := help
.PHONY: help run discord test soak check check-style check-types check-site format bench bench-large keys clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: $(LIGHT) ## run the whole site on this machine; Ctrl-C stops it (PORT=8000)
	@$(PY) -m sidetrack.keys --missing-into .env
	@exec $(PY) manage.py up

discord: $(FULL) ## a local Discord to watch and click in; prints the bot's environment (ARGS="--port 8190")
	@exec $(PY) -m discordbot.tests.fake_discord $(ARGS)

test: check ## everything that `make check` looks at, then the test suite (ARGS="club -k poll")
	$(PY) -m pytest $(ARGS)

soak: $(FULL) ## two hundred weeks in a local Discord with random faults (ARGS="--weeks 20 --seed 7")
	$(PY) -W ignore -m discordbot.tests.soak $(ARGS)

check: check-style check-types check-site ## style, types, layers, migrations, settings, API schema (-j2: at once)

check-style: $(FULL)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	git ls-files -z -- '*.html' | xargs -0 -r $(BIN)/djade --check
	$(BIN)/lint-imports

check-types: $(FULL)
	$(BIN)/mypy $(CODE)

check-site: $(FULL)
	@$(DEPLOYED) $(PY) manage.py makemigrations --check --dry-run
	@$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING
	@$(DEPLOYED) $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

format: $(FULL) ## put Python and templates into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -z -- '*.html' | xargs -0 -r $(BIN)/djade

bench: $(FULL) ## measure pages, listens, tally, demo and a crowd in Discord against floors of the same run
	$(PY) -m benchmarks $(ARGS)

bench-large: $(FULL) ## twenty million listens on PostgreSQL, then the same questions (ARGS="--members 20")
	$(PY) -m benchmarks.large $(ARGS)

keys: $(LIGHT) ## print fresh secrets for .env
	@$(PY) -m sidetrack.keys

clean: ## remove what was installed and made, but not var/ (your data) and not .env
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sidetrack needs Python 3.11 or newer: make run PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(LIGHT): | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -e .
	@rm -f $(VENV)/.installed-* && touch $@

$(FULL): | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -e '.[audio,dev]'
	@rm -f $(VENV)/.installed-* && touch $@ $(LIGHT)
