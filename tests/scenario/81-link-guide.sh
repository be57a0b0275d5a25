#!/usr/bin/env bash
# Goal: the commands of docs/link.md work as they stand there: keys, the firewall rule between two
# hosts (network namespaces), that nothing returns, both doctors, status, sending again; a release
# crosses, and the outlet's interface has sent nothing. The Chinese guide has the same commands.
. "$(dirname "$0")/common.sh"
GUIDE=$SOURCE/docs/link.md
commands_of() { awk '/^```(sh|yaml)/ { inside = 1 } inside { print } /^```$/ { inside = 0 }' "$1" | sed 's/ *#.*//'; }
same "$(commands_of "$SOURCE/docs/link.zh-CN.md" | md5sum)" "$(commands_of "$GUIDE" | md5sum)" "the commands in Chinese"

[ "$(id -u)" -eq 0 ] || skip "not root"
for tool in ip nft nsenter setpriv; do command -v $tool >/dev/null || skip "$tool is not installed"; done
unshare -n true 2>/dev/null || skip "network namespaces are not permitted"
unshare -n nft 'table netdev t { chain c { type filter hook egress device "lo" priority 0; }; }' 2>/dev/null ||
  skip "the kernel has no hook on the way out of an interface"

# Two hosts and a cable.
for host in gateway outlet; do
  setpriv --pdeathsig KILL unshare -n sleep infinity &
  echo $! >"$T/$host.ns"
  disown
done
trap 'code=$?; kill -KILL "$(cat "$T/gateway.ns")" "$(cat "$T/outlet.ns")" 2>/dev/null; finish $code' EXIT
separate() { [ "$(readlink "/proc/$(cat "$T/$1.ns")/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
on() { nsenter -t "$(cat "$T/$1.ns")" -n "${@:2}"; } # HOST COMMAND...
for host in gateway outlet; do
  wait_until 10 separate $host || fail "no network namespace for the $host"
  on $host ip link set lo up
done
on gateway ip link add diode0 address 00:00:5e:00:53:01 type veth peer name diode0 address 00:00:5e:00:53:02 netns "$(cat "$T/outlet.ns")"

# The blocks of a section, in order, each on its host, in $T/etc in place of /etc/sluice.
mkdir "$T/etc"
cp "$SOURCE"/docs/link/*.nft "$T/etc"
section() { awk -v h="$1" '/^##/ { inside = index($0, h) > 0 } inside' "$GUIDE"; }
walk() { # HEADING: output in $T/walked
  local n=0 host
  : >"$T/walked"
  section "$1" | awk -v dir="$T" '/^```sh (gateway|outlet)$/ { n++; file = dir "/block." n "." $2; printf "" >file; inside = 1; next }
    /^```/ { inside = 0 } inside { print >file }'
  for n in $(seq 1 20); do
    for host in gateway outlet; do
      [ -e "$T/block.$n.$host" ] || continue
      sed -i "s#/etc/sluice#$T/etc#g" "$T/block.$n.$host"
      (cd "$T/etc" && PATH=$BIN:$PATH on $host bash ${LENIENT:--e} "$T/block.$n.$host") >>"$T/walked" 2>&1 ||
        [ -n "${LENIENT-}" ] || fail "the guide's commands fail at the $host ($1): $(cat "$T/block.$n.$host" "$T/walked")"
      rm "$T/block.$n.$host"
    done
  done
}
yaml() { # HEADING FILE: the block of a configuration
  section "$1" | awk -v name="# $2" '/^```yaml/ { getline; inside = $0 == name; next } /^```/ { inside = 0 } inside'
}

stack_set "$T"
office /nonexistent
walk Keys
chmod 600 "$T/etc/link-mac" "$T/etc/link-outlet"
for end in gateway outlet; do
  # What else stands in the files is the trial set's.
  sed '/^link:/,/^[a-z]/ { /^link:/d; /^ /d }' "$T/$end.yaml" >"$T/etc/$end.yaml"
  # Without the repetitions that would bring by themselves what this test loses.
  yaml "Configuration of mode udp" $end.yaml | sed 's/repeat: .*/repeat: [1h]/' >>"$T/etc/$end.yaml"
done
cp "$T/keys/gateway.pub" "$T/etc"

walk "B. A firewall rule"
grep -q 'counter packets [1-9]' "$T/walked" || fail "what the outlet tried to send was not counted: $(cat "$T/walked")"
walk "Configuration of mode udp"

sent() { on "$1" ip -statistics -json link show dev diode0 | jq -r '.[0].stats64.tx.packets'; }
got() { on "$1" ip -statistics -json link show dev diode0 | jq -r '.[0].stats64.rx.packets'; }
# No function in front: the number that is kept must be the program's.
run() { setsid nsenter -t "$(cat "$T/$1.ns")" -n "$BIN/$2" --config "$T/etc/$1.yaml" >"$T/$1.log" 2>&1 </dev/null & echo $! >"$T/$1.pid"; }
run outlet sluice-outlet
stack_wait_file "$T/outlet/run/ready" 60 "$(cat "$T/outlet.pid")" "$T/outlet.log"
run gateway sluiced
stack_wait_file "$T/gateway/run/ready" 60 "$(cat "$T/gateway.pid")" "$T/gateway.log"
. "$T/env"
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
live() { on outlet "$BIN/sluice-pull" --from "$SLUICE_DEMO_URL" --trust "$SLUICE_DEMO_TRUST" --into "$T/site" --once >/dev/null && is_live "$T/site" "${id/D-/R-}"; }
wait_until 60 live || fail "the release did not cross"

walk Tuning
grep -q '^Probe ........ was sent' "$T/walked" || fail "no probe: $(cat "$T/walked")"
same "$(grep -cE '^ +[0-9]+\.[0-9]{3} +(256|1472) +[0-9]+ +[0-9]+ +[0-9.]+ +[0-9.]+ +[0-9]+ +[0-9]+$' "$T/walked")" 10 "rows of the probe's table"
grep -q 'a rule drops whatever comes in over diode0' "$T/walked" || fail "the doctor does not see the rule: $(cat "$T/walked")"
grep -q 'its hardware address is set for good' "$T/walked" || fail "the doctor does not see the neighbour: $(cat "$T/walked")"
on outlet "$BIN/sluice-outlet" --config "$T/etc/outlet.yaml" doctor >"$T/out" || :
grep -q 'a rule drops whatever would leave by diode0' "$T/out" || fail "the outlet's doctor does not see the rule: $(cat "$T/out")"
walk "Reading the status"
grep -q 'unit [0-9]* was sent last' "$T/walked" || fail "the status of the link: $(cat "$T/walked")"
grep -q 'no unit is missing' "$T/walked" || fail "the status of the outlet: $(cat "$T/walked")"

# A unit is lost on the way, and the outlet's own list brings it again.
on outlet nft 'table netdev lost { chain c { type filter hook ingress device "diode0" priority 0; policy drop; }; }'
fresh_notice 1 >"$T/second.txt"
submit --type CT05 "$T/second.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
status() { "$BIN/$1" --config "$T/etc/$2.yaml" status --json; }
is_sent() { [ "$(jq -r .sent "$T/gateway/status/sender.json")" -ge 3 ]; }
wait_until 60 is_sent || fail "the second release was not sent"
on outlet nft delete table netdev lost
is_missed() { status sluice-outlet outlet | jq -e '.receiver.missing | index(3)' >/dev/null; }
wait_until 30 is_missed || fail "the outlet does not miss what was lost: $(status sluice-outlet outlet)"
LENIENT=+e # the numbers in the guide do not exist here
walk "A unit is missing"
grep -q 'sent again now, and then repeated: 1 units' "$T/walked" || fail "sending again: $(cat "$T/walked")"
wait_until 60 live || fail "what was sent again did not arrive"

# An interface that was switched off has forgotten the outlet's hardware address: the status says
# so, until the guide's line is repeated.
link_status() { on gateway "$BIN/sluiced" --config "$T/etc/gateway.yaml" link status "$@"; }
unanswered() { [ "$(link_status --json | jq .unanswered)" = "$1" ]; }
unanswered false || fail "nobody answers: $(link_status)"
on gateway ip link set dev diode0 down
# The default route of the internal network would take the units, and they would count as sent.
on gateway ip link add inside type veth peer name hub
on gateway ip address add 198.51.100.1/24 dev inside
on gateway ip link set dev hub up
on gateway ip link set dev inside up
on gateway ip route add default via 198.51.100.2
on gateway ip neigh replace 198.51.100.2 lladdr 00:00:5e:00:53:09 dev inside nud permanent
is_down() { [ "$(link_status --json | jq .sender.connected)" = false ]; }
wait_until 30 is_down || fail "units count as sent although the interface is switched off: $(link_status)"
link_status | grep -q 'a firewall rule of this host refuses it' || fail "why nothing is sent: $(link_status)"
on gateway ip link set dev diode0 up
wait_until 30 unanswered true || fail "the status does not say that nothing leaves: $(link_status)"
link_status >"$T/out"
grep -q 'nothing leaves this host: nobody answers for the hardware address of 192.0.2.2:8481' "$T/out" ||
  fail "the status does not say it in words: $(cat "$T/out")"
eval "on gateway $(section "B. A firewall rule" | grep '^ip neigh replace')"
unanswered false || fail "the status still says that nothing leaves: $(link_status)"

# All that time nothing went back.
same "$(sent outlet)" 0 "packets that left the outlet by the link"
same "$(got gateway)" 0 "packets that came in at the gateway"
[ "$(got outlet)" -gt 100 ] || fail "hardly anything crossed: $(got outlet) packets"
printf 'the guide works as it stands\n'
