#!/usr/bin/env bash
# Goal: whatever the wire does, every unit arrives whole, at first or by repetition, without a
# person; never a wrong byte is taken, nothing crashes, and nothing goes back.
#
#   faults.sh [CASE...]     SLUICE_LINK_FULL=1: 1,000 units of 1 KiB to 8 MiB a case
#
# A row of the table and a JSON line (into SLUICE_LINK_RESULTS, if set) for each case.
. "$(dirname "$0")/bed.sh"
if [ "${SLUICE_LINK_FULL:-0}" = 1 ]; then
  UNITS=1000 MOST=8388608 RATE=400Mbit REPEAT="5s, 20s, 1m" AGAIN=5000 IDLE=240
  BURST=6250000 EVERY=64000000 DARK=5000
else
  # Of so few bytes a burst takes much, so that a unit may meet several: more repetitions.
  UNITS=60 MOST=1048576 RATE=200Mbit REPEAT="1s, 1s, 1s, 1s, 2s, 2s, 4s, 8s" AGAIN=1000 IDLE=20
  BURST=625000 EVERY=5000000 DARK=500
fi
SEED=${SLUICE_LINK_SEED:-$(($(date +%s) % 100000))}
results=${SLUICE_LINK_RESULTS:-$T/results}
failed=0

columns='%-12s %5s %6s %6s %7s %5s %7s %8s %8s %8s %8s %8s %6s %7s %8s\n'
heading() {
  printf "$columns" case units first again missing wrong crashes lost strange replayed overflow returned tried seconds 'MB/s'
}
# Of what the wire did and what both ends say about it: the JSON line, the row of the table, and
# a line for each thing that is not as it must be.
judge='
.drops as $drops |
(.receiver.datagrams // {} | {taken, wrong_mac, malformed, replayed, old_session, overflow: ([.overflow, $drops] | max)}) as $receiver |
(.relay // {}) as $wire | ($wire.injected // {}) as $strangers |
([$wire.flipped, $wire.truncated, ($strangers | .random, .head, .cut, .foreign, .future)] | add // 0) as $strange |
([$wire.duplicated, ($strangers | .replayed, .earlier)] | add // 0) as $replayed |
($receiver.wrong_mac + $receiver.malformed) as $refused |
($receiver.replayed + $receiver.old_session) as $known |
# Without an overflow the receiver has seen every datagram that was handed out.
($receiver.overflow + ($wire.overflowed // 0) + ($wire.failed // 0) == 0) as $all_seen |
(.run + .checked + .back + {relay: .relay, receiver: $receiver}) as $row |
($row | tojson),
($row | [.case, .units, .first, .repeated, .missing, .wrong, .crashes,
  ([.kernel_lost, $wire.lost, $wire.lost_in_bursts, $wire.lost_in_the_dark] | add // 0),
  $refused, $known, $receiver.overflow, .returned // "-", .tried // "-",
  (.ms / 100 | round / 10), (.bytes / 100 / ([.ms, 1] | max) | round / 10)] | @tsv),
($row |
  (select(.missing > 0) | "units are missing"),
  (select(.wrong > 0) | "wrong bytes were accepted"),
  (select(.twice > 0) | "a unit was taken twice"),
  (select(.crashes > 0) | "something crashed"),
  (select((.returned // 0) > 0) | "packets went back"),
  # What a lie says about the unit may be impossible in itself.
  (select($all_seen and ($refused < $strange or $refused > $strange + ($wire.lied // 0))) | "damaged and strange datagrams: \($strange) sent, \($refused) counted"),
  (select($all_seen and $known != $replayed) | "replayed datagrams: \($replayed) sent, \($known) counted"))'

# run CASE RATE LOSS kernel PERMILLE | run CASE RATE LOSS relay FAULTS...
run() {
  local name=$1 rate=$2 loss=$3 by=$4 crashes=0 to=$WIRE role fields drops
  shift 4
  rm -rf "$T/gateway" "$T/relay.out" "$T"/*.log
  # The replay of an earlier run meets the outlet of that run.
  [ -n "${KEEP_OUTLET:-}" ] || rm -rf "$T/outlet"
  if [ "$by" = kernel ] && [ "$WAY" = loopback ]; then
    by=relay
    set -- "loss=$(($1 / 10))"
  fi
  [ "$WAY" = loopback ] || bed_loses 0
  [ "$by" != kernel ] || to=$OUTLET
  bed_set "$to" "$rate" "$loss" "$REPEAT"
  if [ "$by" = kernel ]; then bed_loses "$1"; else start_relay "seed=$SEED" "$@"; fi
  start_receiver
  start_sender
  start make "$BUILD/tests/link_units" make "$T/gateway/outbox" "$SEED" "$UNITS" 1024 "$MOST" 67108864
  "$BUILD/tests/link_units" check "$T/outlet" "$T/gateway/outbox/sent" "$SEED" "$UNITS" 1024 "$MOST" \
    "$AGAIN" "$IDLE" >"$T/checked" 2>>"$T/check.log"
  wait "$(cat "$T/make.pid")" || fail "the units cannot be made"
  rm "$T/make.pid"
  for role in sender relay; do stop $role || crashes=$((crashes + 1)); done
  wait_until 60 receiver_has_read || fail "the receiver does not read"
  # The receiver learns of drops with the next datagram only, and there may be none.
  drops=$(receiver_socket)
  stop receiver || crashes=$((crashes + 1))
  [ -e "$T/relay.out" ] || echo null >"$T/relay.out"
  jq -n --arg case "$name" --arg way "$WAY" --argjson units "$UNITS" --argjson seed "$SEED" \
    --argjson loss "$loss" --arg rate "$rate" --argjson crashes $crashes --argjson drops "${drops#* }" --argjson back "$(bed_counts)" \
    --slurpfile checked "$T/checked" --slurpfile relay <(tail -n 1 "$T/relay.out") \
    --slurpfile receiver "$T/outlet/status/receiver.json" \
    '{run: {case: $case, way: $way, units: $units, seed: $seed, planned_loss: $loss, rate: $rate, crashes: $crashes},
      checked: $checked[0], back: $back, relay: $relay[0], receiver: $receiver[0], drops: $drops}' |
    jq -r "$judge" >"$T/judged"
  sed -n 1p "$T/judged" >>"$results"
  IFS=$'\t' read -r -a fields <<<"$(sed -n 2p "$T/judged")"
  printf "$columns" "${fields[@]}"
  [ "$(wc -l <"$T/judged")" -eq 2 ] && return
  failed=1
  sed '1,2d' "$T/judged" | sed "s/^/FAILED: $name: /" >&2
  sed -n 1p "$T/judged" >&2
  tail -n 8 "$T/sender.log" "$T/receiver.log" >&2
}

case_loss_1() { run loss-1 $RATE 1 kernel 10; }
case_loss_5() { run loss-5 $RATE 5 kernel 50; }
case_loss_20() { run loss-20 $RATE 20 kernel 200; }
# Means of 25 datagrams in a row, 2.5 % of all.
case_bursts() { run bursts $RATE 5 relay bad=0.1 good=4; }
# 50 ms at 1 Gb/s are 6.25 MB, and as many at any other rate.
case_burst_50ms() { run burst-50ms $RATE 3 relay "burst=$BURST" "every=$EVERY"; }
case_duplicates() { run duplicates $RATE 3 relay duplicate=1; }
case_reordered() { run reordered $RATE 3 relay reorder=20 by=64; }
case_flipped() { run flipped $RATE 3 relay flip=1; }
case_truncated() { run truncated $RATE 3 relay cut=1; }
case_injected() { run injected $RATE 3 relay inject=10; }
case_dark() { run dark $RATE 3 relay dark_from=$((DARK / 10)) dark_to=$((DARK + DARK / 10)); }
# Somebody who has the link's key: the whole's digest is wrong, so it comes once more.
case_lies() { run lies $RATE 3 relay lie=1 "lies=$((UNITS / 3))" "key=$T/mac"; }
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
for each in ${*:-loss_1 loss_5 loss_20 bursts burst_50ms duplicates reordered flipped truncated injected lies dark everything earlier}; do
  "case_$each"
done
exit $failed
