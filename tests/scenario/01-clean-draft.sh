#!/usr/bin/env bash
# Goal: a clean draft goes from an author's desk to a platform, only after three different
# people signed, and what the platform shows is byte for byte what was submitted.
. "$(dirname "$0")/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
release=${id/D-/R-}
same "$(jq -r .state "$T/r.json")" IN_REVIEW "state after inspection"
same "$(jq -r .verdict "$T/r.json")" clean "verdict"
same "$(jq -r .route "$T/r.json")" A "route of CT05"
same "$(as AUTHOR sluice status --json "$id" | jq -c '.missing | sort')" '["desk","liaison","unit-leader"]' "missing roles"

pull "$T/site" >/dev/null
[ ! -e "$T/site/live/$release" ] || fail "published without a signature"

read_and_approve LIAISON liaison "$id" >/dev/null
read_and_approve UNIT_LEADER unit-leader "$id" >/dev/null
pull "$T/site" >/dev/null
[ ! -e "$T/site/live/$release" ] || fail "published with two signatures of three"
same "$(read_and_approve DESK desk "$id" | jq -c .missing)" '[]' "missing after the last signature"

wait_until 30 pull_until_live "$T/site" "$release" || fail "it never arrived"
cmp "$SAMPLES/01-road-works-clean.txt" "$T/site/live/$release/files/01-road-works-clean.txt"
expect_exit 0 "$BIN/sluice-pull" verify "$(realpath "$T/site/live/$release")" --trust "$SLUICE_DEMO_TRUST"
wait_until 20 test "$(state_of "$id")" != APPROVED || fail "the store does not know that it is released"

# A second pull has nothing to do and says so.
same "$(pull "$T/site" | jq -r .event | sort -u)" up-to-date "events of a second pull"
