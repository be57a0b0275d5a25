#!/usr/bin/env bash
# Goal: a false alarm is made quiet by two persons for one rule and one text, with owner, reason
# and end; it stays in the report, marked, and does not count. Never by one person, never without
# a secrecy officer, never for another text; it outlives new versions of the rules, ends at its
# moment, and taken back by one, it counts again.
. "$(dirname "$0")/common.sh"
start_all
suppress() { # PERSON WORDS...
  local who=$1
  shift
  as "$who" sluice-review suppress --json "$@"
}
# with_number NUMBER FILE: the notice with a mobile number in it.
with_number() { sed "s/^咨询电话：.*/咨询手机：$1。/" "$SAMPLES/01-road-works-clean.txt" >"$2"; }
counts() { jq -r '.report.counts.S1 + .report.counts.S2' "$T/draft"; }
hand_in() { submit "$1" >"$T/draft" 2>/dev/null || :; }
with_number 15400001234 "$T/a.txt"
with_number 15400005678 "$T/b.txt"

hand_in "$T/a.txt"
id=$(jq -r .draft "$T/draft")
same "$(jq -r '[.report.files[0].findings[].rule] | join(",")' "$T/draft")" PI-004 "findings before"
before=$(counts)
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
same "$(counts)" "$before" "a proposal counts for nothing"

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
same "$(counts)" "$before" "another number"

# Anyone can recompute the digest of the list that the report names.
row=$(suppress SECRECY_2 list | jq -r '.suppressions[] | select(.state == "in-force") |
  "\(.rule) \(.text_hmac) \(.expires) \(.first_sha256) \(.second_sha256)"')
same "$(printf '%s\n' "$row" | sha256sum | cut -d' ' -f1)" "$list" "digest of the list"
as LIAISON sluice-review show "$quiet" | grep -q 'does not count' || fail "reviewers are not told"

# The draft goes its way without a reason for it.
approve_route_a "$quiet"
wait_until 30 pull_until_live "$T/site" "R-${quiet#D-}" || fail "it was not published"

# A new version of the rules keeps it, as long as policy.yaml keeps its key.
next_set() { # VERSION KEYLINE
  rm -rf "$T/set"
  cp -r "$T/policies" "$T/set"
  rm "$T"/set/signatures/*
  sed -i -e "s/^version: .*/version: $1/" -e '/^hmac_key:/d' "$T/set/policy.yaml"
  printf '%s\n' "$2" >>"$T/set/policy.yaml"
  for officer in secrecy-1 secrecy-2; do
    "$BIN/sluice-policy" sign --policy "$T/set" --key "$T/keys/$officer" >/dev/null
  done
}
rules() { "$BIN/sluiced" --config "$T/gateway.yaml" policy install "$@"; }
own=$(grep '^hmac_key:' "$T/policies/policy.yaml")
other="hmac_key: \"$(printf '%064d' 7)\""
next_set 2 ''
expect_exit 1 rules "$T/set"
err_says 'no hmac_key.*Copy that line from .*policy.yaml'
next_set 2 "$other"
expect_exit 1 rules "$T/set"
err_says 'another hmac_key'
next_set 2 "$own"
expect_exit 0 rules "$T/set"
hand_in "$T/a.txt"
same "$(jq -r '.report.files[0].policy.version' "$T/draft")" 2 "version that judged"
same "$(counts)" 0 "what counts under the next version"
same "$(jq -r '.report.files[0].policy.suppressions' "$T/draft")" "$list" "the list under the next version"

# It ends by itself at the moment that both signed, and says so.
with_number 15400009999 "$T/c.txt"
hand_in "$T/c.txt"
id=$(jq -r .draft "$T/draft")
end=$(date -u -d '+20 seconds' +%FT%TZ)
expect_exit 2 suppress LIAISON propose "$id" PI-004 --reason "short" --until tomorrow
err_says 'moment such as'
expect_exit 0 suppress LIAISON propose "$id" PI-004 --reason "for a moment" --until "$end"
short=$(jq -r .number "$T/out")
expect_exit 0 suppress SECRECY_1 confirm "$short"
hand_in "$T/c.txt"
same "$(counts)" 0 "what counts before its end"
over() {
  hand_in "$T/c.txt"
  [ "$(counts)" != 0 ]
}
wait_until 60 over || fail "it does not end"
[[ ! $(date -u +%FT%TZ) < $end ]] || fail "it ended before its time"
same "$(suppress SECRECY_2 list | jq -r ".suppressions[] | select(.number == $short) | .state")" expired "state in the list"
as SECRECY_2 sluice-review suppress list | grep -q "$short .*expired" || fail "the list does not say so to a person"

# What is about a file or a draft, and no text, can be acknowledged only; a spill not even shown.
submit --type CT13 "$SAMPLES/01-road-works-clean.txt" >"$T/draft" 2>/dev/null || :
expect_exit 1 suppress LIAISON propose "$(jq -r .draft "$T/draft")" DH-010 --reason "we never fill that in"
err_says 'acknowledged, not suppressed'
hand_in "$SAMPLES/03-marked-paper-spill.txt"
expect_exit 1 suppress SECRECY_1 propose "$(jq -r .draft "$T/draft")" SM-001 --reason "only a sample"
err_says 'spill'

# One person takes it back; the same text counts again.
expect_exit 0 suppress DUTY_1 revoke "$number" --reason "the number was given up"
hand_in "$T/a.txt"
[ "$(counts)" -ge "$before" ] || fail "revoked and still quiet"
"$BIN/sluiced" --config "$T/gateway.yaml" export "$T/export" >/dev/null 2>&1 || :
for kind in propose confirm revoke; do
  grep -q "\"suppression.$kind\"" "$T/export" || fail "the audit does not have $kind"
done

# Whoever means to give them all up says so.
next_set 3 "$other"
expect_exit 0 rules --new-key "$T/set"
