.DEFAULT_GOAL := help
.PHONY: help run dev test lint bench screenshots requirements

UV = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header

help: ## List what can be made
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 15

run: ## Run the portal on this machine with a demo town (PORT=8000)
	@sh scripts/set-up
	@.venv/bin/python manage.py up

dev: ## The same for developers: restarts when code changes
	@sh scripts/set-up dev
	@DEBUG=true .venv/bin/python manage.py up --reload

test: ## Run the whole test suite on servers of its own
	@sh scripts/set-up dev
	@.venv/bin/pytest

lint: ## Check style, layers, types, templates, migrations and translations
	@sh scripts/set-up dev
	@sh scripts/lint

bench: ## Measure the speed with 100,000 cases; prints JSON
	@sh scripts/set-up dev
	@.venv/bin/python manage.py bench

screenshots: ## Take pictures of the main pages for the README
	@sh scripts/set-up dev
	@.venv/bin/python manage.py screenshots

requirements: ## Pin the dependencies of pyproject.toml with hashes
	@sh scripts/set-up dev
	$(UV) pyproject.toml -o requirements.txt
	$(UV) --group local -c requirements.txt -o requirements-local.txt
	$(UV) --group dev -c requirements.txt -o requirements-dev.txt
