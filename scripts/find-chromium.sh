#!/usr/bin/env bash
# Prints the Chromium that the browser tests drive: the one GRIDKEEPER_CHROMIUM names, else the first that is
# installed; fails when there is none. A snap counts for none: it is confined and cannot open the profiles that tests
# make. Ubuntu's chromium-browser is a script that stands in for one.
set -euo pipefail

if [ -n "${GRIDKEEPER_CHROMIUM:-}" ]; then
    [ -x "$GRIDKEEPER_CHROMIUM" ] || { echo "GRIDKEEPER_CHROMIUM: $GRIDKEEPER_CHROMIUM 不可执行 / cannot be run" >&2; exit 1; }
    echo "$GRIDKEEPER_CHROMIUM"
    exit
fi
for name in chromium google-chrome-stable google-chrome chromium-browser; do
    path=$(command -v "$name") || continue
    case $(readlink -f "$path") in /snap/* | */bin/snap) continue ;; esac
    if head -c 8192 "$path" | grep -aq /snap/; then continue; fi
    echo "$path"
    exit
done
exit 1
