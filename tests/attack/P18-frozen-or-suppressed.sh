#!/usr/bin/env bash
# P18: an outlet that stands still, a feed with a hole, a recall that is hidden or undone.
. "$(dirname "$0")/publication.sh"

# Frozen: good signatures, a timestamp from too long ago.
forge p18-stale
expect_exit 1 pull_tree "$D/site"
jq -e 'select(.event == "stale")' "$T/out" >/dev/null || fail "a frozen outlet is not told: $(cat "$T/out")"
[ -z "$(ls "$D/site/live")" ] || fail "something of a frozen outlet is shown"

# A serial is missing.
forge p18-gap
expect_exit 1 pull_tree "$D/site"
jq -e 'select(.event == "refused" and (.reason | test("gap")))' "$T/out" >/dev/null || fail "a gap: $(cat "$T/out")"
[ ! -e "$D/site/live/$ATTACK_ID" ] || fail "a feed with a gap is believed"

# A serial of one channel is missing, or comes again: a platform that follows it names it.
channel() { # NAME WHY
  forge "$1"
  expect_exit 1 pull_tree "$D/site" "$D/tree" --channel official-site
  jq -e --arg why "$2" 'select(.event == "refused" and (.reason | test($why)))' "$T/out" >/dev/null || fail "$1: $(cat "$T/out")"
  [ ! -e "$D/site/live/$ATTACK_ID" ] || fail "$1 is believed"
  outlet_refuses "$2"
}
channel p18-channel-gap "serial 2 of channel official-site is missing"
channel p18-channel-twice "serial 1 of channel official-site is there twice"

# A release is numbered in a channel that its reviewers did not send it to.
platform_refuses p18-other-channel "does not number it in channel official-site"
outlet_refuses "does not number it in channel official-site"

# The recall that a platform has seen is not there any more.
forge p18-recalled
expect_exit 0 pull_tree "$T/site"
[ ! -e "$T/site/live/$ATTACK_ID" ] || fail "a recalled release is shown"
forge p18-suppressed
expect_exit 1 pull_tree "$T/site"
jq -e 'select(.event == "refused" and (.reason | test("was rewritten")))' "$T/out" >/dev/null || fail "suppressed: $(cat "$T/out")"
[ ! -e "$T/site/live/$ATTACK_ID" ] || fail "a suppressed recall is undone"

# The recall is there, behind a release whose files are held back: it does not wait.
NOW=$(date +%s)
forge p18-two
expect_exit 0 pull_tree "$T/slow"
[ -e "$T/slow/live/$ATTACK_ID" ] || fail "the release is not shown before its recall"
forge p18-held-back
rm -r "$D/tree/targets/rel/R-2026-000003"
expect_exit 3 pull_tree "$T/slow"
[ ! -e "$T/slow/live/$ATTACK_ID" ] || fail "a recall waits for files that the outlet holds back"
NOW=

# What was withdrawn comes back only as a new version.
platform_refuses p18-again "only a newer one comes back"

# A freeze is lifted by the orders of two reviewers about this very freeze, or not at all.
accepted p18-restored
accepted p18-restored-later
lifted() { # NAME WHY
  platform_refuses "$1" "$2"
  outlet_refuses "$2"
}
lifted p18-restored-by-one "carries 1 orders"
lifted p18-restored-by-gateway "carries 0 orders"
lifted p18-restored-by-author "may not reinstate"
lifted p18-restored-own "orders the return of an own release"
lifted p18-restored-for-another-freeze "not the present freeze"
