#!/usr/bin/env bash
# run.sh BUILD [NAME...] - measure against the peers on the same files in the same run and
# print ratios; raw figures go to bench-results/.  Nothing here passes or fails.
set -euo pipefail
build=$1
shift
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8
BIN=$build/bin
. tests/support/stack.sh
. tests/support/people.sh
mkdir -p bench-results
results=bench-results/$(date -u +%Y%m%dT%H%M%SZ).jsonl
T=$(mktemp -d "${BENCH_DIR:-/tmp}/sl-bench.XXXXXX") # BENCH_DIR=/dev/shm takes the disk out of it
clamd_pid='' nginx_pid='' S=''
finish() {
  [ -z "$S" ] || stack_stop "$S"
  [ -z "$clamd_pid" ] || kill "$clamd_pid"
  [ -z "$nginx_pid" ] || kill "$nginx_pid"
  rm -rf "$T"
}
trap finish EXIT

now() { date +%s.%N; }
calc() { python3 -c "print(f'{$1:.4g}')"; }
record() { printf '%s\n' "$1" | tee -a "$results" >/dev/null; } # one JSON line
row() { printf '%-46s %14s %14s %10s\n' "$@"; }
head_row() { printf '\n%s\n' "$1"; row measure sluice peer ratio; }

role_ready() { grep -q "role.ready role=$1 " "$S/gateway.log"; }
# Every measurement has a trial of its own: S is its directory.  What starts last would still
# take processor time from it.
fresh_stack() {
  S=$T/$part
  stack_start "$S"
  wait_until 120 role_ready see || :
  wait_until 120 role_ready office || :
  . "$S/env"
}

# Milliseconds of processor time of each of the gateway's processes, by name, its dead
# children included: fields 14 to 17 of its line in /proc.
cpu_of_gateway() {
  local pid name
  for pid in $(pgrep -P "$(cat "$S/gateway.pid")"); do
    name=$(tr '\0' '\n' <"/proc/$pid/cmdline" | head -n 1)
    name=${name##*/sluice-}
    awk -v name="${name#filter-}" -v tick="$(getconf CLK_TCK)" \
      '{ print name, ($14 + $15 + $16 + $17) * 1000 / tick }' "/proc/$pid/stat"
  done | sort
}

documents() { # COUNT: make once per run
  [ -d "$T/documents" ] || python3 tests/bench/make-documents.py "$T/documents" "$1" tests/corpus
}

for part in ${*:-pipeline docx match antivirus see latency start swap recheck release package http memory cost sketch queue link}; do
  if [ ! -e "tests/bench/$part.sh" ]; then
    echo "bench: there is no measurement \"$part\"" >&2
    exit 2
  fi
  . "tests/bench/$part.sh"
done
printf '\nraw data: %s\n' "$results"
# One line for each case of the link, for programs: the last ones of all.
grep '"part": *"link"' "$results" || [ $? -eq 1 ]
