#!/usr/bin/env bash
# Asks the running service everything its OpenAPI document allows, and much that it forbids, and fails when any
# answer is a fault of ours (5xx) or is not what the document promises.
# Needs target/debug/gridkeeper (make test-rust builds it) and target/venv (scripts/bootstrap.sh test).
set -euo pipefail
cd "$(dirname "$0")/.."

roles=${SCHEMATHESIS_ROLES:-command chief admin}
examples=${SCHEMATHESIS_EXAMPLES:-8}
work=$(mktemp -d)
service=
finish() {
    if [ -n "$service" ]; then kill "$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap finish EXIT

export GRIDKEEPER_DEV_DATABASE=gridkeeper_schemathesis
eval "$(scripts/dev-db.sh start)"
psql() { command psql -qAtX -v ON_ERROR_STOP=1 "$@"; }
psql "$GRIDKEEPER_TEST_DATABASE_URL" -c "DROP DATABASE IF EXISTS $GRIDKEEPER_DEV_DATABASE WITH (FORCE)" \
    -c "CREATE DATABASE $GRIDKEEPER_DEV_DATABASE"
target/debug/gridkeeper --log warn migrate
psql "$DATABASE_URL" -f tests/api/seed.sql

NO_COLOR=1 target/debug/gridkeeper serve --listen 127.0.0.1:0 --request-timeout 20 >"$work/log" 2>&1 &
service=$!
for _ in $(seq 100); do
    url=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$work/log" || true)
    [ -n "$url" ] && break
    kill -0 "$service" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
done
[ -n "$url" ] || { echo "schemathesis: 服务未启动 / the service did not start" >&2; cat "$work/log" >&2; exit 1; }

# The event stream never ends. Sessions would sign the run out; the coverage of signing in is in tests/api.
# Every answer must match its description; which input is refused is the business of tests/api.
# One worker: Python 3.11 counts the depth of its parser once for all threads, and fails now and then when two parse.
for role in $roles; do
    target/venv/bin/schemathesis run "$url/api/openapi.json" --header "Authorization: Bearer token-of-$role" \
        --checks not_a_server_error,content_type_conformance,response_schema_conformance,status_code_conformance \
        --phases examples,coverage,fuzzing --max-examples "$examples" --seed 1 --no-shrink --workers 1 \
        --exclude-path /api/v1/events --exclude-path-regex '^/api/v1/(session|demo)' \
        --request-timeout 30 --suppress-health-check all --warnings off --continue-on-failure || failed=1
done
if grep -E 'internal error|panicked' "$work/log" >&2; then failed=1; fi
exit "${failed:-0}"
