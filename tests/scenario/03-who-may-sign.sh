#!/usr/bin/env bash
# Goal: the approval rule holds against people who try: unread parts, a role one does not
# hold, two roles of one person, the author, an unknown key, a stale request.
. "$(dirname "$0")/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")

expect_exit 1 as LIAISON sluice-review approve --json "$id" --role liaison
err_says 'report|manifest|01-road-works'   # never shown, and it says what
as LIAISON sluice-review show --json "$id" >/dev/null
expect_exit 1 as LIAISON sluice-review approve --json "$id" --role secrecy   # not a role of this person
expect_exit 0 as LIAISON sluice-review approve --json "$id" --role liaison
expect_exit 1 as LIAISON sluice-review approve --json "$id" --role unit-leader
expect_exit 1 as LIAISON sluice-review approve --json "$id" --role liaison   # nor twice in one role
expect_exit 1 as AUTHOR sluice-review approve --json "$id" --role desk

# A reviewer who hands in a draft may not approve it.
"$BIN/sluice" --config "$SLUICE_DEMO_DESK" submit --json --type CT05 "$SAMPLES/05-procurement-near-miss-clean.txt" >"$T/own.json"
own=$(draft_of <"$T/own.json")
as DESK sluice-review show --json "$own" >/dev/null
expect_exit 1 as DESK sluice-review approve --json "$own" --role desk

# A key that is not in the roster.
"$BIN/sluice-keys" generate --use dsse-reviewer --out "$T/stranger" --no-passphrase >/dev/null
sed "s#^\( *key:\).*#\1 $T/stranger#" "$SLUICE_DEMO_LIAISON" >"$T/stranger.yaml"
expect_exit 1 "$BIN/sluice-review" --config "$T/stranger.yaml" list

# A new revision voids what was signed.
as AUTHOR sluice revise --json "$id" "$SAMPLES/06-secrecy-week-clean.txt" >"$T/rev.json"
same "$(jq -r .revision "$T/rev.json")" 2 "revision"
same "$(as AUTHOR sluice status --json "$id" | jq -r '.missing | length')" 3 "missing after a revision"
