# Every target may be run again, at any time, after any interruption. `make help` lists them.

PYTHON := .venv/bin/python
UV = $(shell command -v uv || echo $(CURDIR)/.data/tools/uv/bin/uv)
LOCAL := $(PYTHON) -m programme.local
# Tests and checks have servers of their own, beside those of `make run`; two runs at once need two folders.
TEST_DATA ?= .data/test
WITH_TEST_SERVERS := $(LOCAL) --data-dir $(TEST_DATA) --forgetful exec --
ARGS ?=
# The last commit before every page was brought to the kit.
BEFORE ?= bd5d2c62
# A run starts hundreds of processes with the same modules: compile them once, also where the machine says not to.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-testing run test test-template test-local test-faults coverage mutants check check-with-servers secrets sbom audit fix bench drill calibrate migrations docs \
	pictures sheets attack test-api

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

setup: ## Install what is missing: system libraries, uv, the environment of uv.lock
	@command -v python3 >/dev/null || { echo "Please install Python 3.11 or newer, then run this again."; exit 1; }
	@python3 programme/local/setup.py

setup-testing:
	@command -v python3 >/dev/null || { echo "Please install Python 3.11 or newer, then run this again."; exit 1; }
	@python3 programme/local/setup.py --testing

run: setup ## Start everything here: servers, demo organisations, web, worker, beat, mailbox; Ctrl-C stops it
	@$(PYTHON) -m programme.local.run

test: setup-testing ## The tests, with real servers and a browser; make test ARGS=tests/cohorts for some
	@$(WITH_TEST_SERVERS) $(PYTHON) -m pytest $(ARGS)

test-template: setup-testing
	@DJANGO_SETTINGS_MODULE=tests.settings $(WITH_TEST_SERVERS) $(PYTHON) -m tests.database

test-local: setup-testing ## The tests of `make run` and its servers: started, stopped, killed, backed up
	@$(WITH_TEST_SERVERS) $(PYTHON) -m pytest -m local --dist loadfile $(ARGS) $(if $(findstring tests/,$(ARGS)),,tests/programme)

test-faults: setup-testing ## The tests that kill workers, databases and brokers in the middle of sending
	@$(WITH_TEST_SERVERS) $(PYTHON) -m pytest -m fault -p tests.faults.scoreboard $(ARGS) $(if $(findstring tests/,$(ARGS)),,tests/faults)

test-api: setup-testing ## The API as each role, against its description, and with a client generated from it; not in CI, about three minutes
	@$(WITH_TEST_SERVERS) $(PYTHON) -m pytest -p tests.api.scoreboard tests/api/contract.py $(ARGS)

attack: setup-testing ## Attack the anonymity of 360 feedback; prints what was tried and what was found
	@$(WITH_TEST_SERVERS) $(PYTHON) -m pytest -n 0 --quiet -m "" tests/faults/anonymity $(ARGS)

coverage: setup-testing ## All tests, with the lines and branches they never reach
	@$(WITH_TEST_SERVERS) $(PYTHON) -m pytest -m "" --cov --cov-report=term:skip-covered $(ARGS)

mutants: setup-testing ## Break path, policies and walls on purpose, line by line; lists what no test notices
	@mkdir -p .data/mutants && git ls-files -z | tar --create --null --files-from=- | tar --extract --directory=.data/mutants
	@$(WITH_TEST_SERVERS) sh -c 'cd .data/mutants && exec $(UV) run --project $(CURDIR) --locked --isolated \
		--group mutants sh -c "mutmut run --max-children 2 $(ARGS); mutmut results"'

check: setup ## Everything a machine can say about the code without running it
	@$(WITH_TEST_SERVERS) $(MAKE) --no-print-directory check-with-servers

check-with-servers:
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --check --quiet . || { echo "Some files are not formatted: make fix."; exit 1; }
	@$(PYTHON) -m djlint --quiet --lint templates
	@$(PYTHON) -m djlint --quiet --lint --profile=html --ignore=D018 programme/local/mailbox/pages
	@.venv/bin/lint-imports > $(TEST_DATA)/log/lint-imports.log || { cat $(TEST_DATA)/log/lint-imports.log; exit 1; }
	@$(PYTHON) -m mypy --no-error-summary .
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@BASE_URL=https://embed90.example ALLOWED_HOSTS=embed90.example DEMO=0 MAILBOX_URL= CATCH_MAIL=0 TRUSTED_PROXIES=1 \
		EMAIL_URL=smtp://127.0.0.1:9 \
		$(PYTHON) manage.py check --deploy --fail-level WARNING
	@$(PYTHON) manage.py compile_translations
	@$(PYTHON) manage.py describe_api --check
	@echo "Nothing to complain about."

secrets: setup ## Look for passwords and keys in every tracked file
	@git ls-files -z -- ':!uv.lock' ':!static/vendor' ':!*.po' ':!*.png' ':!*.webp' | xargs -0 .venv/bin/detect-secrets-hook --no-verify

sbom: setup ## The bill of materials of what runs (CycloneDX), in .data/sbom.cdx.json
	@$(UV) export --locked --quiet --no-default-groups --format cyclonedx1.5 | $(PYTHON) -m programme.local.sbom > .data/sbom.unfinished
	@mv .data/sbom.unfinished .data/sbom.cdx.json && echo ".data/sbom.cdx.json"

audit: setup sbom ## Ask two advisory databases about every locked version and vendored file (needs the network)
	@$(UV) export --locked --quiet --no-default-groups --group local --no-emit-project --output-file .data/requirements.txt
	@$(UV) run --locked --isolated --only-group audit pip-audit --strict --disable-pip --requirement .data/requirements.txt
	@$(PYTHON) -m programme.local.advisories .data/sbom.cdx.json

fix: setup ## Repair what ruff can repair, lay out the curricula, describe the API anew
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m cohorts.curriculum.writer
	@$(WITH_TEST_SERVERS) $(PYTHON) manage.py describe_api

bench: setup-testing ## Measure, as ratios within one run; prints the tables of README.md
	@$(LOCAL) --data-dir .data/bench exec -- $(PYTHON) -m tests.performance $(ARGS)

drill: setup ## Point-in-time recovery, rehearsed with the demo: backup under load, mistake, restore; prints RPO and RTO
	@$(PYTHON) -m programme.local.drill

calibrate: setup-testing ## Simulate 360 rounds with known truth for some minutes; writes the table of the method page
	@$(PYTHON) -m tests.feedback360.calibration $(ARGS)

migrations: setup ## Write migrations for changed models
	@$(WITH_TEST_SERVERS) $(PYTHON) manage.py makemigrations $(ARGS)

docs: setup ## A site of all Markdown files, in .data/docs/site
	@rm -rf .data/docs && mkdir -p .data/docs/source
	@git ls-files -z '*.md' static/pictures | tar --create --null --files-from=- | tar --extract --directory=.data/docs/source
	@$(UV) run --locked --isolated --only-group docs mkdocs build --quiet --strict
	@echo "Open .data/docs/site/index.html."

pictures: setup-testing ## Take the pictures of README.md again
	@$(WITH_TEST_SERVERS) $(PYTHON) -m pytest -n 0 --quiet tests/pictures.py $(ARGS)

sheets: setup-testing ## Take the contact sheets of tests/sheets/ again; BEFORE=… compares with another commit
	@rm -rf .data/sheets && git worktree prune
	@git worktree add --quiet --detach .data/sheets/then $(BEFORE)
	@cp tests/sheets/take.py .data/sheets/then/tests/take_sheets.py
	@SHEETS_FOLDER=$(CURDIR)/.data/sheets/before \
		$(MAKE) --no-print-directory -C .data/sheets/then test ARGS="-n 0 --quiet tests/take_sheets.py"
	@git worktree remove --force .data/sheets/then
	@SHEETS_FOLDER=$(CURDIR)/.data/sheets/after $(WITH_TEST_SERVERS) $(PYTHON) -m pytest -n 0 --quiet tests/sheets/take.py
	@$(PYTHON) -m tests.sheets.join .data/sheets/before .data/sheets/after
