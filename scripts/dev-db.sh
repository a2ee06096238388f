#!/usr/bin/env bash
# A throwaway PostgreSQL cluster with PostGIS for compiling and testing: unix socket only, no durability.
#   scripts/dev-db.sh start          starts it (making it if need be) and prints its environment
#   scripts/dev-db.sh env            prints the environment:  eval "$(scripts/dev-db.sh env)"
#   scripts/dev-db.sh migrate        starts it and remakes the development database from migrations/
#   scripts/dev-db.sh with COMMAND…  starts it and runs COMMAND in its environment
#   scripts/dev-db.sh stop           stops it
# The service's own cluster is another thing: see src/platform/database/cluster.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
dir=${GRIDKEEPER_DEV_DIR:-/tmp/gridkeeper-dev-$(id -u)}
database=${GRIDKEEPER_DEV_DATABASE:-gridkeeper_dev}

# The newest PostgreSQL that has PostGIS.
find_bin() {
    local bin
    for bin in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -Vr) \
        "$(dirname "$(readlink -f "$(command -v initdb)")" 2>/dev/null)"; do
        if [ -x "$bin/initdb" ] && [ -e "$("$bin/pg_config" --sharedir)/extension/postgis.control" ]; then
            echo "$bin"
            return
        fi
    done
    return 1
}

# PostgreSQL refuses to run as root.
as_server() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --init-groups -- env HOME=/tmp "$@"
    else
        "$@"
    fi
}

print_env() {
    echo "export DATABASE_URL='postgres://gridkeeper_owner:owner@localhost/$database?host=$dir/socket'"
    echo "export GRIDKEEPER_TEST_DATABASE_URL='postgres://gridkeeper_owner:owner@localhost/postgres?host=$dir/socket'"
}

make_cluster() {
    # Whoever reaches the socket is believed, so nobody else may reach it.
    mkdir -p -m 700 "$dir" "$dir/socket"
    [ -O "$dir" ] || { echo "dev-db: $dir 属于他人 / belongs to somebody else" >&2; exit 1; }
    if [ "$(id -u)" = 0 ]; then chown postgres:postgres "$dir" "$dir/socket"; fi
    as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions >/dev/null
}

psql_as() {
    "$bin/psql" -qAtX -h "$dir/socket" -v ON_ERROR_STOP=1 -U "$@"
}

start() {
    bin=$(find_bin) || {
        echo "dev-db: 未找到带 PostGIS 的 PostgreSQL，请运行 scripts/bootstrap.sh" >&2
        echo "dev-db: no PostgreSQL with PostGIS found: run scripts/bootstrap.sh" >&2
        exit 1
    }
    [ -s "$dir/data/PG_VERSION" ] || make_cluster
    if ! as_server "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; then
        as_server "$bin/pg_ctl" -D "$dir/data" -w -s -l "$dir/log" \
            -o "-c listen_addresses='' -k $dir/socket -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=256MB" start
    fi
    psql_as postgres -d postgres <<'SQL'
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gridkeeper_owner') THEN
        CREATE ROLE gridkeeper_owner LOGIN CREATEDB CREATEROLE PASSWORD 'owner';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gridkeeper_app') THEN
        CREATE ROLE gridkeeper_app LOGIN PASSWORD 'app';
        GRANT gridkeeper_app TO gridkeeper_owner WITH ADMIN OPTION;
    END IF;
END $$;
SQL
    # In the template, so that a new database has PostGIS at once instead of after a second.
    psql_as postgres -d template1 -c "SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS btree_gist; CREATE EXTENSION IF NOT EXISTS pg_trgm; ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF"
    if [ -z "$(psql_as postgres -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$database'")" ]; then
        psql_as postgres -d postgres -c "CREATE DATABASE $database OWNER gridkeeper_owner"
    fi
}

migrate() {
    local migration
    psql_as postgres -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" \
        -c "CREATE DATABASE $database OWNER gridkeeper_owner"
    for migration in "$here"/migrations/*.sql; do
        PGOPTIONS='-c client_min_messages=warning' psql_as gridkeeper_owner -d "$database" -1 -f "$migration"
    done
}

case ${1:-} in
    start) start; print_env ;;
    env) print_env ;;
    migrate) start; migrate ;;
    with) shift; start; eval "$(print_env)"; exec "$@" ;;
    stop) bin=$(find_bin); as_server "$bin/pg_ctl" -D "$dir/data" -w -s -m immediate stop || true ;;
    *) sed -n '2,7p' "$0" >&2; exit 2 ;;
esac
