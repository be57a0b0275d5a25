#!/usr/bin/env bash
# Goal: when rules change, what waits for a decision and what is public is inspected again. A
# pending draft gets the new report and loses approvals of the old one; a public item raises an
# alert and stays where it is until a person freezes it; a draft without new hits keeps its
# approvals; the queue survives a restart.
. "$(dirname "$0")/common.sh"
start_all
status() { "$BIN/sluiced" --config "$T/gateway.yaml" status --json; }
# rules_with VERSION YAML: the rules and one more pack, signed and in force.
rules_with() {
  rm -rf "$T/set"
  cp -r "$T/policies" "$T/set"
  rm "$T/set"/signatures/*
  sed -i "s/^version: .*/version: $1/" "$T/set/policy.yaml"
  cat >"$T/set/packs/zz.yaml"
  for who in secrecy-1 secrecy-2; do
    "$BIN/sluice-policy" sign --policy "$T/set" --key "$T/keys/$who" >/dev/null
  done
  expect_exit 0 "$BIN/sluiced" --config "$T/gateway.yaml" policy install "$T/set"
}
pack() { # ID SEVERITY WORD
  cat <<YAML
pack: ZZ
title: Made for this test
rules:
  - id: $1
    severity: $2
    title: {en: Word, zh: 词}
    message: {en: A word., zh: 词。}
    basis: none
    fix: {action: return, en: Ask., zh: 请示。}
    detect:
      - words: [$3]
    positives: [$3, 一$3, $3一]
    near_misses: [绿色汽车, 红色汽车, 蓝色自行车]
YAML
}
all_done() { status | jq -e --arg v "$1" '.reinspection.left == 0 and (.reinspection.basis | startswith("policy " + $v + " "))' >/dev/null; }
in_state() { [ "$(state_of "$1")" = "$2" ]; }

# One public, one half approved, one half approved without the word.
sed 's/施工期间/施工期间蓝色飞艇/' "$SAMPLES/01-road-works-clean.txt" >"$T/with.txt"
public=$(submit "$T/with.txt" | draft_of)
approve_route_a "$public"
release=R-${public#D-}
wait_until 30 pull_until_live "$T/site" "$release" || fail "$release never became public"
sed 's/施工期间/施工期间蓝色飞艇和/' "$SAMPLES/01-road-works-clean.txt" >"$T/also.txt"
pending=$(submit "$T/also.txt" | draft_of)
untouched=$(submit "$SAMPLES/01-road-works-clean.txt" | draft_of)
for id in "$pending" "$untouched"; do
  read_and_approve LIAISON liaison "$id" >/dev/null
  read_and_approve UNIT_LEADER unit-leader "$id" >/dev/null
done

# A new S2 rule.
pack ZZ-001 S2 蓝色飞艇 | rules_with 2
wait_until 60 all_done 2 || fail "not everything was inspected again: $(status | jq -c .reinspection)"
as LIAISON sluice-review show --json "$pending" >"$T/show"
same "$(state_of "$pending")" IN_REVIEW "state of the pending draft"
same "$(jq -r '[.report.files[].findings[].rule] | unique | join(",")' "$T/show")" DH-016,ZZ-001 "its findings, with what is like it in public"
as AUTHOR sluice status --json "$pending" | jq -r .reason | grep -q 'inspected again.*ZZ-001.*count no more' ||
  fail "nobody is told: $(as AUTHOR sluice status --json "$pending")"
as LIAISON sluice-review list --json >"$T/queue"
jq -e --arg d "$pending" '.drafts[] | select(.draft == $d) | .route == "C" and (.missing | index("unit-leader") != null) and .outdated == 2' "$T/queue" >/dev/null ||
  fail "the old approvals still count: $(jq -c .drafts "$T/queue")"
jq -e --arg d "$untouched" '.drafts[] | select(.draft == $d) | .missing == ["desk"]' "$T/queue" >/dev/null ||
  fail "a draft without new hits lost its approvals: $(jq -c .drafts "$T/queue")"
# The same person approves again, what the new report says.
read_and_approve UNIT_LEADER unit-leader "$pending" --ack ZZ-001=checked >"$T/out"

# The public item is where it was; reviewers, operators and the audit know.
same "$(jq -r '.alerts | length' "$T/queue")" 1 "alerts"
same "$(jq -r '.alerts[0] | .release + " " + .worst + " " + .rules' "$T/queue")" "$release S2 ZZ-001" "the alert"
same "$(status | jq .reinspection.alerts)" 1 "alerts in the status"
"$BIN/sluiced" --config "$T/gateway.yaml" status | grep -q '1 new hits in published items' || fail "the status does not say it"
as LIAISON sluice-review list | grep -q "$release.*ZZ-001" || fail "the queue does not show it"
as LIAISON sluice-review hits --json "$release" >"$T/hits"
same "$(jq -r '[.report.files[].findings[].rule] | unique | join(",")' "$T/hits")" ZZ-001 "the hits themselves"
pull "$T/site" >/dev/null
is_live "$T/site" "$release" || fail "it was taken down by itself"
"$BIN/sluiced" --config "$T/gateway.yaml" export "$T/export" >/dev/null 2>&1 || :
grep -q '"release.hit"' "$T/export" || fail "the audit does not have the hit"
grep -q '"inspection.basis"' "$T/export" || fail "the audit does not have the change"

# Settled with a reason, it is gone; the next new hit comes again, and across a restart.
expect_exit 0 as SECRECY_1 sluice-review settle "$release" --reason "the airship is public"
same "$(as LIAISON sluice-review list --json | jq '.alerts // [] | length')" 0 "alerts after settling"
stack_stop_one "$T/gateway.pid"
pack ZZ-002 S1 飞艇 | rules_with 3
stack_start_gateway "$T"
wait_until 60 all_done 3 || fail "not everything was inspected again after the restart"
same "$(as LIAISON sluice-review list --json | jq -r '.alerts[0].rules')" ZZ-002 "the second alert"
wait_until 20 in_state "$pending" BLOCKED || fail "an S1 finding left the draft in review"
in_state "$untouched" IN_REVIEW || fail "the draft without hits moved"
# A person freezes it: the alert is answered by that.
expect_exit 0 as DUTY_1 sluice-review freeze "$release" --reason "new finding"
same "$(as LIAISON sluice-review list --json | jq '.alerts // [] | length')" 0 "alerts after the freeze"
