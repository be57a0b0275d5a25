#!/usr/bin/env bash
# soak.sh BUILD [kill|points|bombs|fuzz|keys|link...] - the long ones.
set -euo pipefail
build=$1
shift
cd "$(dirname "$0")/../.."
export SLUICE_SOURCE=$PWD SLUICE_BUILD=$build
for part in ${*:-kill points bombs fuzz keys link}; do
  case $part in
  kill) bash tests/support/soak-kill.sh "$build" ;;
  points)
    # Every program killed before every kind of write that it makes (scenario 43).
    SLUICE_KILL_EVERY=1 ctest --test-dir "$build" --output-on-failure -R '^scenario\.43-' \
      --no-tests=error
    ;;
  bombs) SLUICE_BOMBS_ALL=1 bash tests/scenario/54-bombs.sh ;;
  fuzz) bash tests/support/soak-fuzz.sh ;;
  keys)
    # Random keys in the reviewers' terminal; each seed is a run that can be repeated alone.
    for seed in $(seq 101 110); do
      echo "keys: seed $seed"
      "$build/tests/tui_monkey" "$seed" 20000
    done
    ;;
  link)
    # The table of docs/link-faults.md.
    SLUICE_LINK_FULL=1 bash tests/link/faults.sh
    SLUICE_LINK_FULL=1 bash tests/link/kills.sh
    bash tests/link/full-disk.sh
    ;;
  *)
    echo "soak: there is no part \"$part\"" >&2
    exit 2
    ;;
  esac
done
