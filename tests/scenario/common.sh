# common.sh - what every scenario has: a private stack in a temporary directory, and checks
# that name what was expected.
#
# SLUICE_SOURCE and SLUICE_BUILD come from ctest; by hand both have defaults.
set -euo pipefail
export LC_ALL=C.UTF-8
SOURCE=${SLUICE_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
BIN=${SLUICE_BUILD:-$SOURCE/build}/bin
SAMPLES=$SOURCE/tests/corpus/samples
. "$SOURCE/tests/support/stack.sh"
. "$SOURCE/tests/support/people.sh"
T=$(mktemp -d /tmp/sl-test.XXXXXX)
finish() { # [CODE]: a script with a trap of its own says how it ended, or it would end well
  local code=${1:-$?}
  stack_stop "$T"
  if [ $code -ne 0 ] && [ $code -ne 77 ]; then
    printf -- '--- gateway.log\n' >&2
    tail -n 25 "$T/gateway.log" >&2 2>/dev/null || printf '(none)\n' >&2
    printf -- '--- outlet.log\n' >&2
    tail -n 15 "$T/outlet.log" >&2 2>/dev/null || printf '(none)\n' >&2
  fi
  rm -rf "$T"
  exit $code
}
trap finish EXIT

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
skip() { printf 'skipped: %s\n' "$*"; exit 77; }
same() { [ "$1" = "$2" ] || fail "${3:-values differ}: wanted \"$2\", got \"$1\""; }

# expect_exit CODE COMMAND...: stdout in $T/out, stderr in $T/err.
expect_exit() {
  local want=$1 got=0
  shift
  "$@" >"$T/out" 2>"$T/err" || got=$?
  [ "$got" -eq "$want" ] ||
    fail "exit $got instead of $want: $* | $(head -c 400 "$T/out") | $(head -c 400 "$T/err")"
}
err_says() { grep -qE "$1" "$T/err" || fail "the message does not say \"$1\": $(cat "$T/err")"; }

# LibreOffice takes seconds to start: only the scenario about it has it.
office() { printf 'office: %s\n' "$1" >>"$T/gateway.yaml"; }

start_all() {
  stack_set "$T" "$@"
  office "${OFFICE:-/nonexistent}"
  stack_start "$T" "$@"
  . "$T/env"
}
