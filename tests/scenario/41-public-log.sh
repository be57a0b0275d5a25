#!/usr/bin/env bash
# Goal: anyone with the trust root proves the public log of a real outlet, as a directory and over
# HTTP, after a release and after its recall; a byte changed at the outlet is named.
. "$(dirname "$0")/common.sh"
tree=$T/outlet/tree
prove() { "$BIN/sluice-pull" log verify "$1" --trust "$T/trust/root.json" --json; }
told() { jq -r '[.ok, .releases, .notices, .fault] | @json' "$T/out"; }
state_is() { [ "$(state_of "$1")" = "$2" ]; }
has_notice() { prove "$tree" >"$T/out" && [ "$(jq .notices "$T/out")" = 1 ]; }

start_all
expect_exit 0 prove "$tree"
same "$(told)" '[true,0,0,null]' 'a log without releases'
draft=$(submit --type CT05 "$SAMPLES/01-road-works-clean.txt" | draft_of)
wait_until 60 state_is "$draft" IN_REVIEW || fail "not inspected"
approve_route_a "$draft"
release=${draft/D-/R-}
wait_until 60 pull_until_live "$T/site" "$release" || fail "not released"
expect_exit 0 prove "$tree"
same "$(told)" '[true,1,0,null]' 'a log with one release'
expect_exit 0 prove "$SLUICE_DEMO_URL"
same "$(told)" '[true,1,0,null]' 'the same over HTTP'

# What was published and recalled stays in the log.
as SECRECY_1 sluice-review freeze --json "$release" --reason "附件需要复核" >/dev/null ||
  fail "not recalled"
wait_until 60 has_notice || fail "the recall is not in the log: $(cat "$T/out")"
same "$(told)" '[true,1,1,null]' 'a log with a recall'

# One byte at the outlet.
tile=$(find "$tree/log/tile/0" -type f | sort -V | tail -n 1)
cp "$tile" "$T/tile"
python3 - "$tile" <<'PY'
import sys
with open(sys.argv[1], "r+b") as f:
    data = bytearray(f.read())
    data[0] ^= 1
    f.seek(0)
    f.write(data)
PY
expect_exit 1 prove "$SLUICE_DEMO_URL"
same "$(jq -r .fault "$T/out" | cut -d' ' -f1-6)" "entry 0 does not have the"
cp "$T/tile" "$tile"
expect_exit 0 prove "$tree"
