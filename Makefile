# Everything that is done with the project from a command line; `make help` lists it.
#
#   make run PORT=9000 DATA_DIR=/srv/school      another port, another place for the data

VENV ?= .venv
PYTHON := $(VENV)/bin/python
# What pytest is given; `make test ARGS="tests/orgs -x"` runs a part.
ARGS ?= -n auto --dist loadgroup
CODE := accounts channels_app chats common documents files invitations meetings movement orgs outbox polls readings \
	registration roster sferum_admin stats support works

.DEFAULT_GOAL := help
.PHONY: help run test lint audit format lock messages guide requirements test-browser test-production faults bench pictures clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## the whole platform in one command: http://localhost:8000 (PORT, DATA_DIR, DEMO=no)
	@exec $(PYTHON) manage.py run_embedded $(if $(filter no,$(DEMO)),--empty)

test: lint ## linters, types, floors, and the quick test suite on SQLite
	$(PYTHON) -m pytest $(ARGS)

lint: $(VENV)/.installed-dev ## ruff, mypy, import-linter, djlint, migrations
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/djlint --lint --quiet templates
	$(PYTHON) -m mypy $(CODE)
	$(PYTHON) manage.py makemigrations --check --dry-run --settings sferum_admin.settings_test

# What ruff's rules of the same names let pass line by line, with a reason (noqa), bandit need not say again.
audit: $(VENV)/.installed-dev ## bandit, and known holes of dependencies (needs a service of advisories)
	$(VENV)/bin/bandit --quiet --recursive --severity-level medium --skip B104,B308,B310,B608,B703 $(CODE)
	$(VENV)/bin/pip-audit --requirement requirements.txt --no-deps --disable-pip

format: $(VENV)/.installed-dev ## lay out the code
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

lock: $(VENV)/.installed-dev ## requirements*.txt from pyproject.toml (UPGRADE=1: the newest that fit)
	$(PYTHON) -m uv pip compile pyproject.toml $(LOCK) --output-file requirements.txt
	$(PYTHON) -m uv pip compile pyproject.toml $(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

LOCK = --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url $(if $(UPGRADE),--upgrade)

messages: $(VENV)/.installed-dev ## gather the texts to translate, compile the translations (needs GNU gettext)
	@sh scripts/need-gettext.sh
	$(PYTHON) manage.py makemessages --locale ru --no-obsolete --no-location --no-wrap \
		--ignore "$(VENV)/*" --ignore "var/*" --ignore "tests/*" --ignore "staticfiles/*"
	$(PYTHON) manage.py compilemessages --locale ru --ignore "$(VENV)/*"

guide: $(VENV)/.installed-dev ## the formulas in docs/guide-statistics.md, from the catalogue of figures
	$(PYTHON) manage.py write_statistics_guide

requirements: $(VENV)/.installed-dev ## which test proves which requirement, and which has none
	@$(PYTHON) -m pytest --requirements -o addopts="--strict-markers -qq" tests

test-browser: $(VENV)/.installed-dev ## the stories in a real browser (needs Chromium)
	$(PYTHON) -m pytest -o addopts="--strict-markers --strict-config -q" --timeout 600 tests/browser

test-production: $(VENV)/.installed-dev ## the production set without containers: stories and faults (needs the servers)
	$(PYTHON) -m pytest -o addopts="--strict-markers --strict-config -q" --timeout 540 tests/production

faults: $(VENV)/.installed-dev ## docs/faults.md: everything is killed in turn under load
	$(PYTHON) -m tests.production.faults --write

bench: $(VENV)/.installed-dev ## all measurements, into docs/performance.md (needs PostgreSQL, Redis; BENCH_ARGS=--quick)
	$(PYTHON) -m benchmarks.everything $(BENCH_ARGS)

pictures: $(VENV)/.installed-dev ## the README's pictures, made anew (needs Chromium)
	$(PYTHON) -m tests.browser.pictures

clean: ## remove what can be made anew (the data in var/ stay)
	rm -rf $(VENV) test-results staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed: requirements.txt scripts/venv.sh
	@sh scripts/venv.sh $(VENV) requirements.txt
	@touch $@

# The larger lock holds the smaller one's versions, so both are satisfied.
$(VENV)/.installed-dev: requirements-dev.txt requirements.txt scripts/venv.sh
	@sh scripts/venv.sh $(VENV) requirements-dev.txt
	@touch $(VENV)/.installed $@
