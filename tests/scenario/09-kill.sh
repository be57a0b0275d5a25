#!/usr/bin/env bash
# Goal: kill -9 of any process of the gateway or the outlet loses no accepted draft and
# publishes nothing twice; the supervisors bring everything back.
. "$(dirname "$0")/common.sh"
start_all
roles() { pgrep -P "$1" || :; }
# While the desk restarts a program says "cannot reach, try again" (exit 3); people do.
accepted() { submit --type CT05 --no-wait "$1" >"$T/r.json" 2>"$T/err" && draft_of <"$T/r.json" >>"$T/ids"; }
for round in 1 2 3; do
  for f in 01-road-works-clean 06-secrecy-week-clean; do
    wait_until 60 accepted "$SAMPLES/$f.txt" || fail "never accepted: $(cat "$T/err")"
  done
  # Every role of both daemons, one after the other, while work is under way.
  for pid in $(roles "$(cat "$T/gateway.pid")") $(roles "$(cat "$T/outlet.pid")"); do
    kill -KILL "$pid" 2>/dev/null || continue
  done
done
in_review() { [ "$(state_of "$1" 2>/dev/null)" = IN_REVIEW ]; }
while read -r id; do
  wait_until 60 in_review "$id" || fail "$id is lost: $(state_of "$id")"
  # A vote that was recorded although its answer was lost says so the next time.
  vote() { read_and_approve "$1" "$2" "$id" >/dev/null 2>"$T/err" || grep -q 'already' "$T/err"; }
  approve() { vote LIAISON liaison && vote UNIT_LEADER unit-leader && vote DESK desk; }
  wait_until 60 approve || fail "$id cannot be approved: $(cat "$T/err")"
  pid=$(roles "$(cat "$T/gateway.pid")" | shuf -n 1)
  kill -KILL "$pid" 2>/dev/null || printf 'role %s had ended\n' "$pid"
  pid=$(roles "$(cat "$T/outlet.pid")" | shuf -n 1)
  kill -KILL "$pid" 2>/dev/null || printf 'role %s had ended\n' "$pid"
done <"$T/ids"
while read -r id; do
  wait_until 90 pull_until_live "$T/site" "${id/D-/R-}" || fail "$id did not arrive"
done <"$T/ids"
same "$(ls "$T/site/live" | wc -l)" "$(wc -l <"$T/ids")" "releases shown"
same "$(find "$T/site/releases" -mindepth 2 -maxdepth 2 | wc -l)" "$(wc -l <"$T/ids")" "versions published"
