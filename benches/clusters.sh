#!/usr/bin/env bash
# Clusters and near repeats of a street beside pointpats' Knox test, on the same incidents and in the same run. The peer
# lives in a throwaway environment under target/.
#   benches/clusters.sh [PERMUTATIONS]     how many the peer makes; 9 unless given, since 999 take it an hour
set -euo pipefail
cd "$(dirname "$0")/.."
folder=target/clusters-bench
venv=$folder/venv
mkdir -p "$folder"
# Not whether there is one: an interrupted installation leaves a part of it.
if ! "$venv/bin/python" -c 'import pointpats' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check numpy scipy pointpats==2.5.5
fi
grep -m 1 'model name' /proc/cpuinfo || true
echo "load: $(cut -d' ' -f1-3 /proc/loadavg)"
SQLX_OFFLINE=true cargo bench --quiet --bench clusters -- "$PWD/$folder"
"$venv/bin/python" benches/clusters.py "$folder" "$@"
