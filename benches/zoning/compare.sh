#!/usr/bin/env bash
# Compares `gridkeeper rezone` with an exact model, GerryChain's ReCom, PySAL's spopt and area-splitter.
# Peers go into a throwaway virtual environment.  GRIDKEEPER names the program, built for release; DATABASE_URL a PostGIS
# in which area-splitter may make its tables.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GRIDKEEPER=${GRIDKEEPER:-target/release/gridkeeper}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q highspy==1.16.0 gerrychain==1.0.0 spopt==0.7.0 area-splitter==3.0.1 shapely geopandas scipy
"$work/venv/bin/python" benches/zoning/compare.py "$work" "$@"
