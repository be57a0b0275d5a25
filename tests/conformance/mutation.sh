#!/usr/bin/env bash
# Goal: one changed byte anywhere in an outlet's tree is refused by sluice-pull and by tuf-js,
# or makes no difference to either.
. "$(dirname "$0")/../scenario/common.sh"
MODULES=${BIN%/bin}/tests/node/node_modules
[ -e "$MODULES/tuf-js" ] || skip "tuf-js is not installed (Node.js 20 or later is needed)"
start_all
for draft in CT05:01-road-works-clean.txt CT07:06-secrecy-week-clean.txt; do
  submit --type "${draft%%:*}" "$SAMPLES/${draft#*:}" >"$T/r.json"
  id=$(draft_of <"$T/r.json")
  approve_route_a "$id"
  wait_until 60 pull_until_live "$T/site" "${id/D-/R-}" || fail "it never arrived"
done
stack_stop "$T"
node "$(dirname "$0")/mutation.mjs" "$MODULES" "$T/outlet/tree" "$SLUICE_DEMO_TRUST" \
  "$BIN/sluice-pull" "$T/work" >"$T/table" 2>"$T/wrong" ||
  fail "$(cat "$T/wrong" "$T/table")"
cat "$T/table"
# Everything that counts was looked at: a table of nothing but "accepted" would prove nothing.
[ "$(awk 'NR > 1 && $1 > 4 && $2 + $4 == 0' "$T/table" | wc -l)" -ge 12 ] ||
  fail "fewer than 12 files are refused in every place: $(cat "$T/table")"
