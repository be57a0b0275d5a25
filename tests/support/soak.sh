#!/usr/bin/env bash
# soak.sh BUILD [kill|fuzz|sanitize...] - the long ones.
set -euo pipefail
build=$1
shift
cd "$(dirname "$0")/../.."
export SLUICE_SOURCE=$PWD SLUICE_BUILD=$build
for part in ${*:-kill fuzz}; do
  case $part in
  kill) bash tests/support/soak-kill.sh "$build" ;;
  fuzz) bash tests/support/soak-fuzz.sh ;;
  *)
    echo "soak: there is no part \"$part\"" >&2
    exit 2
    ;;
  esac
done
