#!/usr/bin/env bash
# Goal: a 200 MB file is taken in pieces; an upload that stopped half-way resumes where it
# stopped; a file over the limit is refused with its size; nobody else waits.
. "$(dirname "$0")/common.sh"
start_all
# 200 MB of ordinary text.
python3 - "$T/large.txt" <<'P'
import sys
line = "关于云汀市北环路局部路段夜间施工期间交通组织的通告，请市民提前规划出行路线。\n".encode()
with open(sys.argv[1], "wb") as f:
    n = 200 * 1000 * 1000 // len(line)
    for _ in range(n):
        f.write(line)
P
"$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" submit --json --no-wait "$T/large.txt" >"$T/interrupted.json" 2>&1 &
uploader=$!
some_arrived() { [ -n "$(find "$T/gateway/uploads" -type f -size +1M)" ]; }
wait_until 60 some_arrived || fail "the upload never began"
kill -KILL "$uploader"
wait "$uploader" 2>/dev/null || printf 'upload interrupted\n'
before=$(find "$T/gateway/uploads" -type f -printf '%s\n' | sort -n | tail -n 1)
[ "$before" -lt 200000000 ] || fail "the upload was too quick to be interrupted; make the file larger"
submit --no-wait "$T/large.txt" >"$T/large.json"
id=$(draft_of <"$T/large.json")
sha=$(sha256sum "$T/large.txt" | cut -d' ' -f1)
cmp "$T/large.txt" "$T/gateway/objects/${sha:0:2}/$sha"

# Meanwhile a short notice goes through.
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/short.json"
same "$(jq -r .state "$T/short.json")" IN_REVIEW "a short notice beside a huge one"
inspected() { case $(state_of "$id") in SUBMITTED | INSPECTING) return 1 ;; esac; }
wait_until 240 inspected || fail "the large file was never judged"
same "$(state_of "$id")" IN_REVIEW "state of a large clean text"

truncate -s 300M "$T/too-large.txt"
expect_exit 1 submit "$T/too-large.txt"
err_says 'large|limit|MiB|bytes'
