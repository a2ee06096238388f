#!/usr/bin/env bash
# Lints the crate against a live database, and checks that the query data committed in .sqlx is exactly what
# the queries in the source need: nothing missing, changed or stale. The same guarantee as
# `cargo sqlx prepare --check`, without a tool to install and for no compilation beyond clippy's own.
#   scripts/sqlx-check.sh           lints and checks
#   scripts/sqlx-check.sh --write   lints and brings .sqlx up to date
set -euo pipefail
cd "$(dirname "$0")/.."

export GRIDKEEPER_DEV_DATABASE=${GRIDKEEPER_DEV_DATABASE:-gridkeeper_dev}
scripts/dev-db.sh migrate
eval "$(scripts/dev-db.sh env)"

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
# The query macros write down what they learn as they are expanded, so they must be expanded anew.
touch src/lib.rs
SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh cargo clippy --locked --all-targets -- -D warnings

if [ "${1:-}" = --write ]; then
    rm -rf .sqlx
    mkdir .sqlx
    cp "$fresh"/*.json .sqlx/
elif ! diff -rq .sqlx "$fresh"; then
    echo "sqlx: .sqlx 与源码中的查询不一致，请运行 scripts/sqlx-check.sh --write 并提交" >&2
    echo "sqlx: .sqlx does not match the queries in the source: run scripts/sqlx-check.sh --write and commit" >&2
    exit 1
fi
