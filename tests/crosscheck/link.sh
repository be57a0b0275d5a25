#!/usr/bin/env bash
# Goal: whoever has docs/link-format.md can build the other end.  A program written from that
# page alone gets our sender's units, byte by byte, though datagrams are lost; our receiver
# gets what it sends; and the example of the page is what our code writes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ours=${1:-$here/../../build/tests/crosscheck_link}
page=$here/../../docs/link-format.md

skip() { printf 'skipped: %s\n' "$*"; exit 77; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
command -v python3 >/dev/null || skip "Python is not installed (python3)"
theirs() { python3 -B "$here/link.py" "$@"; }

T=$(mktemp -d /tmp/sl-test.XXXXXX)
trap 'rm -rf "$T"' EXIT

# The example.
theirs example "$page"
"$ours" example >"$T/example"
while IFS= read -r line; do
  grep -qxF -- "$line" "$page" || fail "the example of the page is not what is written: $line"
done <"$T/example"
[ "$(grep -c '^symbol' "$T/example")" = 6 ] || fail "the example is not complete"

# Ours to theirs.  Loss is less than what every unit here was planned for.
mkdir "$T/ours"
"$ours" write "$T/ours"
units=$(ls "$T/ours/units" | wc -l)
for loss in 0 15; do
  mkdir "$T/read.$loss"
  said=$(theirs read "$T/ours/mac" "$T/ours/capture" "$T/read.$loss" $loss 20261127)
  echo "loss $loss: $said"
  same=0
  for file in "$T/ours/units"/*; do
    got=$T/read.$loss/${file##*/}
    if [ -e "$got" ]; then
      cmp "$file" "$got" || fail "a unit has other bytes"
      same=$((same + 1))
    fi
  done
  if [ $loss = 0 ]; then
    [ $same = "$units" ] || fail "$same of $units units without loss"
    [[ $said == "$units units, 0 lost, 10 heartbeats, 10 probes, 1 replayed, 1 refused" ]] ||
      fail "it counts otherwise"
  else
    # One unit was sent for a link without loss, and one for 1 %.
    [ $same -ge $((units - 2)) ] || fail "$same of $units units at loss $loss"
    [[ $said != *" 0 lost"* ]] || fail "nothing was lost"
  fi
done

# Theirs to ours: of each block as many datagrams are missing as can be, in any order.
mkdir "$T/theirs"
files=()
for size in 1 32 999 5000 100000 600000; do
  python3 -B -c 'import random, sys
random.seed(int(sys.argv[1])); sys.stdout.buffer.write(random.randbytes(int(sys.argv[1])))' \
    $size >"$T/theirs/file.$size"
  files+=("$T/theirs/file.$size")
done
cp "$T/ours/mac" "$T/theirs/mac"
for seed in 1 2 3; do
  theirs write "$T/theirs/mac" "$T/theirs/capture" $seed "${files[@]}"
  said=$("$ours" read "$T/theirs" "$T/theirs/capture")
  echo "seed $seed: $said"
  [[ $said == "6 units, 6 heartbeats, 0 replayed, 0 refused" ]] || fail "it counts otherwise"
  for i in 1 2 3 4 5 6; do
    cmp "${files[i - 1]}" "$T/theirs/quarantine/"*"$i".?.unit || fail "a unit has other bytes"
  done
  rm -r "$T/theirs/quarantine" "$T/theirs/state"
done
