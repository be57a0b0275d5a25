#!/usr/bin/env bash
# Goal: what the custodians sign arrives, and the keys of releaser and checker are exchanged, while
# a case is under way.  A half installed policy judges no draft; a case that was signed is
# finished with the old keys, or the log says where to put them; platforms never see anything
# that does not verify.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
BUILD=${SLUICE_BUILD:-$SOURCE/build}
[ -e "$BUILD/tests/killer.so" ] || skip "nothing can be preloaded into a sanitizer's programs"
killer() { python3 "$SOURCE/tests/kill/killer.py" "$@"; }
plan=$T/gateway/run/killer
demo_with_ceremony "$T"
R=$T/repository
. "$T/env"
mkdir -p "$T/gateway/run"
killer new "$plan"
start_gateway() {
  SLUICE_TEST_KILLER=$plan SLUICE_TEST_BELOW=$T LD_PRELOAD=$BUILD/tests/killer.so stack_start_gateway "$T"
}
stack_start_outlet "$T"
start_gateway
role() { pgrep -P "$(cat "$T/gateway.pid")" "sluice-${1:0:8}"; }
state_is() { [ "$(state_of "$1")" = "$2" ]; }
approved_but_one() {
  id=$(submit --type CT05 "$SAMPLES/01-road-works-clean.txt" | draft_of)
  release=${id/D-/R-}
  wait_until 60 state_is "$id" IN_REVIEW || fail "$id is not inspected"
  read_and_approve LIAISON liaison "$id" >/dev/null
  read_and_approve UNIT_LEADER unit-leader "$id" >/dev/null
}
last_vote() { read_and_approve DESK desk "$id" >/dev/null; }
offered() { [ -n "$(find "$T/gateway/release/cases" -maxdepth 2 -name case.json)" ]; }
says() { grep -q "$1" "$T/gateway.log"; }

shown() { wait_until 60 pull_until_live "$T/site" "$release" || fail "$release does not arrive: $(tail -n 3 "$T/gateway.log")"; }

# A new approval policy: the policy itself comes last, and a case waits for the checker meanwhile.
make_key dsse-reviewer "$T/p-21"
expect_exit 0 keys roster join "$R/approval-policy.json" --out "$T/v2.json" --person p-21 --unit u-12 --role desk --key "$T/p-21.pub"
keys ceremony init "$T/stick-2" --repository "$R" --root "$T/trust/root.json" --approval-policy "$T/v2.json" >"$T/init-2"
sign "$T/stick-2" policy-1 policy-3
expect_exit 0 keys ceremony merge "$T/stick-2"
approved_but_one
checker=$(role checker)
kill -STOP "$checker"
last_vote
wait_until 30 offered || fail "no case is offered"
cp -r "$T/stick-2/result/metadata" "$T/stick-2/result/targets" "$R/"
kill -CONT "$checker"
wait_until 30 says 'trouble.*is not the approval policy that was signed' || fail "half a policy is not told"
same "$(state_of "$id")" APPROVED "state while the policy is half installed"
install_result "$T/stick-2" "$R"
# Approvals are bound to their policy: people are asked again, nobody is blamed.
wait_until 30 state_is "$id" IN_REVIEW || fail "the draft is $(state_of "$id")"
says 'refused.*error=expired.*other files of the custodians' || fail "why the case was built again is not told"
wait_until 30 says 'policy.in-force from=1 to=2' || fail "the desk does not take the new policy"
approve_route_a "$id"
shown

# exchanged N POINT: new keys for rel and feed while a case was stopped before PROGRAM: POINT; what
# was in their place goes to $T/old-N.
exchanged() {
  local n=$1 options=() who use
  for who in releaser checker; do
    mkdir -p "$T/old-$n/$who"
    for use in rel feed; do
      make_key "tuf-$use" "$T/$who-$use"
      options+=(--remove "$use=$T/keys/$who/$use.pub" --add "$use=$T/$who-$use.pub")
    done
  done
  keys ceremony init "$T/stick-k$n" --repository "$R" --root "$T/trust/root.json" "${options[@]}" >"$T/init-k$n"
  sign "$T/stick-k$n" targets-1 targets-3
  expect_exit 0 keys ceremony merge "$T/stick-k$n"
  approved_but_one
  printf '%s\n' "$2" >"$T/points"
  killer arm "$plan" 1 "$T/points"
  kill -STOP "$(cat "$T/gateway.pid")" # or its supervisor would start it again
  last_vote
  died() { [ -z "$(killer left "$plan")" ]; }
  wait_until 60 died || fail "never came to $2"
  kill -KILL -- "-$(cat "$T/gateway.pid")"
  install_result "$T/stick-k$n" "$R"
  for who in releaser checker; do
    for use in rel feed; do
      mv "$T/keys/$who/$use" "$T/keys/$who/$use.pub" "$T/old-$n/$who/"
      mv "$T/$who-$use" "$T/keys/$who/$use"
      mv "$T/$who-$use.pub" "$T/keys/$who/$use.pub"
    done
  done
}
keep_old() { # N
  local who use
  for who in releaser checker; do
    for use in rel feed; do cp -p "$T/old-$1/$who/$use" "$T/keys/$who/$use.old"; done
  done
}
# Everything that platforms see is signed with the keys of this targets.json.
under() { # VERSION
  arrived() { [ -e "$T/outlet/tree/metadata/$1.targets.json" ]; }
  wait_until 30 arrived "$1" || fail "$1.targets.json does not reach the outlet"
  expect_exit 0 pull "$T/site"
  expect_exit 0 pull "$T/newcomer-$1"
  is_live "$T/newcomer-$1" "$release" || fail "a newcomer does not see $release"
}

# The checker has signed, its answer was not written; then its answer was, and nobody is told
# where the old keys have gone.
n=2
for point in "sluice-checker: rename gateway/release/cases/N/checked" \
  "sluice-releaser: rename gateway/release/cases/N/ready"; do
  exchanged $n "$point"
  start_gateway
  wait_until 30 says 'needs our exchanged key for rel: put it beside the new one as rel.old' ||
    fail "the way back is not told: $(tail -n 3 "$T/gateway.log")"
  same "$(state_of "$id")" APPROVED "state of the draft whose case is under way"
  stack_stop_one "$T/gateway.pid"
  keep_old $n
  start_gateway
  shown
  under $n
  n=$((n + 1))
done

# The guide's way: the old keys stay beside the new ones.
exchanged $n "sluice-checker: rename gateway/release/cases/N/checked"
keep_old $n
start_gateway
shown
under $n
expect_exit 0 "$BIN/sluice-pull" log verify "$T/outlet/tree" --trust "$SLUICE_DEMO_TRUST" --json
same "$(jq .releases "$T/out")" 4 "releases in the log"
