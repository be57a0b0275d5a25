#!/usr/bin/env bash
# Goal: whatever the wire does, every unit arrives whole, at first or by repetition, without a
# person; never a wrong byte is taken, nothing crashes, and nothing goes back.
#
#   faults.sh [CASE...]     SLUICE_LINK_FULL=1: 1,000 units of 1 KiB to 8 MiB a case
#
# A row of the table and a JSON line (into SLUICE_LINK_RESULTS, if set) for each case.
. "$(dirname "$0")/bed.sh"
if [ "${SLUICE_LINK_FULL:-0}" = 1 ]; then
  UNITS=1000 MOST=8388608 RATE=400Mbit FAST=1Gbit REPEAT="5s, 20s, 1m" AGAIN=5000 IDLE=90
  BURST=6250000 EVERY=64000000 DARK=5000
else
  UNITS=60 MOST=1048576 RATE=200Mbit FAST=1Gbit REPEAT="1s, 2s, 4s, 8s" AGAIN=1000 IDLE=20
  BURST=625000 EVERY=3000000 DARK=500
fi
SEED=${SLUICE_LINK_SEED:-$(($(date +%s) % 100000))}
results=${SLUICE_LINK_RESULTS:-$T/results}
failed=0

status() { jq "$1" "$T/outlet/status/receiver.json"; }
counted() { status ".datagrams.$1 // 0"; } # how many the receiver says it dropped for that reason

# What the wire did, and what each end says about it, must agree.
judge() { # CASE
  local c=$1 bad=() of
  of() { jq "$1" "$T/row.json"; }
  [ "$(of .missing)" = 0 ] || bad+=("units are missing")
  [ "$(of .wrong)" = 0 ] || bad+=("wrong bytes were accepted")
  [ "$(of .twice)" = 0 ] || bad+=("a unit was taken twice")
  [ "$(of .crashes)" = 0 ] || bad+=("something crashed")
  case $(of .returned) in 0 | null) ;; *) bad+=("packets went back") ;; esac
  # Without an overflow the receiver has seen every datagram that was handed out.
  if [ "$(of '.receiver.overflow + (.relay.overflowed // 0) + (.relay.failed // 0)')" = 0 ]; then
    [ "$(of '.receiver.wrong_mac + .receiver.malformed')" = "$(of '(.relay // {}) | (.flipped // 0) + (.truncated // 0) + ((.injected // {}) | (.random // 0) + (.head // 0) + (.cut // 0) + (.foreign // 0) + (.future // 0))')" ] ||
      bad+=("damaged and strange datagrams are not all counted")
    [ "$(of '.receiver.replayed + .receiver.old_session')" = "$(of '(.relay // {}) | (.duplicated // 0) + ((.injected // {}) | (.replayed // 0) + (.earlier // 0))')" ] ||
      bad+=("replayed datagrams are not all counted")
  fi
  [ ${#bad[@]} -eq 0 ] && return
  failed=1
  printf 'FAILED: %s: %s\n%s\n' "$c" "${bad[*]}" "$(cat "$T/row.json")" >&2
  tail -n 8 "$T/sender.log" "$T/receiver.log" >&2
}

heading() {
  printf '%-14s %5s %6s %6s %7s %5s %7s %8s %8s %8s %8s %8s %6s %6s\n' \
    case units first again missing wrong crashes lost strange replayed overflow returned tried sec
}
row() {
  jq -r '[.case, .units, .first, .repeated, .missing, .wrong, .crashes,
    (.kernel_lost // 0) + ((.relay // {}) | (.lost // 0) + (.lost_in_bursts // 0) + (.lost_in_the_dark // 0)),
    .receiver.wrong_mac + .receiver.malformed, .receiver.replayed + .receiver.old_session,
    .receiver.overflow, .returned // "-", .tried // "-", .ms / 1000] | @tsv' "$T/row.json" |
    while IFS=$'\t' read -r -a f; do
      printf '%-14s %5s %6s %6s %7s %5s %7s %8s %8s %8s %8s %8s %6s %6.1f\n' "${f[@]}"
    done
}

# run CASE RATE LOSS kernel PERMILLE | run CASE RATE LOSS relay FAULTS...
run() {
  local name=$1 rate=$2 loss=$3 by=$4 crashes=0 to=$WIRE role
  shift 4
  rm -rf "$T/gateway" "$T/row.json" "$T/relay.out" "$T"/*.log
  # The replay of an earlier run meets the outlet of that run.
  [ -n "${KEEP_OUTLET:-}" ] || rm -rf "$T/outlet"
  if [ "$by" = kernel ] && [ "$WAY" = loopback ]; then
    by=relay
    set -- "loss=$(($1 / 10))"
  fi
  [ "$WAY" = loopback ] || bed_loses 0
  if [ "$by" = kernel ]; then
    to=$OUTLET
    bed_loses "$1"
  else
    start_relay "seed=$SEED" "$@"
  fi
  bed_set "$to" "$rate" "$loss" "$REPEAT"
  start_receiver
  start_sender
  start make "$BUILD/tests/link_units" make "$T/gateway/outbox" "$SEED" "$UNITS" 1024 "$MOST" 67108864
  "$BUILD/tests/link_units" check "$T/outlet" "$T/gateway/outbox/sent" "$SEED" "$UNITS" 1024 "$MOST" \
    "$AGAIN" "$IDLE" >"$T/checked" 2>>"$T/check.log"
  wait "$(cat "$T/make.pid")" || fail "the units cannot be made"
  rm "$T/make.pid"
  for role in sender relay; do stop $role || crashes=$((crashes + 1)); done
  wait_until 20 receiver_has_read || fail "the receiver does not read"
  stop receiver || crashes=$((crashes + 1))
  tail -n 1 "$T/relay.out" >"$T/relayed" 2>/dev/null || echo null >"$T/relayed"
  jq -c --arg case "$name" --arg way "$WAY" --argjson units "$UNITS" --argjson crashes $crashes \
    --argjson seed "$SEED" --argjson loss "$loss" --arg rate "$rate" \
    --argjson returned "$(bed_returned)" --argjson tried "$(bed_tried)" \
    --argjson kernel "$([ "$by" = kernel ] && bed_lost || echo null)" \
    --slurpfile relay "$T/relayed" --argjson receiver "$(receiver_counts)" \
    '{case: $case, way: $way, units: $units, seed: $seed, planned_loss: $loss, rate: $rate} + . +
     {crashes: $crashes, kernel_lost: $kernel, relay: $relay[0], receiver: $receiver,
      returned: $returned, tried: $tried}' "$T/checked" >"$T/row.json"
  cat "$T/row.json" >>"$results"
  row
  judge "$name"
}
receiver_counts() {
  status '{taken: (.datagrams.taken // 0), wrong_mac: (.datagrams.wrong_mac // 0), malformed: (.datagrams.malformed // 0),
    replayed: (.datagrams.replayed // 0), old_session: (.datagrams.old_session // 0), overflow: (.datagrams.overflow // 0)}'
}

case_loss_1() { run loss-1 $RATE 1 kernel 10; }
case_loss_5() { run loss-5 $RATE 5 kernel 50; }
case_loss_20() { run loss-20 $RATE 20 kernel 200; }
# Means of 25 datagrams in a row, 2.5 % of all.
case_bursts() { run bursts $RATE 5 relay bad=0.1 good=4; }
# 50 ms at 1 Gb/s are 6.25 MB, whatever the machine makes of the rate.
case_burst_50ms() { run burst-50ms $FAST 3 relay "burst=$BURST" "every=$EVERY"; }
case_duplicates() { run duplicates $RATE 3 relay duplicate=1; }
case_reordered() { run reordered $RATE 3 relay reorder=20 by=64; }
case_flipped() { run flipped $RATE 3 relay flip=1; }
case_truncated() { run truncated $RATE 3 relay cut=1; }
case_injected() { run injected $RATE 3 relay inject=10; }
case_dark() { run dark $RATE 3 relay dark_from=$((DARK / 10)) dark_to=$((DARK + DARK / 10)); }
# All at once.
case_everything() { run everything $RATE 10 relay loss=2 bad=0.05 good=4 duplicate=1 reorder=10 by=64 flip=1 cut=1 inject=5; }
# Datagrams of an earlier run of both ends, whose units had the same serials and other
# contents, while the installer's progress was lost: only the window keeps them out.
case_earlier() {
  local seed=$SEED
  SEED=$((seed + 1)) run recorded $RATE 3 relay "record=$T/record"
  rm "$T/outlet/state/installer.json"
  SEED=$seed KEEP_OUTLET=1 run earlier $RATE 3 relay inject=20 "earlier=$T/record"
}

bed_open
printf 'seed %s, %s units of 1 KiB to %s KiB a case, %s\n' "$SEED" "$UNITS" $((MOST / 1024)) "$WAY"
heading
for each in ${*:-loss_1 loss_5 loss_20 bursts burst_50ms duplicates reordered flipped truncated injected dark everything earlier}; do
  "case_$each"
done
exit $failed
