#!/usr/bin/env bash
# Point to grid beside PostGIS, rstar with geo, shapely and sedonadb, on the same faces and points and in the same run. The
# Python peers live in a throwaway environment under target/.
#   benches/geometry_peers.sh                     village, street and province
#   benches/geometry_peers.sh village street      these
set -euo pipefail
cd "$(dirname "$0")/.."
folder=target/geometry-peers
venv=$folder/venv
mkdir -p "$folder"
# Not whether there is one: an interrupted installation leaves a part of it.
if ! "$venv/bin/python" -c 'import sedonadb, shapely' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check \
        numpy==2.4.6 pyarrow==26.0.1 shapely==2.1.2 sedonadb==0.5.0
fi
grep -m 1 'model name' /proc/cpuinfo || true
echo "load: $(cut -d' ' -f1-3 /proc/loadavg)"
SQLX_OFFLINE=true cargo bench --quiet --bench geometry -- postgis "leave=$PWD/$folder" "$@"
"$venv/bin/python" benches/geometry_peers.py "$folder" "$@"
