#!/usr/bin/env bash
# Goal: kill -9 of every program of the chain before each kind of write that it makes, from the
# last vote to the platform: for a release, a correction, a recall, and over an exchange
# directory.  The supervisors start them again; each release goes out exactly once, serials have
# no gap, both logs grow and hold, and nothing is left that stands in the way.
#
# Which writes there are is recorded from an undisturbed run, and a function of the chain that
# writes and is not on the way fails the test.  Of the writes recorded every SLUICE_KILL_EVERY-th
# is killed at (default: every tenth); `./dev soak points` kills at each.  In-process, at every
# single call, the unit tests do (release_kill, release_exchange, outlet_install).
. "$(dirname "$0")/common.sh"
BUILD=${SLUICE_BUILD:-$SOURCE/build}
[ -e "$BUILD/tests/killer.so" ] || skip "nothing can be preloaded into a sanitizer's programs"
releases=0 serial=0
plan=$T/gateway/run/killer

# Functions that write but are not on this way, and where they are killed or why they cannot be.
elsewhere=$(cat <<'LIST'
gateway/release/audit_log.c: put_file (a tail call: tree_put, which it calls, is on the way)
gateway/release/audit_log.c: tidy (unit.release_audit: tiles that become full)
gateway/release/build.c: build_end (unit.release_kill: a case that cannot be built)
gateway/release/build_item.c: forget (unit.release_kill: a draft that goes back to review)
gateway/release/checker.c: refuse (unit.release_kill: a case that the checker refuses)
gateway/release/releaser.c: open_bells (directories that are there already)
gateway/release/line_refused.c: set_aside (unit.release_kill: a case that the checker refuses)
gateway/release/tree.c: copy_plain (only where links between directories are forbidden)
gateway/link/inbox.c: part_drop (only after a broken connection)
gateway/link/quarantine.c: remove_part (only after a kill in the middle of a unit, so not each time)
gateway/link/assemble_part.c: assemble_part_open (mode udp: tests/link/kills.sh)
gateway/link/assemble_part.c: assemble_part_drop (mode udp: tests/link/kills.sh)
gateway/link/judge.c: judge_remember (mode udp: tests/link/kills.sh)
gateway/link/session.c: write_down (mode udp: unit.link_sender)
gateway/link/kept.c: kept_remove (only when more is kept than link.keep_bytes)
gateway/link/resend.c: resend_ask (only when an operator asks)
gateway/link/resend.c: take_one (only when an operator asked: unit.link_sender)
gateway/link/spool.c: spool_prune (after more units than a test sends; it removes what was sent)
gateway/outlet/install_again.c: put_back (only for a unit that was refused: scenario 82-link-keys)
gateway/outlet/install.c: refuse (unit.outlet_install: no unit of ours is refused)
gateway/outlet/install.c: drop_known (only for a unit that comes twice)
gateway/outlet/install_again.c: drop_lonely (only when the reason of a refused unit is left without it)
gateway/outlet/place.c: copy_into (only where the tree is another file system)
gateway/outlet/pull_hook.c: helper (writes to a pipe)
gateway/outlet/pull_hook.c: pull_hook_run (writes to a pipe)
gateway/outlet/pull_store.c: drop_staged (only after a kill in the middle of a download)
gateway/outlet/pull_store.c: pull_store_unstage (only for a release that is refused)
LIST
)

killer() { python3 "$SOURCE/tests/kill/killer.py" "$@"; }
# killing SIDE COMMAND...: with the killer in every program that the command starts; its file
# must lie where the sandboxes of that side let it be opened.
killing() {
  local side=$1
  shift
  SLUICE_TEST_KILLER=$T/$side/run/killer SLUICE_TEST_BELOW=$T \
    LD_PRELOAD="$BUILD/tests/killer.so" "$@"
}
start_both() {
  killing outlet stack_start_outlet "$T"
  killing gateway stack_start_gateway "$T"
}
again() { # killed with all their programs, and started: a new supervisor does not wait long
  killer arm "$plan" 0 /dev/null
  kill -KILL -- "-$(cat "$T/gateway.pid")" "-$(cat "$T/outlet.pid")" || :
  wait || :
  start_both
}

# ---- what people and platforms do; what was cut off is done again ----

state_is() { [ "$(state_of "$1")" = "$2" ]; }
handed_in() { # SUBMIT-OR-CORRECT...: a draft that lacks the last vote; sets id and release
  fresh_notice "$((++releases))" >"$T/n.txt"
  id=$(as AUTHOR sluice "$@" --json --type CT05 "$T/n.txt" | draft_of)
  wait_until 60 state_is "$id" IN_REVIEW || fail "$id is not inspected"
  read_and_approve LIAISON liaison "$id" >/dev/null
  read_and_approve UNIT_LEADER unit-leader "$id" >/dev/null
}
published() { case $(state_of "$id") in RELEASED | SENT) ;; *) return 1 ;; esac; }
begin() { # KIND: all that comes before what is disturbed
  case $1 in
  release | exchanged) handed_in submit ;;
  correction)
    old=$release
    # Platforms may have it before the releaser could tell the store.
    wait_until 60 published || fail "$id is $(state_of "$id")"
    handed_in correct "$release"
    ;;
  esac
  release=${id/D-/R-}
}
# A vote or order that was recorded although its answer was lost says so the next time.
voted() { read_and_approve DESK desk "$id" >/dev/null 2>"$T/err" || grep -q already "$T/err"; }
ordered() {
  as SECRECY_1 sluice-review freeze --json "$release" --reason "附件需要复核" >/dev/null 2>"$T/err" ||
    grep -q already "$T/err"
}
look() { killing gateway pull "$T/site" --exec /bin/true >/dev/null 2>&1; }
buried() { [ ! -e "$T/site/live/$1" ] && [ "$(jq -r .notice.action "$T/site/tombstones/$1.json" 2>/dev/null)" = "$2" ]; }
shown() { look && is_live "$T/site" "$release"; }
gone() { look && buried "$release" freeze; }
replaced() { look && is_live "$T/site" "$release" && buried "$old" correct; }
step() { # KIND
  local end=shown
  serial=$((serial + 1))
  case $1 in
  recall) end=gone ;;
  correction) end=replaced serial=$((serial + 1)) ;;
  esac
  if [ "$1" = recall ]; then
    wait_until 60 ordered || fail "$release cannot be frozen: $(cat "$T/err")"
  else
    wait_until 60 voted || fail "$id cannot be approved: $(cat "$T/err")"
  fi
  wait_until 90 $end || fail "$1 of $release does not arrive; armed: $(killer left "$plan")"
}

# ---- what must be true after all of it ----

sound() {
  expect_exit 0 "$BIN/sluice-pull" log verify "$T/outlet/tree" --trust "$SLUICE_DEMO_TRUST" --json
  same "$(jq '.releases + .notices' "$T/out")" "$serial" "entries of the log"
  grep -q "\"next_serial\":$((serial + 1))," "$T"/outlet/tree/targets/feed/*.head.json ||
    fail "the feed does not end with serial $serial"
  same "$(find "$T/site/releases" -mindepth 2 -maxdepth 2 | wc -l)" "$releases" "versions published"
  expect_exit 0 "$BIN/sluiced" --config "$T/gateway.yaml" --json audit verify
  at_rest() { [ -z "$(ls "$T/gateway/release/cases")$(find "$T/gateway/outbox" -maxdepth 1 -name '*.unit')$(find "$T/outlet/quarantine" -type f)" ]; }
  wait_until 30 at_rest || fail "left: $(ls "$T/gateway/release/cases" "$T/gateway/outbox" "$T/outlet/quarantine")"
  [ ! -e "$T/gateway/release/refused" ] || fail "a case was refused"
}

# ---- which writes there are ----

: >"$T/stacks"
# What makes things count: names, and the database.  A kill before a file is made or filled is in
# the unit tests (all of them are there); what is left of a finished case is only cleared away,
# and so are the audit's partial tiles each time that one becomes full.
chosen() {
  killer points "$plan" |
    grep -E '^sluice-(desk|releaser|checker|sender|receiver|installer|pull): (rename|link|symlink|unlink|write [^ ]*sluice.db-wal)' |
    grep -vE 'cases/N.done/|state/work/|unlink gateway/audit/'
}
audited() { [ "$(sed -n 2p "$T/gateway/audit/checkpoint" 2>/dev/null || echo 0)" -gt "$1" ]; }
# From a start over the last vote or the order to platform and audit.
undisturbed() { # KIND
  local before
  begin "$1"
  before=$(sed -n 2p "$T/gateway/audit/checkpoint" 2>/dev/null || echo 0)
  killer record "$plan" on
  again
  step "$1"
  wait_until 30 audited "$before" || fail "the audit does not grow"
  killer record "$plan" off
  killer stacks "$plan" >>"$T/stacks"
  chosen >"$T/$1"
}
only_new() { # FILE OTHERS...: points that the others do not have
  { grep -vxFf <(cat "${@:2}") "$1" || :; } >"$T/only"
  mv "$T/only" "$1"
}

every=${SLUICE_KILL_EVERY:-10}
share() { # KIND: an even choice of its points
  awk -v n="$every" 'NR % n == 1 || n == 1' "$T/$1" >"$T/only"
  mv "$T/only" "$T/$1"
}

# Up to five kills of each program in one step, as a supervisor waits longer after each.
: >"$T/done"
desk=0
disturbed() { # KIND
  begin "$1"
  again
  killer record "$plan" on
  killer arm "$plan" 5 "$T/$1"
  killer count "$plan" sluice-desk $((desk++))
  step "$1"
  killer record "$plan" off
  killer stacks "$plan" >>"$T/stacks"
  killer done "$plan" "$T/$1" "$T/done"
}
# The order of writes of several programs is not the same each time: where one write follows
# another by chance, it takes more than one round to meet it again.
until_all_died() { # KINDS...
  local before kind idle=0
  while [ -n "$(cat "${@/#/$T/}")" ]; do
    before=$(wc -l <"$T/done")
    for kind in "$@"; do
      # Corrections and recalls are of a release.
      if [ "$kind" = release ] || [ "$kind" = exchanged ] || [ -s "$T/$kind" ]; then
        disturbed "$kind"
      fi
    done
    [ "$(wc -l <"$T/done")" -gt "$before" ] && idle=0 && continue
    [ $((++idle)) -lt 4 ] || fail "never reached: $(head -n 3 "${@/#/$T/}")"
  done
}

stack_set "$T"
. "$T/env"
mkdir -p "$T/gateway/run" "$T/outlet/run" "$T/exchange"
killer new "$plan"
ln "$plan" "$T/outlet/run/killer"
killer record "$plan" on
start_both
stack_wait_file "$T/outlet/tree/metadata/timestamp.json" 60 "$(cat "$T/outlet.pid")" "$T/outlet.log"
killer stacks "$plan" >"$T/stacks"
# What comes only once, with the very first of each, is in the unit tests.
for kind in release correction recall release correction recall; do undisturbed $kind; done
only_new "$T/correction" "$T/release"
only_new "$T/recall" "$T/release" "$T/correction"
for kind in release correction recall; do share "$kind"; done
total=$(cat "$T/release" "$T/correction" "$T/recall" | wc -l)
until_all_died release correction recall
sound

sed -i "s|^  mode: .*|  mode: directory\n  directory: \"$T/exchange\"|; /^  url: .*link.sock/d" "$T/gateway.yaml" "$T/outlet.yaml"
undisturbed exchanged
undisturbed exchanged
only_new "$T/exchanged" "$T/done"
share exchanged
total=$((total + $(wc -l <"$T/exchanged")))
until_all_died exchanged
again
sound
same "$(sort -u "$T/done" | wc -l)" "$total" "points at which something was killed"

(cd "$SOURCE" && killer unreached "$BUILD" "$T/stacks" gateway/release/*.c gateway/link/*.c gateway/outlet/*.c) |
  grep -vxFf <(sed 's/ (.*//' <<<"$elsewhere") >"$T/missing" || :
[ ! -s "$T/missing" ] || fail "these write and are not on the way of this test: $(cat "$T/missing")"
printf 'killed at %s points, and the desk before each of its first %s writes after a vote or order\n' "$total" "$desk"
