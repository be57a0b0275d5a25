#!/usr/bin/env bash
# Goal: a false alarm is made quiet by two persons for one rule and one text, with owner, reason
# and end; it stays in the report, marked, and does not count. Never by one person, never without
# a secrecy officer, never for another text; taken back by one, it counts again.
. "$(dirname "$0")/common.sh"
start_all
suppress() { # PERSON WORDS...
  local who=$1
  shift
  as "$who" sluice-review suppress --json "$@"
}
# with_number NUMBER FILE: the notice with a mobile number in it.
with_number() { sed "s/^咨询电话：.*/咨询手机：$1。/" "$SAMPLES/01-road-works-clean.txt" >"$2"; }
hand_in() { submit "$1" >"$T/draft" 2>/dev/null || :; }
with_number 15400001234 "$T/a.txt"
with_number 15400005678 "$T/b.txt"

hand_in "$T/a.txt"
id=$(jq -r .draft "$T/draft")
same "$(jq -r '[.report.files[0].findings[].rule] | join(",")' "$T/draft")" PI-004 "findings before"
before=$(jq -r '.report.counts.S1 + .report.counts.S2' "$T/draft")
[ "$before" -ge 1 ] || fail "the number counts for nothing"

# One person is not two, and one of the two is a secrecy officer.
expect_exit 2 suppress LIAISON propose "$id" PI-004
expect_exit 1 suppress LIAISON propose "$id" PI-001 --reason "no such finding"
err_says 'no such finding of PI-001'
expect_exit 1 suppress LIAISON propose "$id" PI-004 --reason "too long" --until 2099-01-01
err_says 'within 366 days'
expect_exit 0 suppress LIAISON propose "$id" PI-004 --reason "the office's own number"
number=$(jq -r .number "$T/out")
same "$(jq -r .state "$T/out")" proposed "after one person"
expect_exit 1 suppress LIAISON confirm "$number"
err_says 'two different persons'
expect_exit 1 suppress DESK confirm "$number"
err_says 'secrecy officer'
expect_exit 1 as AUTHOR sluice-review suppress list
hand_in "$T/a.txt"
same "$(jq -r '.report.counts.S1 + .report.counts.S2' "$T/draft")" "$before" "a proposal counts for nothing"

expect_exit 0 suppress SECRECY_1 confirm "$number"
same "$(jq -r .state "$T/out")" in-force "after two persons"
expect_exit 1 suppress SECRECY_2 confirm "$number"

# It is in the report, marked, and does not count; another number does.
hand_in "$T/a.txt"
same "$(jq -r .verdict "$T/draft")" clean "verdict with the suppression"
same "$(jq -r .route "$T/draft")" A "route with the suppression"
same "$(jq -r '.report.files[0].findings[0].suppressed | .by | join(",")' "$T/draft")" p-02,p-05 "who answers for it"
same "$(jq -r '.report.files[0].findings[0].suppressed.reason' "$T/draft")" "the office's own number" "why"
list=$(jq -r '.report.files[0].policy.suppressions' "$T/draft")
quiet=$(jq -r .draft "$T/draft")
hand_in "$T/b.txt"
same "$(jq -r '.report.counts.S1 + .report.counts.S2' "$T/draft")" "$before" "another number"

# Anyone can recompute the digest of the list that the report names.
row=$(suppress SECRECY_2 list | jq -r '.suppressions[] | select(.state == "in-force") |
  "\(.rule) \(.text_hmac) \(.expires) \(.first_sha256) \(.second_sha256)"')
same "$(printf '%s\n' "$row" | sha256sum | cut -d' ' -f1)" "$list" "digest of the list"
as LIAISON sluice-review show "$quiet" | grep -q 'does not count' || fail "reviewers are not told"

# The draft goes its way without a reason for it.
approve_route_a "$quiet"
wait_until 30 pull_until_live "$T/site" "R-${quiet#D-}" || fail "it was not published"

# One person takes it back; the same text counts again.
expect_exit 0 suppress DUTY_1 revoke "$number" --reason "the number was given up"
hand_in "$T/a.txt"
[ "$(jq -r '.report.counts.S1 + .report.counts.S2' "$T/draft")" -ge "$before" ] || fail "revoked and still quiet"
"$BIN/sluiced" --config "$T/gateway.yaml" export "$T/export" >/dev/null 2>&1 || :
for kind in propose confirm revoke; do
  grep -q "\"suppression.$kind\"" "$T/export" || fail "the audit does not have $kind"
done
