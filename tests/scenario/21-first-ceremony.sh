#!/usr/bin/env bash
# Goal: five custodians hold the first ceremony on a memory stick, thresholds 3/2/2; a gateway
# starts with what they signed, a platform pulls from it, the transcript is in the audit log.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
demo_with_ceremony "$T"
grep -q 'root: 3 of 3' "$T/merge.log" || fail "merge does not count: $(cat "$T/merge.log")"

# Whoever sits at the table reads the same thing in both languages, whatever is in SUMMARY.txt.
grep -q 'WHAT THIS CHANGE DOES' "$T/stick/SUMMARY.txt" || fail "no summary"
grep -q '本次变更内容' "$T/stick/SUMMARY.txt" || fail "no Chinese summary"
grep -q '密钥仪式记录' "$T/stick/result/transcript.txt" || fail "no Chinese transcript"
number=$(jq -r .number "$T/stick/result/transcript.json")
same "$(keys ceremony status "$T/stick" --json | jq -r .number)" "$number" "the number of the change"
same "$(jq -r '[.documents[] | .signatures | length] | join(" ")' "$T/stick/result/transcript.json")" "3 2 2" "signatures"

start_all
expect_exit 0 "$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" check --json
jq -e '.checks[] | select(.name == "trust") | .ok' "$T/out" >/dev/null || fail "check says nothing of trust"
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "the platform shows nothing"
expect_exit 0 "$BIN/sluice-pull" verify "$T/site/releases/${id/D-/R-}/1" --trust "$SLUICE_DEMO_TRUST"

# The transcript goes into the audit log while the gateway runs, and only the real one.
expect_exit 0 "$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" record "$T/stick/result/transcript.json"
sed 's/"length":[0-9]*/"length":1/; s/\("path":"metadata[^}]*"sha256":"\)[0-9a-f]\{4\}/\10000/' \
  "$T/stick/result/transcript.json" >"$T/forged.json"
expect_exit 1 "$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" record "$T/forged.json"
err_says 'is not the file of the transcript'
"$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" export "$T/export.jsonl" >/dev/null
same "$(grep -c ceremony.recorded "$T/export.jsonl")" 1 "entries in the audit log"
grep ceremony.recorded "$T/export.jsonl" | grep -q "$number" || fail "the audit log has another ceremony"
