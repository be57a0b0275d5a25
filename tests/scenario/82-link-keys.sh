#!/usr/bin/env bash
# Goal: the link's key is changed while units flow, and none is lost: in the order of
# docs/operator.md nothing is even late; in a wrong order what cannot be opened is named, lies
# aside and is installed as soon as the outlet has the key. The same for the key of datagrams.
. "$(dirname "$0")/common.sh"
SLUICE_LINK=udp
stack_set "$T"
office /nonexistent
# A unit every second, whoever publishes or not, and repetitions that a test can wait for.
printf 'timestamp_seconds: 1\n' >>"$T/gateway.yaml"
ring() { # the releaser, which looks at the clock whenever it is woken
  while :; do
    touch "$T/gateway/run/wake/releaser/bell" 2>/dev/null || :
    read -r -t 0.3 <> <(:) || :
  done
}
sed -i 's/^link:$/link:\n  repeat: [2s, 4s, 8s, 16s, 32s]/' "$T/gateway.yaml"
stack_start "$T"
. "$T/env"
ring &
ringer=$!
trap 'code=$?; kill $ringer 2>/dev/null || :; finish $code' EXIT

outlet_status() { "$BIN/sluice-outlet" --config "$T/outlet.yaml" status --json; }
next() { outlet_status | jq -r '.installer.next // 0'; }
# more N: at least N units more than at $seen are installed.
more() { [ "$(next)" -ge $((seen + $1)) ]; }
flows() { seen=$(next); wait_until 40 more 3 || fail "no units are installed $1: $(outlet_status | jq -c .installer)"; }
restart_outlet() {
  stack_stop_one "$T/outlet.pid"
  cat "$T/outlet.log" >>"$T/outlet.all" # each start begins a new one
  stack_start_outlet "$T"
}
restart_gateway() { stack_stop_one "$T/gateway.pid"; stack_start_gateway "$T"; }
key() { "$BIN/sluice-keys" generate --use "$1" --out "$T/keys/$2" --no-passphrase >/dev/null; }
prints() { "$BIN/sluice-keys" show "$T/keys/$1.pub" --json | jq -r .fingerprint | cut -c 1-19; }
opened_by() { [ "$(outlet_status | jq -r '.installer.link_key | "\(.key) \(.old)"')" = "$1" ]; }
set_outlet() { # KEY [OLD]
  sed -i "/^ *old_keys:/d; s|^  key: .*|  key: \"$T/keys/$1\"|" "$T/outlet.yaml"
  [ $# -lt 2 ] || sed -i "s|^  key: .*|&\n  old_keys: [\"$T/keys/$2\"]|" "$T/outlet.yaml"
}
set_gateway() { sed -i "s|^  outlet_key: .*|  outlet_key: \"$T/keys/$1.pub\"|" "$T/gateway.yaml"; }
flows "at first"

# 1 The outlet learns the new key, 2 the gateway changes, 3 the outlet forgets the old one.
key link link-2
set_outlet link-2 link-outlet
restart_outlet
flows "after the outlet learned the new key"
opened_by "$(prints link-outlet) true" || fail "the status does not say that the old key is in use: $(outlet_status | jq -c .installer)"
"$BIN/sluice-outlet" --config "$T/outlet.yaml" status >"$T/said"
grep -q 'sealed to the old link key' "$T/said" || fail "the status does not tell people: $(cat "$T/said")"
set_gateway link-2
restart_gateway
wait_until 30 opened_by "$(prints link-2) false" || fail "the gateway does not seal to the new key: $(outlet_status | jq -c .installer)"
flows "after the gateway changed"
set_outlet link-2
restart_outlet
flows "after the outlet forgot the old key"
! grep -q 'refused' "$T/outlet.all" "$T/outlet.log" || fail "a unit was refused in the right order"
# One that is just arriving is missing for a moment.
nothing_missing() { [ "$(outlet_status | jq -r .receiver.missing_count)" = 0 ]; }
wait_until 20 nothing_missing || fail "units are missing: $(outlet_status | jq -c .receiver.missing)"

# The wrong order: the gateway first. Nothing is dropped for good.
key link link-3
set_gateway link-3
restart_gateway
refused() { outlet_status | jq -e --arg print "$(prints link-3)" '.installer.last_refusal | contains($print)' >/dev/null; }
wait_until 30 refused || fail "the unknown key is not named: $(outlet_status | jq -c .installer)"
# Somebody publishes in the middle of it.
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
missing() { outlet_status | jq -e '.installer.next as $n | .receiver.missing | index($n)' >/dev/null; }
wait_until 20 missing || fail "the unit is not named missing: $(outlet_status | jq -c '[.installer.next, .receiver.missing]')"
stopped_at=$(next)
compgen -G "$T/outlet/quarantine/refused/*.unit" >/dev/null || fail "the unit that cannot be opened was thrown away"
set_outlet link-3 link-2
restart_outlet
flows "after the outlet learned the key late"
grep -q "installed serial=$stopped_at " "$T/outlet.log" || fail "unit $stopped_at was not installed"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "what was published meanwhile did not arrive"

# The datagrams' key: the outlet learns the new one beside the old, the gateway changes, ...
key link-mac mac-2
sed -i "s|^  mac_keys: .*|  mac_keys: [\"$T/keys/mac-2\", \"$T/keys/link-mac\"]|" "$T/outlet.yaml"
restart_outlet
flows "after the outlet learned the new key of datagrams"
sed -i "s|^  mac_key: .*|  mac_key: \"$T/keys/mac-2\"|" "$T/gateway.yaml"
restart_gateway
flows "after the gateway changed the key of datagrams"
sed -i "s|^  mac_keys: .*|  mac_keys: [\"$T/keys/mac-2\"]|" "$T/outlet.yaml"
restart_outlet
flows "after the outlet forgot the old key of datagrams"
same "$(outlet_status | jq -r .receiver.datagrams.wrong_mac)" 0 "datagrams by an unknown key"
# ... and the gateway first: not one datagram counts, and the repetitions bring what was lost.
key link-mac mac-3
sed -i "s|^  mac_key: .*|  mac_key: \"$T/keys/mac-3\"|" "$T/gateway.yaml"
restart_gateway
deaf() { [ "$(outlet_status | jq -r .receiver.datagrams.wrong_mac)" -ge 3 ]; }
wait_until 30 deaf || fail "datagrams by an unknown key are not counted: $(outlet_status | jq -c .receiver)"
stopped_at=$(next)
sed -i "s|^  mac_keys: .*|  mac_keys: [\"$T/keys/mac-3\", \"$T/keys/mac-2\"]|" "$T/outlet.yaml"
restart_outlet
flows "after the outlet learned the key of datagrams late"
none_missing() { [ "$(outlet_status | jq -r .receiver.missing_count)" = 0 ]; }
wait_until 60 none_missing || fail "still missing: $(outlet_status | jq -c .receiver.missing)"

# Every unit was installed exactly once, whatever was changed meanwhile.
kill $ringer
stack_stop "$T"
cat "$T/outlet.log" >>"$T/outlet.all"
sed -n 's/.* installed serial=\([0-9]*\) .*/\1/p' "$T/outlet.all" >"$T/order"
sort -n "$T/order" | uniq -d >"$T/twice"
[ ! -s "$T/twice" ] || fail "installed twice: $(tr '\n' ' ' <"$T/twice")"
last=$(sort -n "$T/order" | tail -n 1)
same "$(wc -l <"$T/order")" "$last" "units installed of $last"
printf '%s units, none lost, none twice\n' "$last"
