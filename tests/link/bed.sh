# bed.sh - the link on a bench: gateway, wire and outlet in network namespaces of their own.
#
#   gateway  g0 10.77.1.1 ---- 10.77.1.2 r0  wire  r1 10.77.2.1 ---- 10.77.2.2 o0  outlet
#
# Sourced by the tests of this folder.  Nothing leaves o0 and r0: a netfilter egress hook drops
# and counts whatever tries, so that both cables are physically one-way; neighbours are entered
# by hand, as nobody could answer.  The wire is the relay (link_relay), or the kernel's own
# forwarding, where `numgen` loses datagrams at the outlet's door.
#
# Namespaces live as long as a process that dies with the test, so nothing is left behind by
# any end of it.  Where they are not permitted, or with SLUICE_LINK_BED=127.0.0.1 or [::1], all
# three stand on that address and the wire is always the relay; there the way back is not closed.
set -euo pipefail
export LC_ALL=C.UTF-8
SOURCE=${SLUICE_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
BUILD=${SLUICE_BUILD:-$SOURCE/build}
BIN=$BUILD/bin
. "$SOURCE/tests/support/stack.sh"
T=$(mktemp -d "${SLUICE_LINK_DIR:-/tmp}/sl-link.XXXXXX")

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  tail -n 12 "$T"/*.log >&2 2>/dev/null || :
  exit 1
}

# ---- processes: each dies with this script ----

start() { # NAME COMMAND...: into $T/NAME.out and .log, pid in $T/NAME.pid
  local name=$1
  shift
  setpriv --pdeathsig KILL "$@" >"$T/$name.out" 2>>"$T/$name.log" </dev/null &
  echo $! >"$T/$name.pid"
}
runs() { [ -e "$T/$1.pid" ] && kill -0 "$(cat "$T/$1.pid")" 2>/dev/null; }
stop() { # NAME: its exit code, 0 when it did not run
  local pid code=0
  [ -e "$T/$1.pid" ] || return 0
  pid=$(cat "$T/$1.pid")
  rm "$T/$1.pid"
  kill -TERM "$pid" 2>/dev/null || :
  wait "$pid" || code=$?
  return $code
}

bed_close() {
  local code=$? pid
  exec 2>/dev/null # the shell would tell of each that it was killed
  for pid in "$T"/*.pid; do
    [ ! -e "$pid" ] || kill -KILL "$(cat "$pid")" 2>/dev/null || :
  done
  wait || :
  ! mountpoint -q "$T/outlet/quarantine" || umount "$T/outlet/quarantine"
  if [ -n "${SLUICE_LINK_KEEP:-}" ]; then printf 'kept: %s\n' "$T"; else rm -rf "$T"; fi
  exit "$code"
}
trap bed_close EXIT

# ---- namespaces ----

inside() { [ "$WAY" = loopback ] || echo nsenter -t "$(cat "$T/ns-$1.pid")" -n; } # gateway|wire|outlet
in_ns() { $(inside "$1") "${@:2}"; }                                          # NAMESPACE COMMAND...
why_not() { # why namespaces cannot be used
  local tool
  [ "$(id -u)" -eq 0 ] || { echo "not root"; return; }
  for tool in ip nft ethtool nsenter setpriv; do
    command -v $tool >/dev/null || { echo "$tool is not installed"; return; }
  done
  unshare -n true 2>/dev/null || { echo "network namespaces are not permitted"; return; }
  # An old kernel, or one without the netdev family.
  unshare -n nft 'table netdev t { chain c { type filter hook egress device "lo" priority 0; }; }' 2>/dev/null ||
    { echo "no netfilter hook on the way out of a device"; return; }
}
new_namespace() { # NAME
  start "ns-$1" unshare -n sleep infinity
  separate() { [ "$(readlink "/proc/$(cat "$T/ns-$1.pid")/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
  wait_until 10 separate "$1" || fail "the namespace $1 is not made"
  in_ns "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  in_ns "$1" ip link set lo up
}
knows() { # NS DEVICE ADDRESS NS DEVICE: that this address is the second one's
  in_ns "$1" ip neigh replace "$3" nud permanent dev "$2" \
    lladdr "$(in_ns "$4" ip -j link show "$5" | jq -r '.[0].address')"
}
cable() { # NS DEVICE ADDRESS  NS DEVICE ADDRESS: from the first to the second only
  in_ns "$1" ip link add "$2" mtu "$MTU" type veth peer name "$5" mtu "$MTU" netns "$(cat "$T/ns-$4.pid")"
  in_ns "$4" nft -f - <<NFT
table netdev bed_$5 {
  counter tried { }
  chain back { type filter hook egress device "$5" priority 0; policy drop; counter name tried; }
}
NFT
  in_ns "$1" ip addr add "$3/30" dev "$2"
  in_ns "$4" ip addr add "$6/30" dev "$5"
  # A segmented datagram would be lost as a whole, and 64 KiB are no packet of this link.
  in_ns "$1" ethtool -K "$2" tx off gso off gro off >/dev/null
  in_ns "$4" ethtool -K "$5" gro off >/dev/null
  in_ns "$1" ip link set "$2" up
  in_ns "$4" ip link set "$5" up
  knows "$1" "$2" "$6" "$4" "$5"
  # The far end would know the way back, too.
  knows "$4" "$5" "$3" "$1" "$2"
  in_ns "$4" ip route add default via "$3"
}
free_port() { python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'; }

bed_open() { # sets WAY, and WIRE and OUTLET: where relay and receiver listen
  local reason
  MTU=${MTU:-1500}
  reason=${SLUICE_LINK_BED:+asked for}
  [ -n "$reason" ] || reason=$(why_not)
  if [ -n "$reason" ]; then
    WAY=loopback
    if [ "${SLUICE_LINK_BED:-}" = "[::1]" ] && ! grep -qs '^0*1 ' /proc/net/if_inet6; then
      echo "skipped: there is no ::1 here"
      exit 77
    fi
    [ "$reason" = "asked for" ] || printf 'skipped: network namespaces (%s); the same through 127.0.0.1\n' "$reason"
    WIRE=${SLUICE_LINK_BED:-127.0.0.1}:$(free_port) OUTLET=${SLUICE_LINK_BED:-127.0.0.1}:$(free_port)
    return
  fi
  WAY=namespaces WIRE=10.77.1.2:8481 OUTLET=10.77.2.2:8481
  new_namespace gateway
  new_namespace wire
  new_namespace outlet
  cable gateway g0 10.77.1.1 wire r0 10.77.1.2
  cable wire r1 10.77.2.1 outlet o0 10.77.2.2
  in_ns wire sysctl -qw net.ipv4.ip_forward=1
  in_ns gateway ip route add 10.77.2.0/30 via 10.77.1.2
  in_ns outlet nft add chain netdev bed_o0 loss '{ type filter hook ingress device "o0" priority 0; policy accept; }'
  in_ns outlet nft add counter netdev bed_o0 lost
  way_back_is_closed
}
# A datagram to a port where nobody listens makes the outlet's kernel answer; it must try, and
# nothing must come of it.
way_back_is_closed() {
  local counts
  in_ns gateway bash -c "echo >/dev/udp/10.77.2.2/9"
  tried() { counts=$(bed_counts); [[ $counts != *'"tried":0'* ]]; }
  wait_until 10 tried || fail "nothing tries to go back: is this a link at all?"
  [[ $counts == '{"returned":0,'* ]] || fail "the way back is open: $counts"
  in_ns outlet nft reset counter netdev bed_o0 tried >/dev/null
}
bed_loses() { # PERMILLE: at the outlet's door, in the kernel
  { echo "flush chain netdev bed_o0 loss"
    echo "reset counter netdev bed_o0 lost"
    [ "$1" -eq 0 ] || echo "add rule netdev bed_o0 loss numgen random mod 1000 lt $1 counter name lost drop"
  } | in_ns outlet nft -f - >/dev/null
}
# {"returned": packets that went back on either cable, "tried": those that wanted to,
#  "kernel_lost": what bed_loses took}
bed_counts() {
  if [ "$WAY" = loopback ]; then
    echo '{"returned": null, "tried": null, "kernel_lost": null}'
    return
  fi
  { in_ns outlet sh -c 'ip -j -s link show o0; nft -j list counters'
    in_ns wire sh -c 'ip -j -s link show r0; nft -j list counters'; } |
    jq -sc 'def counter($name): [.[] | objects | .nftables[].counter? | select(.name? == $name).packets] | add;
      {returned: [.[] | arrays | .[0].stats64.tx.packets] | add, tried: counter("tried"), kernel_lost: counter("lost")}'
}

# ---- both ends ----

new_mac_key() { "$BIN/sluice-keys" generate --use link-mac --no-passphrase --out "$1" >/dev/null; }

# What neither role reads may be anything.
bed_set() { # ADDRESS RATE LOSS REPEAT: gateway.yaml and outlet.yaml
  [ -e "$T/mac" ] || new_mac_key "$T/mac"
  cat >"$T/gateway.yaml" <<YAML
data: "$T/gateway"
policies: "$T/none"
approval_policy: "$T/none"
repository: "$T/none"
trust_root: "$T/none"
listen: ["ipc://$T/none"]
keys: {desk: "$T/none", inspector: "$T/none", gateway: "$T/none", releaser: "$T/none",
  checker: "$T/none", snapshot: "$T/none", timestamp: "$T/none"}
antivirus: {database: "$T/none"}
link:
  mode: udp
  address: "$1"
  mac_key: "$T/mac"
  mtu: $MTU
  rate: $2
  loss: $3
  repeat: [$4]
YAML
  cat >"$T/outlet.yaml" <<YAML
data: "$T/outlet"
tree: "$T/outlet/tree"
trust_root: "$T/root.json"
link:
  mode: udp
  listen: "$OUTLET"
  mac_keys: ["$T/mac"]
  key: "$T/link"
  signer: "$T/signer.pub"
YAML
}
start_role() { # ROLE NAMESPACE CONFIG: until it has said on descriptor 3 that it works
  local word ready
  rm -f "$T/$1.ready"
  mkfifo "$T/$1.ready"
  exec {ready}<>"$T/$1.ready"
  start "$1" $(inside "$2") "$BUILD/libexec/sluice/sluice-$1" --config "$T/$3.yaml" 3>"$T/$1.ready"
  read -r -t 20 -u $ready word || word="nothing"
  exec {ready}>&-
  [ "$word" = ready ] || fail "sluice-$1 says $word"
}
start_sender() { start_role sender gateway gateway; }
start_receiver() { start_role receiver outlet outlet; }
# The receiver's socket: bytes that wait in it (hexadecimal), and what the kernel dropped in front
# of it since it was full.  The receiver itself has left for a namespace without devices.
receiver_socket() {
  in_ns outlet cat /proc/net/udp /proc/net/udp6 |
    awk -v port="$(printf ':%04X' "${OUTLET##*:}")" '$2 ~ port "$" { split($5, q, ":"); print q[2], $NF }'
}
receiver_has_read() { [[ $(receiver_socket) =~ ^0+\  ]]; }
relay_ready() { grep -qs ready "$T/relay.out"; }
start_relay() { # FAULTS...
  start relay $(inside wire) "$BUILD/tests/link_relay" "listen=$WIRE" "to=$OUTLET" "$@"
  wait_until 20 relay_ready || fail "the relay does not start"
}
