#!/usr/bin/env bash
# update.sh - write the golden screens anew: update.sh BUILD [NAME ...].  Read the difference.
set -euo pipefail
here=$(dirname "$0")
build=$(realpath "$1")
shift
cd "$here"
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(*.tui)
for name in "${names[@]}"; do
  for variant in en-80x24 zh-80x24 en-200x60 zh-200x60; do
    SL_TUI_UPDATE=1 "$build/tests/tui_run" "${name%.tui}.tui" "$variant" || [ $? = 77 ]
  done
done
