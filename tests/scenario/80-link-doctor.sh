#!/usr/bin/env bash
# Goal: both doctors measure a link on loopback, with a receiver at work and without one; units
# go on while the probe is sent, and nothing of it counts as a replay or moves a window.
. "$(dirname "$0")/common.sh"
start_all --link udp
gateway_doctor() { "$BIN/sluiced" --config "$T/gateway.yaml" doctor --link --json "$@"; }
outlet_doctor() { "$BIN/sluice-outlet" --config "$T/outlet.yaml" doctor --json "$@"; }
received() { jq -r "$1" "$T/outlet/status/receiver.json"; }
# A rate that a busy machine keeps up with.
grep -q '  rate: ' "$T/gateway.yaml" && fail "the trial set has a rate: this test sets its own"
sed -i 's/^  mac_key: .*/&\n  rate: "8Mbit"/' "$T/gateway.yaml"

# Nobody has sent a probe yet.
expect_exit 3 "$BIN/sluice-outlet" --config "$T/outlet.yaml" doctor --probe
err_says 'no probe was heard'

# With a gateway and an outlet at work, and a unit on its way.
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
taken=$(received .datagrams.taken)
gateway_doctor >"$T/sent.json" 2>"$T/err" & probe=$!
approve_route_a "$id"
wait_until 60 pull_until_live "$T/site" "${id/D-/R-}" || fail "the release did not arrive beside the probe"
wait $probe || fail "the gateway's doctor is not content: $(cat "$T/sent.json" "$T/err")"
same "$(jq -c '[.ok, .probe.steps, (.probe.table | length)]' "$T/sent.json")" '[true,10,10]' "what was sent"
same "$(jq -c '[.probe.table[] | .percent] | unique' "$T/sent.json")" '[25,50,75,100,125]' "the rates"
same "$(jq -c '[.probe.table[] | .size] | unique' "$T/sent.json")" '[256,1472]' "the sizes"
outlet_doctor --probe --wait 0 >"$T/heard.json" || fail "nothing was heard: $(cat "$T/heard.json")"
same "$(jq -r .probe.run "$T/heard.json")" "$(jq -r .probe.run "$T/sent.json")" "the probe's number"
same "$(jq -c '[.probe.table[] | [.rate_kbit, .size, .sent]]' "$T/heard.json")" \
  "$(jq -c '[.probe.table[] | [.rate_kbit, .size, .sent]]' "$T/sent.json")" "the table at both ends"
same "$(jq -c '[.probe.table[] | .arrived + .lost == .sent] | unique' "$T/heard.json")" '[true]' "the sums"
same "$(jq -c '[.advice.arrived, .advice.blocked, .advice.mtu]' "$T/heard.json")" '[true,false,1500]' "what it says"
jq -e '.commands | map(.command) | index("mtu: 1500")' "$T/heard.json" >/dev/null || fail "no line for gateway.yaml"

# The same for people.
"$BIN/sluice-outlet" --config "$T/outlet.yaml" doctor --probe >"$T/out" || fail "no table"
grep -q "^Probe $(jq -r .probe.run "$T/sent.json") of " "$T/out" || fail "the table does not name the probe: $(cat "$T/out")"
same "$(grep -cE '^ +[0-9]+\.[0-9]{3} +(256|1472) ' "$T/out")" 10 "rows of the table"

# Units are judged as ever: the probe moved no window, and heartbeats are taken after it.
heartbeat_came() { [ "$(received .datagrams.taken)" -gt "$taken" ]; }
taken=$(received .datagrams.taken)
wait_until 20 heartbeat_came || fail "after the probe the outlet hears nothing: $(cat "$T/outlet/status/receiver.json")"
same "$(received '[.datagrams.replayed, .datagrams.old_session, .datagrams.malformed] | tostring')" '[0,0,0]' "what was refused"
[ "$(received .datagrams.probes)" -gt 0 ] || fail "no probe was counted"

# What each host says of itself; what it proposes are commands with reasons.
outlet_doctor >"$T/host.json" || fail "the outlet's doctor: $(cat "$T/host.json")"
for name in link.mac_key link.listen link.carrier link.ring link.buffer link.card link.datagrams link.clock; do
  jq -e --arg n $name '.host | map(.name) | index($n)' "$T/host.json" >/dev/null || fail "the outlet's doctor says nothing of $name"
done
for name in link.mac_key link.outlet_key link.address link.mtu link.rate link.queue link.send_buffer link.sent_at; do
  jq -e --arg n $name '.link | map(.name) | index($n)' "$T/sent.json" >/dev/null || fail "the gateway's doctor says nothing of $name"
done
jq -e '.commands | all(.command != "" and .reason != "")' "$T/host.json" >/dev/null || fail "a command without a reason"
key_of() { sed -n 's/.*link-mac: \(\([0-9a-f]\{4\} \)\{4\}\).*/\1/p'; }
same "$(jq -r '.host[].detail' "$T/host.json" | key_of)" "$(jq -r '.link[].detail' "$T/sent.json" | key_of)" "the key's fingerprint"

# Without a receiver the doctor listens by itself.
stack_stop_one "$T/outlet.pid"
port=$(printf '%04X' "$(sed -n 's/^  listen: ".*:\([0-9]*\)"$/\1/p' "$T/outlet.yaml")")
bound() { grep -q ":$port 00000000:0000 " /proc/net/udp; } # and connected to nobody
wait_until 10 eval '! bound' || fail "the outlet still listens"
outlet_doctor --probe --wait 120 >"$T/alone.json" 2>"$T/err" & listener=$!
wait_until 10 bound || fail "the outlet's doctor does not listen: $(cat "$T/err")"
gateway_doctor >"$T/sent.json" || fail "the second probe: $(cat "$T/sent.json")"
wait $listener || fail "the outlet's doctor alone: $(cat "$T/err")"
same "$(jq -r .probe.run "$T/alone.json")" "$(jq -r .probe.run "$T/sent.json")" "the probe's number, heard alone"

# What cannot be right is said before anything is sent.
sed 's/^  mac_key: .*/  mac_key: "\/nonexistent"/' "$T/gateway.yaml" >"$T/no-key.yaml"
expect_exit 1 "$BIN/sluiced" --config "$T/no-key.yaml" doctor --link
grep -q 'not sent' "$T/out" || fail "a probe without a key: $(cat "$T/out")"
sed 's/^  rate: .*/&\n  mtu: 65535/' "$T/gateway.yaml" >"$T/other.yaml"
sed -i 's/^  mtu: 65535/  source: "192.0.2.77"/' "$T/other.yaml"
expect_exit 1 "$BIN/sluiced" --config "$T/other.yaml" doctor --link --no-probe
grep -q 'ip address add 192.0.2.77' "$T/out" || fail "no command for the address: $(cat "$T/out")"
expect_exit 2 "$BIN/sluice-outlet" --config "$T/outlet.yaml" doctor --probe --wait soon
err_says 'takes seconds'
printf 'both doctors agree\n'
