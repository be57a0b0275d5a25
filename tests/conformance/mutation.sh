#!/usr/bin/env bash
# Goal: whatever is done to one file of an outlet's tree, sluice-pull and whoever goes by
# tuf-js and sha256sum say the same: both refuse, or it makes no difference to either.
. "$(dirname "$0")/../scenario/common.sh"
MODULES=${BIN%/bin}/tests/node/node_modules
[ -e "$MODULES/tuf-js" ] || skip "tuf-js is not installed (Node.js 20 or later is needed)"
start_all
# A second root, signed by one custodian more than it needs; the gateway takes it while it works.
jq '.signed | .version += 1' "$T/repository/metadata/1.root.json" |
  "${BIN%/bin}/tests/forge" tuf-root "$T"/keys/custodians/root-{1,2,3,4} >"$T/root.json"
mv "$T/root.json" "$T/repository/metadata/2.root.json"
for draft in CT05:01-road-works-clean.txt CT07:06-secrecy-week-clean.txt; do
  submit --type "${draft%%:*}" "$SAMPLES/${draft#*:}" >"$T/r.json"
  id=$(draft_of <"$T/r.json")
  approve_route_a "$id"
  wait_until 60 pull_until_live "$T/site" "${id/D-/R-}" || fail "it never arrived"
done
served() { [ -e "$T/outlet/tree/metadata/2.root.json" ] && pull "$T/site" >/dev/null; }
wait_until 60 served || fail "root 2 never arrived"
stack_stop "$T"
node "$(dirname "$0")/mutation.mjs" "$MODULES" "$T/outlet/tree" "$SLUICE_DEMO_TRUST" \
  "$BIN/sluice-pull" "$T/work" >"$T/table" 2>"$T/wrong" ||
  fail "$(cat "$T/wrong" "$T/table")"
cat "$T/table"
# Everything that counts was looked at: a table of nothing but "accepted" would prove nothing.
[ "$(awk 'NR > 1 && $1 >= 9' "$T/table" | wc -l)" -ge 18 ] ||
  fail "fewer than 18 files are refused in nearly every place: $(cat "$T/table")"
