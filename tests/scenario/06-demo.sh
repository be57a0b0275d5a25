#!/usr/bin/env bash
# Goal: ./dev demo ends by itself and does what it says.
set -euo pipefail
source=${SLUICE_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
bash "$source/tests/support/demo.sh" "${SLUICE_BUILD:-$source/build}"
