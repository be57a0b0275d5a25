#!/usr/bin/env bash
# Goal: a corrupt database is reported, not used; what can be read can be exported.
. "$(dirname "$0")/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >/dev/null
stack_stop_one "$T/gateway.pid"
database=$T/gateway/store/sluice.db
[ -e "$database" ] || fail "no database at $database"
python3 - "$database" <<'P'
import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(0, 2)
    size = f.tell()
    for at in range(4096, size, 4096):
        f.seek(at)
        f.write(b"\xff" * 64)
P
rm -f "$T/gateway/run/ready"
setsid timeout 30 "$BIN/sluiced" --config "$T/gateway.yaml" >"$T/gateway.log" 2>&1 </dev/null &
echo $! >"$T/gateway.pid"
says_so() { grep -qiE 'corrupt|damaged|malformed' "$T/gateway.log"; }
wait_until 25 says_so || fail "nothing is said of the damage"
[ ! -e "$T/gateway/run/ready" ] || fail "the gateway works on with a damaged store"
