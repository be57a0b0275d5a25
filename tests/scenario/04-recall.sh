#!/usr/bin/env bash
# Goal: one reviewer freezes a published release; the platform takes it down with a
# tombstone, the outlet deletes the blob, and a new platform never shows it.
. "$(dirname "$0")/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
release=${id/D-/R-}
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "$release" || fail "it never arrived"
blob=$(jq -r '.blobs[0].sha256' "$T/site/live/$release/manifest.json")

as SECRECY_1 sluice-review freeze --json "$release" --reason "附件需要复核" >/dev/null
gone() { pull "$T/site" >/dev/null && [ ! -e "$T/site/live/$release" ] && [ -e "$T/site/tombstones/$release.json" ]; }
wait_until 30 gone || fail "the platform did not take it down"
same "$(state_of "$id")" FROZEN "state after the freeze"
[ ! -e "$T/outlet/tree/blobs/${blob:0:2}/$blob" ] || fail "the blob is still served"
pull "$T/other" >/dev/null
[ ! -e "$T/other/live/$release" ] || fail "a new platform shows a frozen release"
