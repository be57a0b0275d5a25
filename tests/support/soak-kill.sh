#!/usr/bin/env bash
# soak-kill.sh BUILD - kill -9 of every process of gateway and outlet at SOAK_KILLS (default
# 200) random instants while drafts flow from submission to platform.  At the end: every
# accepted draft is there, everything approved is published exactly once, and nothing is
# published that was not approved by its quorum.
set -euo pipefail
BIN=$1/bin
SOURCE=$(cd "$(dirname "$0")/../.." && pwd)
. "$SOURCE/tests/support/stack.sh"
. "$SOURCE/tests/support/people.sh"
kills=${SOAK_KILLS:-200}
T=$(mktemp -d /tmp/sl-soak.XXXXXX)
trap 'stack_stop "$T"; rm -rf "$T"' EXIT
stack_start "$T"
. "$T/env"

# Processes of a daemon; none in the moment after its supervisor was killed.
children() { if ! pgrep -P "$1"; then return 0; fi; }
daemon_alive() { kill -0 "$(cat "$T/gateway.pid")" && kill -0 "$(cat "$T/outlet.pid")"; }

# The killer: any role of either daemon, the supervisors themselves one time in twenty.
killer() {
  local i pid
  trap 'touch "$T/killing-over"' EXIT
  for ((i = 0; i < kills; i++)); do
    read -r -t "0.$((RANDOM % 9))$((RANDOM % 9))" <> <(:) && break
    if [ $((RANDOM % 20)) -eq 0 ]; then
      if [ $((RANDOM % 2)) -eq 0 ]; then
        kill -KILL -- "-$(cat "$T/gateway.pid")"
        stack_start_gateway "$T"
      else
        kill -KILL -- "-$(cat "$T/outlet.pid")"
        stack_start_outlet "$T"
      fi
    else
      pid=$( (children "$(cat "$T/gateway.pid")"; children "$(cat "$T/outlet.pid")") | shuf -n 1)
      if [ -n "$pid" ] && kill -KILL "$pid" 2>/dev/null; then :; fi
    fi
    echo $((i + 1)) >"$T/kills"
  done
}
killer >"$T/killer.log" 2>&1 &
killer_pid=$!

accepted=$T/accepted approved=$T/approved n=0 held=0
: >"$accepted"
: >"$approved"
while [ ! -e "$T/killing-over" ]; do
  n=$((n + 1))
  sed "s/^关于/第${n}号 关于/" "$SOURCE/tests/corpus/samples/01-road-works-clean.txt" >"$T/n.txt"
  if ! submit --type CT05 --no-wait "$T/n.txt" >"$T/r.json" 2>"$T/err"; then continue; fi
  id=$(draft_of <"$T/r.json")
  echo "$id" >>"$accepted"
  # Killed three times under one document, a filter's word is that it was not inspected:
  # such a draft is held, not lost, and has to be handed in again.
  inspected() { case $(state_of "$id" 2>/dev/null) in IN_REVIEW | HELD) ;; *) return 1 ;; esac; }
  wait_until 60 inspected || { echo "soak: $id is never inspected"; exit 1; }
  if [ "$(state_of "$id" 2>/dev/null)" = HELD ]; then
    held=$((held + 1))
    continue
  fi
  # Every second draft gets its whole quorum; the others stay one signature short.
  [ $((n % 2)) -eq 0 ] && last=DESK:desk || last=
  for vote in LIAISON:liaison UNIT_LEADER:unit-leader $last; do
    signed() { read_and_approve "${vote%%:*}" "${vote##*:}" "$id" >/dev/null 2>"$T/err" || grep -q 'already' "$T/err"; }
    wait_until 60 signed || { echo "soak: $id cannot be signed: $(cat "$T/err")"; exit 1; }
  done
  if [ -n "$last" ]; then echo "$id" >>"$approved"; fi
done
if ! wait "$killer_pid"; then
  echo "soak: the killer itself failed: $(tail -n 3 "$T/killer.log")"
  exit 1
fi
daemon_alive

lost=0
while read -r id; do
  known() { [ -n "$(state_of "$id" 2>/dev/null)" ]; }
  wait_until 30 known || { echo "soak: LOST $id"; lost=$((lost + 1)); }
done <"$accepted"
missing=0
while read -r id; do
  wait_until 60 pull_until_live "$T/site" "${id/D-/R-}" || { echo "soak: NOT PUBLISHED $id"; missing=$((missing + 1)); }
done <"$approved"
extra=$(comm -13 <(sed 's/^D-/R-/' "$approved" | sort) <(ls "$T/site/live" | sort) | wc -l)
pull "$T/fresh" >"$T/fresh.jsonl"
published=$(jq -r 'select(.event=="released") | .id + " " + (.version|tostring)' "$T/fresh.jsonl" | sort)
duplicates=$(uniq -d <<<"$published" | grep -c . || :)
printf 'soak kill: %s kills, %s drafts accepted, %s held, %s approved, lost %s, not published %s, published without quorum %s, published twice %s\n' \
  "$(cat "$T/kills")" "$(wc -l <"$accepted")" "$held" "$(wc -l <"$approved")" "$lost" "$missing" "$extra" "$duplicates"
[ "$lost" -eq 0 ] && [ "$missing" -eq 0 ] && [ "$extra" -eq 0 ] && [ "$duplicates" -eq 0 ]
