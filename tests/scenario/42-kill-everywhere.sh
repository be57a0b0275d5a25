#!/usr/bin/env bash
# Goal: kill -9 of every program of the chain before each kind of write that it makes, from the
# last vote to the platform, for a release and for its recall; the supervisors start it again.
# Each release goes out exactly once, serials have no gap, both logs grow and hold, and nothing
# is left that stands in the way.  Which writes there are is recorded from an undisturbed run; a
# function that writes and was not on the way fails the test.
. "$(dirname "$0")/common.sh"
[ -e "${SLUICE_BUILD:-$SOURCE/build}/tests/killer.so" ] || skip "nothing can be preloaded into a sanitizer's programs"
rounds=0 serial=0
plan=$T/gateway/run/killer
killer() { python3 "$SOURCE/tests/kill/killer.py" "$@"; }
# killing SIDE COMMAND...: with the killer in every program that the command starts; it must
# lie where the sandboxes of that side let it be opened.
killing() {
  local side=$1
  shift
  SLUICE_TEST_KILLER=$T/$side/run/killer SLUICE_TEST_BELOW=$T \
    LD_PRELOAD="${SLUICE_BUILD:-$SOURCE/build}/tests/killer.so" "$@"
}
again() { # both daemons, killed with all their programs, and started
  kill -KILL -- "-$(cat "$T/gateway.pid")" "-$(cat "$T/outlet.pid")" 2>/dev/null || :
  wait 2>/dev/null || :
  start_both
}
start_both() {
  killing outlet stack_start_outlet "$T"
  killing gateway stack_start_gateway "$T"
}
# Making room in memory or on paper is no write; what it holds then is (killer.h has them all in
# unit tests), and a case that is finished is only cleared away.
chosen() { killer points "$plan" | grep -E "^sluice-(desk|releaser|checker|sender|receiver|installer|pull): (write|rename|link|symlink|unlink|empty|ftruncate) " | grep -vE "cases/N.done/"; }
state_is() { [ "$(state_of "$1")" = "$2" ]; }

approved_but_one() { # a draft that lacks the last vote; sets id and release
  sed "s/^关于/第$((++rounds))号 关于/" "$SAMPLES/01-road-works-clean.txt" >"$T/n.txt"
  id=$(submit --type CT05 "$T/n.txt" | draft_of)
  release=${id/D-/R-}
  wait_until 60 state_is "$id" IN_REVIEW || fail "$id is not inspected"
  read_and_approve LIAISON liaison "$id" >/dev/null
  read_and_approve UNIT_LEADER unit-leader "$id" >/dev/null
}
# A desk that is killed in the middle may have counted the vote: people are told the next time.
voted() { read_and_approve DESK desk "$id" >/dev/null 2>"$T/err" || grep -q already "$T/err"; }
ordered() {
  as SECRECY_1 sluice-review freeze --json "$release" --reason "附件需要复核" >/dev/null 2>"$T/err" ||
    grep -qE 'already|is there' "$T/err"
}
shown() { killing gateway pull_until_live "$T/site" "$release" 2>/dev/null; }
gone() { killing gateway pull "$T/site" >/dev/null 2>&1 && [ ! -e "$T/site/live/$release" ] && [ -e "$T/site/tombstones/$release.json" ]; }
step() { # one release, or the recall of the last one
  serial=$((serial + 1))
  if [ "$1" = release ]; then
    wait_until 60 voted || fail "$id cannot be approved: $(cat "$T/err")"
    wait_until 90 shown || fail "$release does not arrive; not reached: $(killer left "$plan")"
  else
    wait_until 60 ordered || fail "$release cannot be frozen: $(cat "$T/err")"
    wait_until 90 gone || fail "$release is not taken down; not reached: $(killer left "$plan")"
  fi
}
# What a stopped gateway and outlet must look like after any of it.
sound() {
  local next
  expect_exit 0 "$BIN/sluice-pull" log verify "$T/outlet/tree" --trust "$SLUICE_DEMO_TRUST" --json
  same "$(jq '.releases + .notices' "$T/out")" "$serial" "entries of the log"
  next=$(jq .next_serial "$(ls "$T"/outlet/tree/targets/feed/*.head.json | xargs grep -l "\"next_serial\":$((serial + 1))," | head -n 1)")
  same "$next" "$((serial + 1))" "next serial of the feed"
  same "$(find "$T/site/releases" -mindepth 2 -maxdepth 2 | wc -l)" "$rounds" "versions published"
  expect_exit 0 "$BIN/sluiced" --config "$T/gateway.yaml" --json audit verify
  same "$(ls "$T/gateway/release/cases")" "" "cases that were left"
  same "$(find "$T/gateway/outbox" -maxdepth 1 -type f -name '*.unit')" "" "units that were left"
  same "$(find "$T/outlet/quarantine" -type f)" "" "units that were not installed"
  [ ! -e "$T/gateway/release/refused" ] || fail "a case was refused"
}

stack_set "$T"
. "$T/env"
mkdir -p "$T/gateway/run" "$T/outlet/run"
killer new "$plan"
ln "$plan" "$T/outlet/run/killer"
start_both
stack_wait_file "$T/outlet/tree/metadata/timestamp.json" 60 "$(cat "$T/outlet.pid")" "$T/outlet.log"

# From the last vote or the order to the platform and the audit, and a start before it. What
# happens only with the very first release and the very first recall is in the unit tests.
audited() { [ "$(sed -n 2p "$T/gateway/audit/checkpoint" 2>/dev/null || echo 0)" -gt "$1" ]; }
undisturbed() { # KIND NAME
  local before
  [ "$1" = recall ] || approved_but_one
  before=$(sed -n 2p "$T/gateway/audit/checkpoint" 2>/dev/null || echo 0)
  again
  killer record "$plan" on
  step "$1"
  wait_until 30 audited "$before" || fail "the audit does not grow"
  killer record "$plan" off
  cp "$plan" "$T/$2.plan"
  chosen >"$T/$2"
}
undisturbed release first-release
undisturbed recall first-recall
undisturbed release release
undisturbed recall recall
grep -vxFf "$T/release" "$T/recall" >"$T/only" || fail "a recall writes nothing of its own"
mv "$T/only" "$T/recall"
total=$(cat "$T/release" "$T/recall" | wc -l)
sound
cp "$T/release" /tmp/i3f-release; cp "$T/recall" /tmp/i3f-recall; mkdir -p /tmp/i3f-plans; cp $T/*.plan /tmp/i3f-plans/

# Up to four kills of each program in one step, as a supervisor waits longer after each.
: >"$T/done"
desk=0 kinds=(release recall)
while [ -s "$T/release" ] || [ -s "$T/recall" ]; do
  before=$(wc -l <"$T/done")
  for kind in release recall; do
    [ $kind = recall ] || approved_but_one
    [ -s "$T/$kind" ] || continue
    again
    killer arm "$plan" 4 "$T/$kind"
    killer count "$plan" sluice-desk $((desk++))
    step $kind
    killer done "$plan" "$T/$kind" "$T/done"
  done
  [ "$(wc -l <"$T/done")" -gt "$before" ] ||
    fail "never reached: $(head -n 5 "$T/release" "$T/recall")"
done
killer arm "$plan" 0 "$T/done"
killer count "$plan" sluice-desk -1
sound
same "$(wc -l <"$T/done")" "$total" "points at which something was killed"
printf 'killed at %s points, and the desk before each of its first %s writes of a vote or order\n' "$total" "$desk"
