#!/usr/bin/env bash
# soak-fuzz.sh - every libFuzzer target for SOAK_FUZZ_SECONDS (default 600) with its corpus.
# New inputs stay in build-fuzz/; a crash stops the run and names its input.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${SOAK_FUZZ_SECONDS:-600}
cmake --preset fuzz >/dev/null
cmake --build build-fuzz -j "$(nproc)" >/dev/null
for program in build-fuzz/fuzz/fuzz_*; do
  name=${program##*/fuzz_}
  found=build-fuzz/found/$name
  mkdir -p "$found"
  dict=tests/fuzz/$name.dict
  printf '%s: %s seconds\n' "$name" "$seconds"
  "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
    $([ -e "$dict" ] && echo "-dict=$dict") "$found" "tests/fuzz/corpus/$name" 2>&1 |
    grep -E 'stat::number_of_executed_units|SUMMARY|ERROR'
done
