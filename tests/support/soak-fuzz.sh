#!/usr/bin/env bash
# soak-fuzz.sh - every libFuzzer target for FUZZ_SECONDS (default 600) with its dictionary and
# corpus, as many at a time as there are cores. One line a fuzzer, one with the totals.
#
# What is found goes to build-fuzz/found/NAME. A crash stops the run: no further fuzzer is
# started, and its input is kept in build-fuzz/crashes/NAME-*.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${FUZZ_SECONDS:-600}
export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0

# one PROGRAM: run it; ends with 255, which stops xargs, when it crashed.
one() {
  local name=${1##*/fuzz_} found log dict code=0 crashes
  found=build-fuzz/found/$name
  log=build-fuzz/found/$name.log
  dict=tests/fuzz/dict/$name.dict
  # Most of our own formats are JSON.
  [ -e "$dict" ] || dict=tests/fuzz/dict/json.dict
  mkdir -p "$found"
  "$1" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
    -dict="$dict" -artifact_prefix="build-fuzz/crashes/$name-" \
    "$found" "tests/fuzz/corpus/$name" >"$log" 2>&1 </dev/null || code=$?
  crashes=$(find build-fuzz/crashes -name "$name-*" | wc -l)
  printf '%-16s %12d executions  coverage %6d  crashes %d\n' "$name" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)" \
    "$(grep -o ' cov: [0-9]*' "$log" | tail -n 1 | grep -o '[0-9]*' || echo 0)" "$crashes"
  # An exit without an input, such as a leak, counts too.
  if [ $code -ne 0 ] || [ "$crashes" -ne 0 ]; then
    grep -E 'SUMMARY|ERROR' "$log" | head -n 4 || :
    return 255
  fi
}

if [ "${1:-}" = --one ]; then
  one "$2"
  exit
fi
cmake --preset fuzz >/dev/null
cmake --build build-fuzz -j "$(nproc)" >/dev/null
rm -rf build-fuzz/crashes
mkdir -p build-fuzz/crashes build-fuzz/found
code=0
printf '%s\0' build-fuzz/fuzz/fuzz_* |
  xargs -0 -n 1 -P "$(nproc)" bash "$0" --one 2>/dev/null | tee build-fuzz/found/lines || code=1
[ $code -eq 0 ] || printf 'stopped; the logs are in build-fuzz/found\n'
find build-fuzz/crashes -type f -printf 'crash input: %p\n'
awk '$3 == "executions" { n++; runs += $2; crashes += $7 }
  END { printf "total: %d fuzzers, %.0f executions, %d crashes\n", n, runs, crashes }' build-fuzz/found/lines
exit $code
