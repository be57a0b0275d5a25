#!/usr/bin/env bash
# Goal: without a signature database, or with one that is too old, the line does not run: the
# gateway says why, and an author who submits is told so and loses nothing.
. "$(dirname "$0")/common.sh"
stack_set "$T"
. "$T/env"
# A copy of the signatures, so that they can be taken away and made old.
database=$T/av
cp -r "$(yaml_value "$T/gateway.yaml" database)" "$database"
sed -i "s#^\( *database:\).*#\1 $database#" "$T/gateway.yaml"

# start_and_expect_stopped REGEX: either the daemon ends with 1 and says why, or it stays with the line
# stopped; in both cases no draft may be accepted.
start_and_expect_stopped() {
  rm -rf "$T/gateway/run"
  setsid timeout 40 "$BIN/sluiced" --config "$T/gateway.yaml" >"$T/gateway.log" 2>&1 </dev/null &
  echo $! >"$T/gateway.pid"
  stopped() { ! kill -0 "$(cat "$T/gateway.pid")" 2>/dev/null || [ -e "$T/gateway/run/stopped" ]; }
  wait_until 30 stopped || fail "the line runs in spite of: $1"
  grep -hqiE "$1" "$T/gateway.log" "$T/gateway/run/stopped" 2>/dev/null || fail "it does not say \"$1\""
  if submit --no-wait "$SAMPLES/01-road-works-clean.txt" >"$T/out" 2>"$T/err"; then
    fail "a draft was accepted while the line is stopped"
  fi
  [ -s "$T/err" ] || fail "the author is told nothing"
  stack_stop_one "$T/gateway.pid"
}

mv "$database" "$database.away"
mkdir "$database"
start_and_expect_stopped 'signature|database|antivirus'
rmdir "$database"
mv "$database.away" "$database"

# Real use: not the demo, and a database whose date is years ago.
sed -i 's/^\( *demo:\).*/\1 false/' "$T/gateway.yaml"
rm "$database"/demo.*
printf 'ClamAV-VDB:07 Sep 2021 04-00 -0400:26200:1:90:x:y:builder:1631000000' >"$database/daily.cvd"
start_and_expect_stopped 'old|stale|days|age'
