#!/usr/bin/env bash
# P23: thousands of connections that break off before, in and after the greeting, over the local
# socket and over TLS, do not keep the desk from answering others, nor from answering afterwards.
. "$(dirname "$0")/../scenario/common.sh"
command -v openssl >/dev/null || skip "openssl is not installed"
start_all --tls
at=$(sed -n 's|^ *- "tls+tcp://\(.*\)"$|\1|p' "$T/gateway.yaml")
[ -n "$at" ] || fail "the desk does not listen over TLS"
sed "s|^gateway: .*|gateway: \"tls+tcp://$at\"|" "$SLUICE_DEMO_AUTHOR" >"$T/over-tls.yaml"
desk=$(pgrep -f "sluice-desk --config $T/gateway.yaml")

# beside TARGET CONFIG AT_LEAST: a new client, again and again, while connections break.
beside() {
  local asked=0 start
  python3 "$SOURCE/tests/support/break-connections.py" "$1" 12 >"$T/broken" &
  local breaker=$!
  while kill -0 $breaker 2>/dev/null; do
    start=$SECONDS
    timeout 30 "$BIN/sluice" --config "$2" status >"$T/out" 2>"$T/err" ||
      fail "request $asked beside broken connections to $1: $(cat "$T/err")"
    [ $((SECONDS - start)) -le 10 ] || fail "an answer took $((SECONDS - start)) seconds"
    asked=$((asked + 1))
  done
  wait $breaker || fail "the attack itself failed"
  [ "$(cat "$T/broken")" -ge "$3" ] || fail "only $(cat "$T/broken") connections were broken"
  [ "$asked" -ge 5 ] || fail "only $asked requests were made"
  echo "$1: $(cat "$T/broken") broken, $asked requests answered"
}

beside "$T/gateway/run/desk.sock" "$SLUICE_DEMO_AUTHOR" 2000
beside "$at" "$T/over-tls.yaml" 200

# What NNG's TLS holds for good is let go of when it is half of what the desk may open.
prlimit --pid "$desk" --nofile=48:4096
renewed() { grep -q "listener.renewed.*$at" "$T/gateway.log"; }
python3 "$SOURCE/tests/support/break-connections.py" "$at" 90 >"$T/broken" &
breaker=$!
wait_until 90 renewed || fail "the crowded listener was not renewed"
kill $breaker
prlimit --pid "$desk" --nofile=4096:4096

submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
same "$(pgrep -f "sluice-desk --config $T/gateway.yaml")" "$desk" "the desk was started again"
for config in "$SLUICE_DEMO_AUTHOR" "$T/over-tls.yaml"; do
  expect_exit 0 timeout 30 "$BIN/sluice" --config "$config" status
done
