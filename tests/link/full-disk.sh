#!/usr/bin/env bash
# Goal: a disk that fills at the receiver loses nothing for good: it says so, keeps what it has,
# goes on living, and what could not be taken comes by repetition once there is room again.
. "$(dirname "$0")/bed.sh"
# 64 KiB to 1 MiB: far more in all than there is room for, whatever the seed.
UNITS=60 LEAST=65536 MOST=1048576 SEED=${SLUICE_LINK_SEED:-$(($(date +%s) % 100000))}
results=${SLUICE_LINK_RESULTS:-/dev/null}
mkdir -p "$T/outlet/quarantine"
mount -t tmpfs -o size=72m none "$T/outlet/quarantine" 2>/dev/null || {
  echo "skipped: mounting a small file system is not permitted here"
  exit 77
}
bed_open
bed_set "$WIRE" 200Mbit 3 "1s, 2s, 2s, 4s, 4s, 8s, 15s, 30s"
start_relay "seed=$SEED"
start_receiver
start_sender
status() { jq "$1" "$T/outlet/status/receiver.json" 2>/dev/null; }
all_sent() { [ "$(find "$T/gateway/outbox/sent" -name '*.unit' | wc -l)" = "$UNITS" ]; }
says_full() { [ "$(status .full)" = "${1:-true}" ]; }
here() { find "$T/outlet/quarantine" -name '*.unit' | wc -l; }

start make "$BUILD/tests/link_units" make "$T/gateway/outbox" "$SEED" "$UNITS" "$LEAST" "$MOST" 67108864
wait_until 30 all_sent || fail "the units are not sent"
wait_until 15 says_full || fail "the receiver does not say that it is full: $(status .)"
kept=$(here)
[ "$kept" -gt 0 ] && [ "$kept" -lt "$UNITS" ] || fail "$kept of $UNITS units are kept"
# Something else takes the rest: now every write fails.
head -c 100M /dev/zero >"$T/outlet/quarantine/ballast" 2>/dev/null || :
wait_until 20 says_full || fail "the receiver no longer says that it is full"
# So does the outlet's own command, also while no supervisor runs.
"$BIN/sluice-outlet" --config "$T/outlet.yaml" status >"$T/said" 2>&1 || :
grep -q 'the disk is full' "$T/said" || fail "sluice-outlet status does not say so: $(cat "$T/said")"
runs receiver || fail "the receiver ended: $(tail -n 3 "$T/receiver.log")"
[ "$(here)" -ge "$kept" ] || fail "units were thrown away: $(here) of $kept"
rm "$T/outlet/quarantine/ballast"

"$BUILD/tests/link_units" check "$T/outlet" "$T/gateway/outbox/sent" "$SEED" "$UNITS" "$LEAST" "$MOST" 1000 40 >"$T/checked"
wait_until 15 says_full false || fail "the receiver still says that it is full: $(status .)"
for role in sender receiver relay; do stop $role || fail "$role crashed"; done
back=$(bed_counts)
jq -c --argjson kept "$kept" --arg way "$WAY" --argjson back "$back" \
  '{case: "full disk", way: $way, kept: $kept} + . + $back' "$T/checked" | tee -a "$results"
[ "$(jq '.missing + .wrong + .twice' "$T/checked")" = 0 ] || fail "$(cat "$T/checked")"
[ "$(jq .repeated "$T/checked")" -gt 0 ] || fail "nothing had to be repeated"
case $back in *'"returned":0,'* | *null*) ;; *) fail "packets went back: $back" ;; esac
