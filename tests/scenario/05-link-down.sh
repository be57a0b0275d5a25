#!/usr/bin/env bash
# Goal: while the outlet is away, releases are kept in order and nothing is lost; when it
# comes back everything arrives once.
. "$(dirname "$0")/common.sh"
start_all
stack_stop_one "$T/outlet.pid"
ids=()
for f in 01-road-works-clean 05-procurement-near-miss-clean 06-secrecy-week-clean; do
  submit --type CT05 "$SAMPLES/$f.txt" >"$T/r.json"
  ids+=("$(draft_of <"$T/r.json")")
  approve_route_a "${ids[-1]}"
done
released() { local s; s=$(state_of "$1"); [ "$s" = RELEASED ] || [ "$s" = SENT ]; }
for id in "${ids[@]}"; do wait_until 30 released "$id" || fail "$id was not released"; done
stack_start_outlet "$T"
for id in "${ids[@]}"; do
  wait_until 60 pull_until_live "$T/site" "${id/D-/R-}" || fail "$id did not arrive after the outage"
done
same "$(ls "$T/site/live" | wc -l)" 3 "releases shown"
