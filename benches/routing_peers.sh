#!/usr/bin/env bash
# Runs routing_peers.py with its peers in a throwaway environment beside the build's output.
set -euo pipefail
cd "$(dirname "$0")/.."
place=target/routing-peers
if [ ! -x "$place/bin/python" ]; then
    python3 -m venv "$place"
    "$place/bin/pip" install -q pyvroom==1.15.2 pyvrp==0.14.1 ortools==9.15.6755
fi
exec "$place/bin/python" benches/routing_peers.py "$@"
