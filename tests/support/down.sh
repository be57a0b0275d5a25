#!/usr/bin/env bash
# down.sh DIR - stop what up.sh started; the data stays.
set -euo pipefail
. "$(dirname "$0")/stack.sh"
dir=$1
if [ ! -e "$dir/gateway.pid" ] && [ ! -e "$dir/outlet.pid" ]; then
  echo "nothing is running in $dir" >&2
  exit 1
fi
stack_stop "$dir"
echo "stopped; the data stays in $dir"
