# RunForm's commands.  Everything runs from .venv; nothing is installed outside this folder
# except the pose model, which is kept in the user's cache folder.

PYTHON ?= python3
PORT ?= 8000
FAULTS ?= tests/e2e
PY := .venv/bin/python
STAMP := .venv/.installed

.PHONY: help install up test faults check audit format bench clean

help:
	@echo "make up       install, then run the whole app (PORT=8000)"
	@echo "make test     install, then run every test"
	@echo "make faults   break machines under load: kills, full disks, frozen hosts, cut lines (half an hour)"
	@echo "                 one part: make faults FAULTS=tests/e2e/test_hosts.py"
	@echo "make check    style, types, import rules, templates, migrations"
	@echo "make audit    known holes in the locked packages (needs a network, and npm)"
	@echo "make format   let ruff put the code in order"
	@echo "make bench    how long an analysis takes, against a plain loop over the same frames"
	@echo "make install  the first step of both, alone"
	@echo "make clean    remove .venv and caches; your data in var/ stays"

# The pose model is looked at on every run: it lives outside this folder and may have gone.
install: $(STAMP)
	@$(PY) -m analysis.pose_model > /dev/null

$(STAMP): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("RunForm needs Python 3.11 or newer. Name one with: make PYTHON=/path/to/python3")'
	@$(PY) -c '' 2> /dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing the locked packages into .venv (once, about a minute)."
	@$(PY) -m pip install -qq --no-input --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@$(PY) -m compileall -qq analysis runform
	@echo "Building the pose model."
	@touch $@

up: install
	@$(PY) manage.py up --port $(PORT)

# Unit, page, queue and permission tests on SQLite; those that read the database on PostgreSQL as well; then the
# whole app from the outside, in a browser where there is one.  Neighbours stay with one worker: they share what
# takes long to make.
test: install
	@$(PY) -m tests.browser
	$(PY) -m pytest -q -n 2 --dist worksteal --ignore tests/e2e
	RUNFORM_TEST_DATABASE=postgresql $(PY) -m pytest -q -n 2 --dist worksteal -m "database and not browser" tests/runform
	$(PY) -m pytest -q -n 2 --dist loadfile tests/e2e

# What takes minutes, one after another, since each wants the machine for itself; it says what is under way.  Small
# disks and hosts in network namespaces need root and are skipped, with the reason, without.
faults: install
	$(PY) -m pytest -v -s --durations 30 -o faulthandler_timeout=1800 -m faults $(FAULTS)

check: install
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m djlint --lint --quiet templates
	$(PY) manage.py makemigrations --check --dry-run

# Known holes in what is locked: asks the package registries, so it needs a network.
audit: install
	.venv/bin/uv tool run pip-audit --strict --require-hashes --disable-pip -r requirements-dev.txt
	npm audit --package-lock-only

format: install
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: install
	$(PY) tools/bench.py

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
