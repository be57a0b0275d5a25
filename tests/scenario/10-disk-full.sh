#!/usr/bin/env bash
# Goal: a full disk refuses new drafts with a clear message before it hurts stored ones; when
# there is room again the same draft goes through.
. "$(dirname "$0")/common.sh"
stack_set "$T"
. "$T/env"
mkdir -p "$T/gateway"
mount -t tmpfs -o size=64m none "$T/gateway" 2>/dev/null || skip "mounting a small file system is not permitted here"
unmount() { local code=$?; stack_stop "$T"; umount "$T/gateway"; finish $code; }
trap unmount EXIT
# Without the reserve the disk itself must say no.
sed -i 's/^\( *free_bytes:\).*/\1 4194304/' "$T/gateway.yaml"
grep -q free_bytes "$T/gateway.yaml" || printf 'limits:\n  free_bytes: 4194304\n' >>"$T/gateway.yaml"
stack_start_outlet "$T"
stack_start_gateway "$T"
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
same "$(jq -r .state "$T/r.json")" IN_REVIEW "a draft while there is room"
id=$(draft_of <"$T/r.json")
head -c 200M /dev/zero >"$T/gateway/ballast" 2>/dev/null || printf 'disk filled\n'
expect_exit 3 submit --type CT05 "$SAMPLES/06-secrecy-week-clean.txt"
err_says 'space|full|disk'
same "$(state_of "$id")" IN_REVIEW "the stored draft"
rm "$T/gateway/ballast"
expect_exit 0 submit --type CT05 "$SAMPLES/06-secrecy-week-clean.txt"
