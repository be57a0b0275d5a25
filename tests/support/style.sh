#!/usr/bin/env bash
# style.sh - what a machine can keep so that people need not.
set -euo pipefail
cd "$(dirname "$0")/../.."
python3 tests/support/walls.py
bash -n dev .ci/run
for script in tests/*/*.sh po/update.sh; do bash -n "$script"; done
# The format of .clang-format; other versions of the formatter differ in details.
if clang-format --version | grep -q 'version 14\.'; then
  git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror
fi
