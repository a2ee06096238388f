# make run    installs what is missing, builds, and opens a demonstration village
# make test   installs what is missing, then runs every test
# make help   all targets

export PATH := $(PATH):$(HOME)/.cargo/bin
with_database := scripts/dev-db.sh with
# Builds use the query data in .sqlx, whatever DATABASE_URL the caller has set for other reasons.
export SQLX_OFFLINE ?= true
# The same cases for everybody and on every run; test-properties draws others.
export PROPTEST_RNG_SEED ?= 370828003218

.PHONY: help run ui test bootstrap-run bootstrap-test test-format test-lint test-rust test-properties test-ui test-browser test-fuzz
.NOTPARALLEL:

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
	@echo "make ui     builds the web map into map-ui/dist"
	@echo "make test-format | test-lint | test-rust | test-ui | test-browser | test-fuzz: one part of make test"
	@echo "make test-properties: property tests with new cases, ROUNDS=20 times"

run: bootstrap-run ui
	cargo build --locked --release
	exec target/release/gridkeeper demo

test: bootstrap-test test-format test-lint test-ui test-rust test-browser test-fuzz
	@echo "全部测试通过 / all tests passed"

bootstrap-run:
	@scripts/bootstrap.sh run

bootstrap-test:
	@scripts/bootstrap.sh test

test-format:
	cargo fmt --check

# clippy on a live database, and .sqlx checked against it.
test-lint:
	scripts/sqlx-check.sh

test-rust:
	$(with_database) cargo test --locked

map-ui/node_modules/.package-lock.json: map-ui/package-lock.json
	cd map-ui && npm ci --no-audit --no-fund

ui: map-ui/node_modules/.package-lock.json
	cd map-ui && npm run --silent build

test-ui: ui
	cd map-ui && npm run --silent check && npm test --silent

# Property tests over and over with new cases, until one fails or ROUNDS are over.
ROUNDS ?= 20
test-properties:
	for round in $$(seq $(ROUNDS)); do env -u PROPTEST_RNG_SEED cargo test --locked --quiet --lib || exit 1; done

# Against the binary that test-rust has built.
test-browser:
	cd map-ui && npm run --silent e2e

test-fuzz:
	scripts/schemathesis.sh
