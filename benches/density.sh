#!/usr/bin/env bash
# Density tiles and hotspots beside datashader, KDEpy and esda, on the same points and in the same run. The peers live in
# a throwaway environment under target/.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=target/density-bench
venv=$folder/venv
mkdir -p "$folder"
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check \
        numpy==2.4.6 scipy pandas pillow datashader==0.19.1 KDEpy esda==2.9.0 libpysal==4.14.1 numba
fi
grep -m 1 'model name' /proc/cpuinfo || true
echo "load: $(cut -d' ' -f1-3 /proc/loadavg)"
SQLX_OFFLINE=true cargo bench --quiet --bench density -- "$PWD/$folder"
NUMBA_NUM_THREADS=1 OMP_NUM_THREADS=1 "$venv/bin/python" benches/density.py "$folder"
