# Every command of the project. The work is done in scripts/; here is only which comes after which.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

# The project is judged as it would be served: over https, with a long key, and with no file of this machine.
check: export NEWSREADER_URL := https://news.example.org
check: export NEWSREADER_SECRET_KEY := only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz
check: export DATABASE_URL := sqlite://:memory:

.DEFAULT_GOAL := help
.PHONY: help run test test-postgres check format messages shots audit bench bench-full backup restore lock clean packages dev-packages

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "%-22s %s\n", $$1, $$2 }'

run: packages ## Start the library at http://127.0.0.1:8000 (HOST=… PORT=… for another address)
	@$(BIN)/python -m scripts.serve

test: dev-packages ## Run every test (some of them: make test ARGS="tests/core -x")
	@$(BIN)/python -m scripts.browser
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

test-postgres: dev-packages ## Run every test on a throw-away PostgreSQL, and those of replicas, pooler and proxy
	@$(PYTHON) scripts/install.py run dev postgres
	@$(BIN)/python -m scripts.browser
	@$(BIN)/python -m scripts.nginx
	@$(BIN)/python -m scripts.postgres $(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

check: dev-packages ## Lint, format, types, imports, templates, deployment, migrations
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python manage.py makemigrations --check --dry-run

format: dev-packages ## Put the code into its form
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

messages: packages ## Collect what is to be translated, and compile what is (needs gettext)
	@$(BIN)/python -m scripts.messages

shots: dev-packages ## Take pictures of every page into shots/
	@$(BIN)/python -m scripts.browser
	@$(BIN)/python -m scripts.shots $(ARGS)

audit: dev-packages ## Judge every page: accessibility, weight, Lighthouse (one of them: make audit ARGS=weight)
	@$(BIN)/python -m scripts.browser
	@$(BIN)/python -m scripts.audit $(ARGS)

bench: dev-packages ## Measure speed and accuracy (one of them: make bench ARGS=serving)
	@$(BIN)/python -m bench $(ARGS)

bench-full: dev-packages ## Measure the search at 1,000,000 articles (BENCH_KEEP=FOLDER keeps what it fills)
	@$(BIN)/python -m bench --full $(ARGS)

backup: packages ## Write a consistent copy, also while it runs (FILE=… for a place other than var/backups)
	@$(BIN)/python -m scripts.backup "$(FILE)"

restore: packages ## Take a copy back: make restore FILE=var/backups/…
	@$(BIN)/python -m scripts.restore "$(FILE)"

lock: ## Lock the dependencies anew (UPGRADE=1 for newer versions); needs uv
	@UPGRADE=$(UPGRADE) scripts/lock.sh

clean: ## Remove what commands made, and keep var/ with the library in it
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis shots
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

packages:
	@$(PYTHON) scripts/install.py run

dev-packages:
	@$(PYTHON) scripts/install.py run dev
