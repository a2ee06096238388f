#!/usr/bin/env bash
# A throwaway PostgreSQL cluster with PostGIS for compiling and testing: unix socket only, no durability.
#   scripts/dev-db.sh start     starts it (making it if need be) and prints its environment
#   scripts/dev-db.sh env       prints the environment:  eval "$(scripts/dev-db.sh env)"
#   scripts/dev-db.sh stop      stops it
# The service's own cluster is another thing: see src/platform/database/cluster.
set -euo pipefail

dir=${GRIDKEEPER_DEV_DIR:-/tmp/gridkeeper-dev-$(id -u)}
database=${GRIDKEEPER_DEV_DATABASE:-gridkeeper_dev}

newest_bin() {
    for pg_config in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -Vr); do
        [ -x "$pg_config/initdb" ] && { echo "$pg_config"; return; }
    done
    dirname "$(readlink -f "$(command -v initdb)")"
}
bin=$(newest_bin) || { echo "dev-db: PostgreSQL is not installed; run scripts/bootstrap.sh" >&2; exit 1; }

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

start() {
    if [ ! -s "$dir/data/PG_VERSION" ]; then
        mkdir -p "$dir/socket"
        chmod 755 "$dir" "$dir/socket"
        [ "$(id -u)" = 0 ] && chown -R postgres:postgres "$dir"
        as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"${TMPDIR:-/tmp}/gridkeeper-initdb.log" 2>&1
    fi
    if ! as_server "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; then
        as_server "$bin/pg_ctl" -D "$dir/data" -w -s -l "$dir/log" \
            -o "-c listen_addresses='' -k $dir/socket -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=256MB" start
    fi
    local psql=("$bin/psql" -qAtX -h "$dir/socket" -U postgres -v ON_ERROR_STOP=1)
    as_server "${psql[@]}" -d postgres <<'SQL'
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
    as_server "${psql[@]}" -d template1 -c "SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS btree_gist; CREATE EXTENSION IF NOT EXISTS pg_trgm"
    if [ -z "$(as_server "${psql[@]}" -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$database'")" ]; then
        as_server "${psql[@]}" -d postgres -c "CREATE DATABASE $database OWNER gridkeeper_owner"
    fi
    print_env
}

case ${1:-} in
    start) start ;;
    env) print_env ;;
    stop) as_server "$bin/pg_ctl" -D "$dir/data" -w -s -m immediate stop || true ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
esac
