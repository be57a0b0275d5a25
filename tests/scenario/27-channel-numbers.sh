#!/usr/bin/env bash
# Goal: each channel has serials of its own: items in one channel, in another one and in both, and
# a recall. A platform that follows a channel can say "number 2 of our channel", and so can
# whoever looks at the pages for people; the numbers have no gap for anybody.
. "$(dirname "$0")/common.sh"
start_all

publish() { # DAY --channel CHANNEL...: sets RELEASE
  local id
  fresh_notice "$1" >"$T/notice-$1.txt"
  submit --type CT05 "${@:2}" "$T/notice-$1.txt" >"$T/r.json"
  id=$(draft_of <"$T/r.json")
  approve_route_a "$id"
  out() { [ "$(state_of "$id")" != APPROVED ]; }
  wait_until 30 out || fail "$id was not released"
  RELEASE=${id/D-/R-}
}
# follow CHANNEL RELEASE EVENT NUMBER: what the platform of this channel is told.
follow() {
  told() {
    pull "$T/$1" --channel "$1" >>"$T/$1.events"
    jq -se --arg c "$1" --arg id "$2" --arg e "$3" --argjson n "$4" \
      'any(.[]; .event == $e and .id == $id and .channels == {($c): $n})' "$T/$1.events" >/dev/null
  }
  wait_until 30 told "$@" || fail "$1 is not told \"$3 $2, number $4\": $(cat "$T/$1.events")"
}

publish 11 --channel official-site
site=$RELEASE
publish 12 --channel weibo --channel official-site
both=$RELEASE
publish 13 --channel weibo
weibo=$RELEASE
follow official-site "$site" released 1
follow official-site "$both" released 2
follow weibo "$both" released 1
follow weibo "$weibo" released 2
is_live "$T/official-site" "$weibo" && fail "the platform shows what is not for it"

as SECRECY_1 sluice-review freeze --json "$both" --reason "附件需要复核" >/dev/null
follow official-site "$both" withdrawn 3
follow weibo "$both" withdrawn 3
jq -e '.channels == {"official-site": 3, "weibo": 3}' "$T/weibo/tombstones/$both.json" >/dev/null ||
  fail "the tombstone has other numbers: $(cat "$T/weibo/tombstones/$both.json")"
publish 14 --channel official-site
last=$RELEASE
follow official-site "$last" released 4

# The feed itself: what comes next, and every number once.
head=$(ls -t "$T"/outlet/tree/targets/feed/*.head.json | head -n 1)
same "$(jq -c .next "$head")" '{"official-site":5,"weibo":4}' "next"
for c in official-site:4 weibo:3; do
  same "$(jq -c --arg c "${c%:*}" '[.entries[].channels[$c] // empty]' "$head")" "$(jq -cn --argjson n "${c#*:}" '[range(1; $n + 1)]')" "numbers of ${c%:*}"
done

# In words, and on the pages for people.
rm -r "$T/official-site"
"$BIN/sluice-pull" --from "$SLUICE_DEMO_URL" --trust "$SLUICE_DEMO_TRUST" --into "$T/official-site" --once --channel official-site >"$T/words"
grep -qE "$last.*official-site number 4\$" "$T/words" || fail "no number in words: $(cat "$T/words")"
"$BIN/sluice-pull" --from "$SLUICE_DEMO_URL" --trust "$SLUICE_DEMO_TRUST" --into "$T/official-site" --once --channel official-site >"$T/words"
grep -qE "^up to date.*official-site number 4\$" "$T/words" || fail "not where we are: $(cat "$T/words")"
curl -sf "${SLUICE_DEMO_URL%/}/feed.json" >"$T/feed.json"
same "$(jq -c --arg id "$last" '.items[] | select(.id == $id)._channels' "$T/feed.json")" '{"official-site":4}' "feed.json"
same "$(jq -c --arg id "$both" '._sluice.deleted[] | select(.id == $id)._channels' "$T/feed.json")" '{"official-site":3,"weibo":3}' "what was taken down in feed.json"
curl -sf "${SLUICE_DEMO_URL%/}/atom.xml" | grep -qF "label=\"official-site 4\"" || fail "atom.xml has no number"
curl -sf "${SLUICE_DEMO_URL%/}/index.html" | grep -qF "official-site 4" || fail "index.html has no number"
"$BIN/sluice-pull" log verify "$SLUICE_DEMO_URL" --trust "$SLUICE_DEMO_TRUST" >/dev/null || fail "the log is not proved"
