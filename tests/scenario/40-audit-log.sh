#!/usr/bin/env bash
# Goal: the audit is signed while the gateway works and proved offline by its operator and by
# openssl; a changed file is named; a restored old backup is refused and told, while drafts go on.
. "$(dirname "$0")/common.sh"
audit=$T/gateway/audit

verify() { "$BIN/sluiced" --config "$T/gateway.yaml" --json audit verify; }
size() { sed -n 2p "$audit/checkpoint" 2>/dev/null || echo 0; }
grown() { [ "$(size)" -gt "$1" ]; }
hand_in() { submit --type CT05 "$SAMPLES/01-road-works-clean.txt" | draft_of; }
in_review() { [ "$(state_of "$1")" = IN_REVIEW ]; }
restart() { stack_stop_one "$T/gateway.pid"; stack_start_gateway "$T"; }

start_all
draft=$(hand_in)
wait_until 60 grown 0 || fail "the audit is not signed"
verify >"$T/out" || fail "a good audit does not hold: $(cat "$T/out")"
same "$(jq -r '[.ok, .fault] | @json' "$T/out")" '[true,null]'
[ "$(jq .size "$T/out")" -gt 0 ] || fail "nothing was proved"
expect_exit 0 "$BIN/sluiced" --config "$T/gateway.yaml" audit verify
grep -q '^good: [1-9][0-9]* entries' "$T/out" || fail "not said in words: $(cat "$T/out")"

# The signature with a stock tool: text, key, signature.
head -n 3 "$audit/checkpoint" >"$T/text"
sed -n 's/^— [^ ]* //p' "$audit/checkpoint" | base64 -d | tail -c 64 >"$T/signature"
(printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'
  sed -n 2p "$T/keys/releaser/log.pub" | base64 -d | tail -c 32) >"$T/key.der"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$T/key.der" -rawin -in "$T/text" \
  -sigfile "$T/signature" >/dev/null || fail "openssl does not accept the checkpoint"

# A backup of a stopped gateway, as the guide says: without log-signed.
stack_stop_one "$T/gateway.pid"
cp -a "$T/gateway" "$T/backup"
rm -r "$T/backup/log-signed"
stack_start_gateway "$T"
before=$(size)
hand_in >/dev/null
wait_until 60 grown "$before" || fail "the audit does not grow after a restart"
verify >"$T/out" || fail "the grown audit does not hold: $(cat "$T/out")"

# One byte of a tile: named, and nothing more is signed on top of it.
stack_stop_one "$T/gateway.pid"
tile=$(find "$audit/tile/0" -type f | sort -V | tail -n 1)
cp "$tile" "$T/tile"
python3 - "$tile" <<'PY'
import sys
with open(sys.argv[1], "r+b") as f:
    data = bytearray(f.read())
    data[40] ^= 1
    f.seek(0)
    f.write(data)
PY
expect_exit 1 verify
same "$(jq -r .fault "$T/out" | cut -d' ' -f1-6)" "entry 1 does not have the"
stack_start_gateway "$T"
before=$(size)
hand_in >/dev/null
says_unsigned() { grep -q 'audit.unsigned' "$T/gateway.log"; }
wait_until 60 says_unsigned || fail "a changed tile is not told"
same "$(size)" "$before" "size of the audit log after a changed tile"
stack_stop_one "$T/gateway.pid"
cp "$T/tile" "$tile"
verify >"$T/out" || fail "the repaired audit does not hold: $(cat "$T/out")"

# The old backup comes back.
cp -a "$T/gateway/log-signed" "$T/kept"
rm -rf "$T/gateway"
cp -a "$T/backup" "$T/gateway"
cp -a "$T/kept" "$T/gateway/log-signed"
: >"$T/gateway.log"
stack_start_gateway "$T"
third=$(hand_in)
wait_until 60 grep -q 'audit.unsigned.*old backup was restored' "$T/gateway.log" ||
  fail "an old backup is not told"
expect_exit 1 verify
jq -r .fault "$T/out" | grep -q 'an old backup was restored' || fail "fault: $(cat "$T/out")"
wait_until 60 in_review "$third" || fail "drafts do not go on"
in_review "$draft" || fail "the first draft is gone"
