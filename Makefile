# make demo        install, load the demo compound 工人新村, serve it on http://127.0.0.1:5000
# make demo-reset  forget the demo's data and start over
# make test        what must hold: format, lint, types, layers, catalogue, all tests but the slow ones
# make test-slow   the slow ones: every page as everybody, journeys in Chromium, processes that are killed
# make elsewhere   some of the tests on a machine of another time zone and language
# make walk        the whole way, sixty days long, from outside in production settings (needs libfaketime)
# make trust       what people must be able to trust, each property with what its tests measured
# make hard        the same at full length, races, crashes and recovery; keeps the figures
# make cluster     several machines on this one: the failover drill (Debian packages; CASTS=2000: short)
# make bench       speed, each figure beside a floor measured in the same run
# make lighthouse  what a phone thinks of the household's pages (needs npm and Chromium)
# make screens     pictures of the main screens into docs/screens/ (needs Chromium)
# make rehearse-deploy  types docs/deploy.md on an empty Debian 12 (root; mmdebstrap, iproute2)
# make audit      known vulnerabilities of what is locked; fails when a package was not answered for
# make licences   docs/licences.md from what is installed
# make lock        compile requirements*.txt from requirements*.in

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CATALOGUE := translations/zh_Hans/LC_MESSAGES/messages
PORT ?= 5000
JOBS ?= 2
SLOW_TESTS := tests/access tests/browser tests/hard
# Databases of tests live in memory where the machine offers it.
TEST_ROOT := $(firstword $(wildcard /dev/shm) /tmp)

.PHONY: walk elsewhere rehearse-deploy audit licences trust hard cluster screens lighthouse demo demo-reset test test-slow check tests bench lock translations rules-page clean
.DEFAULT_GOAL := demo

demo: $(VENV)/run.stamp translations
	@LOUYI_MODE=demo $(BIN)/python -m demo --port $(PORT)

demo-reset: $(VENV)/run.stamp translations
	@LOUYI_MODE=demo $(BIN)/python -m demo --port $(PORT) --reset

test: check tests

check: $(VENV)/dev.stamp translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.translate check

tests: $(VENV)/dev.stamp translations
	PYTEST_DEBUG_TEMPROOT=$(TEST_ROOT) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -q \
	  $(addprefix --ignore=,$(SLOW_TESTS))

test-slow: $(VENV)/dev.stamp translations
	PYTEST_DEBUG_TEMPROOT=$(TEST_ROOT) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -q $(SLOW_TESTS)

# Half an hour off every full one and behind, so that the day is another one in the evening; names
# of days, messages and the order of letters are Chinese. Where the machine has no such place the
# tests would run as ever: that is said.
ELSEWHERE := TZ=America/St_Johns LC_ALL=zh_CN.UTF-8
ELSEWHERE_TESTS := tests/domain tests/documents tests/charts tests/models/test_database.py \
  $(addprefix tests/services/test_,backups.py counts.py publications.py register_command.py resolutions.py) \
  $(addprefix tests/web/test_,home.py letters.py program.py register.py votes.py)

elsewhere: $(VENV)/dev.stamp translations
	@$(ELSEWHERE) $(BIN)/python -c 'import locale, time; locale.setlocale(locale.LC_ALL, ""); assert time.timezone == 12600' 2>/dev/null || \
	  { echo "There is no zh_CN.UTF-8 or America/St_Johns here. On Debian: apt-get install locales tzdata; localedef -i zh_CN -f UTF-8 zh_CN.UTF-8"; exit 1; }
	$(ELSEWHERE) PYTEST_DEBUG_TEMPROOT=$(TEST_ROOT) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q $(ELSEWHERE_TESTS)

# One engine: .venv/bin/python -m walk --engine sqlite
walk: $(VENV)/dev.stamp translations
	@$(BIN)/python -m walk

# The file is given with "=": as a word of its own pytest would take it, once it exists, for what
# is to be tested.
TRUST_RUN := $(VENV)/trust.json
HARD_RUN := $(VENV)/trust-hard.json

trust: $(VENV)/dev.stamp translations
	PYTEST_DEBUG_TEMPROOT=$(TEST_ROOT) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q -m trust --trust=$(TRUST_RUN)
	@$(BIN)/python -m tools.trust_page $(TRUST_RUN)

# What measures no time runs on all cores, races and crashes alone.
hard: $(VENV)/dev.stamp translations
	LOUYI_HARD=1 PYTEST_DEBUG_TEMPROOT=$(TEST_ROOT) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q -m trust --ignore=tests/hard --trust=$(TRUST_RUN)
	LOUYI_HARD=1 $(BIN)/python -m pytest -q -m trust tests/hard --trust=$(HARD_RUN)
	@$(BIN)/python -m tools.trust_page $(TRUST_RUN) $(HARD_RUN) --keep

# Figures are kept of a run at full length only.
CASTS ?= 20000
FULL_CASTS := 20000
CLUSTER_RUN := $(VENV)/trust-cluster.json

cluster: $(VENV)/dev.stamp translations
	@$(BIN)/python -m tests.cluster.packages
	LOUYI_CLUSTER=1 LOUYI_CASTS=$(CASTS) $(BIN)/python -m pytest tests/cluster -q --trust=$(CLUSTER_RUN)
	@$(BIN)/python -m tools.trust_page $(CLUSTER_RUN) --part $(shell [ $(CASTS) -lt $(FULL_CASTS) ] || echo --keep)

BENCH_RUN := $(VENV)/bench.json

bench: $(VENV)/dev.stamp translations
	@met=0; $(BIN)/python -m bench --trust $(BENCH_RUN) || met=1; \
	  $(BIN)/python -m tools.trust_page $(BENCH_RUN) --part --keep; exit $$met

translations: $(CATALOGUE).mo

$(CATALOGUE).mo: $(CATALOGUE).po | $(VENV)/run.stamp
	@$(BIN)/python -m tools.translate compile

lighthouse: $(VENV)/dev.stamp translations
	$(BIN)/python -m tools.lighthouse

screens: $(VENV)/dev.stamp translations
	$(BIN)/python -m tools.screens

rules-page: $(VENV)/dev.stamp
	$(BIN)/python -m tools.rules_page

# It builds trees of its own and imports nothing of ours: the system's Python will do.
rehearse-deploy:
	@$(PYTHON) -m tools.deploy_rehearsal

# The auditor has a folder of its own: what it needs is not what the program is built on.
.venv-audit/bin/pip-audit:
	@$(PYTHON) -m venv .venv-audit && .venv-audit/bin/pip install -qq --disable-pip-version-check pip-audit || \
	  { echo "not audited: pip-audit could not be installed"; exit 1; }

audit: .venv-audit/bin/pip-audit
	@.venv-audit/bin/python -m tools.audit

licences: $(VENV)/dev.stamp
	$(BIN)/python -m tools.licences_page

lock: $(VENV)/dev.stamp
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.txt requirements.in
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements-dev.txt requirements-dev.in

# What pip said is shown whole, and its last line again where the eye falls.
define installed
$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r $(1) 2>$(VENV)/pip.log || \
  { cat $(VENV)/pip.log; echo "The packages could not be installed. pip says: $$(grep . $(VENV)/pip.log | tail -n 1)"; exit 1; }
endef

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Louyi needs Python 3.11 or newer; '$(PYTHON)' is not. Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -f $(VENV)/bin/python*; echo "'$(PYTHON) -m venv $(VENV)' failed; it says why above."; exit 1; }

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Louyi needs …"
	@$(call installed,requirements.txt)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what the checks need …"
	@$(call installed,requirements-dev.txt)
	@touch $@

clean:
	rm -rf $(VENV) .venv-audit instance
