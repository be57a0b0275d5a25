#!/usr/bin/env bash
# Goal: what becomes of a freeze needs two reviewers: one alone changes nothing, two bring
# the same bytes back, two make it final; and what was withdrawn never comes back under its
# number.
. "$(dirname "$0")/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
release=${id/D-/R-}
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "$release" || fail "it never arrived"
blob=$(jq -r '.blobs[0].sha256' "$T/site/live/$release/manifest.json")

gone() { pull "$T/site" >/dev/null && [ ! -e "$T/site/live/$release" ] && [ -e "$T/site/tombstones/$release.json" ]; }
order() { as "$1" sluice-review "$2" --json "$release" --reason "$3"; }
order SECRECY_1 freeze "附件需要复核" >"$T/out"
same "$(jq -c '[.persons, .needed]' "$T/out")" "[1,1]" "one person freezes"
wait_until 30 gone || fail "the freeze did not arrive"
same "$(jq -r .status "$T/site/tombstones/$release.json")" withheld "tombstone"
same "$(jq -r .notice.action "$T/site/tombstones/$release.json")" freeze "notice in the tombstone"
grep -rq "附件需要复核" "$T/outlet/tree" && fail "the words of the reason left the house"

# One person who made it withheld cannot make it final, and nobody freezes twice.
expect_exit 1 order DESK freeze "再次"
err_says "frozen already"
order DESK restore "已复核无误" >"$T/out"
same "$(jq -c '[.persons, .needed]' "$T/out")" "[1,2]" "one of two"
order DESK restore "再说一遍" >"$T/out"
same "$(jq -c '[.persons, .needed]' "$T/out")" "[1,2]" "the same person twice is one"
expect_exit 1 order AUTHOR restore "我的稿件"
order LIAISON restore "同意恢复" >"$T/out"
same "$(jq -c '[.persons, .needed]' "$T/out")" "[2,2]" "two of two"
wait_until 30 pull_until_live "$T/site" "$release" || fail "it did not come back"
[ ! -e "$T/site/tombstones/$release.json" ] || fail "it is shown and buried at once"
cmp "$SAMPLES/01-road-works-clean.txt" "$T/site/live/$release/files/01-road-works-clean.txt"
[ -e "$T/outlet/tree/blobs/${blob:0:2}/$blob" ] || fail "the outlet does not have the bytes again"
back() { local s; s=$(state_of "$id"); [ "$s" = SENT ]; }
wait_until 20 back || fail "the author sees $(state_of "$id")"
pull "$T/fresh" >/dev/null
is_live "$T/fresh" "$release" || fail "a new platform does not show what came back"

# A second freeze; this time two say that it stays down.
order DESK freeze "又有问题" >/dev/null
wait_until 30 gone || fail "the second freeze did not arrive"
# A restarted outlet has forgotten what it proved, and still takes what comes.
stack_stop_one "$T/outlet.pid"
stack_start_outlet "$T"
order LIAISON confirm "确认撤下" >/dev/null
order UNIT_LEADER confirm "确认撤下" >"$T/out"
same "$(jq -c '[.persons, .needed]' "$T/out")" "[2,2]" "two confirm"
canceled() { pull "$T/site" >/dev/null; [ "$(jq -r .status "$T/site/tombstones/$release.json")" = canceled ]; }
wait_until 30 canceled || fail "the withdrawal did not arrive"
same "$(state_of "$id")" WITHDRAWN "state in the end"
expect_exit 1 order DESK restore "反悔"
err_says "not frozen"
expect_exit 1 order SECRECY_1 freeze "再来"

# Hints for people say the same, and are well-formed.
if command -v xmllint >/dev/null; then xmllint --noout "$T/outlet/tree/atom.xml" || fail "atom.xml is not XML"; fi
grep -q "<at:deleted-entry ref=\"urn:sluice:$release\"" "$T/outlet/tree/atom.xml" || fail "no deleted entry"
same "$(jq -r '.version, (.items | length), ._sluice.deleted[0].status' "$T/outlet/tree/feed.json" | tr '\n' ' ')" \
  "https://jsonfeed.org/version/1.1 0 canceled " "JSON Feed"
