#!/usr/bin/env bash
# P30: whoever does not hold the gateway's certificate gets nothing into the stream link: no
# certificate, another one, one that has run out, the outlet's own, plain TCP, garbage. Each is
# refused, counted and logged; the gateway's units arrive beside and after all of them, and the
# gateway gives nothing to an outlet that it does not know.
. "$(dirname "$0")/../scenario/common.sh"
command -v openssl >/dev/null || skip "openssl is not installed"
SLUICE_LINK=stream start_all --tls
at=$(yaml_value "$T/outlet.yaml" url)
at=${at#tls+tcp://}
receiver=$(pgrep -f "sluice-receiver --config $T/outlet.yaml")

mkdir "$T/other"
certificate() { # NAME: another key under the gateway's own name
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 \
    -keyout "$T/other/$1.key" -out "$T/other/$1.crt" 2>"$T/other/log"
}
certificate stranger
# The gateway's own key, in a certificate whose time is over.
sed -n '/PRIVATE KEY/,/PRIVATE KEY/p' "$T/tls/gateway.pem" >"$T/other/expired.key"
cat >"$T/other/ca.conf" <<CONF
[ca]
default_ca = here
[here]
database = $T/other/index
new_certs_dir = $T/other
default_md = sha256
policy = any
rand_serial = yes
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
CONF
: >"$T/other/index"
openssl req -new -key "$T/other/expired.key" -subj /CN=127.0.0.1 -config "$T/other/ca.conf" -out "$T/other/expired.csr"
openssl ca -batch -selfsign -config "$T/other/ca.conf" -keyfile "$T/other/expired.key" -in "$T/other/expired.csr" \
  -startdate 20200101000000Z -enddate 20200102000000Z -notext -out "$T/other/expired.crt" 2>"$T/other/log" ||
  fail "openssl made no certificate: $(cat "$T/other/log")"

# A frame of the link as the gateway sends it: PUSH's greeting, a length, "SLFRAME1" and a unit.
frame() {
  printf '\0SP\0\0\x50\0\0'
  printf '\0\0\0\0\0\0\0\x4a''SLFRAME1\x05\0\0\0\0\0\0\0\x63\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05'
  printf 'hello' | openssl dgst -sha256 -binary
  printf '\0\0\0\x05hello'
}
try() { # NAME [s_client options...]
  local name=$1
  shift
  frame | timeout 3 openssl s_client -connect "$at" -quiet -verify_quiet -tls1_2 "$@" >"$T/said" 2>&1 || :
  printf '%s\n' "$name"
}
all_of_them() {
  try "no certificate"
  try "another certificate" -cert "$T/other/stranger.crt" -key "$T/other/stranger.key"
  try "one that has run out" -cert "$T/other/expired.crt" -key "$T/other/expired.key"
  try "the outlet's own" -cert "$T/tls/outlet.pem" -key "$T/tls/outlet.pem"
  try "an old version" -cert "$T/tls/gateway.pem" -key "$T/tls/gateway.pem" -tls1_1 -cipher DEFAULT@SECLEVEL=0
  # Nothing of TLS at all.
  frame | timeout 5 bash -c "exec 3<>/dev/tcp/${at/://}; cat >&3; timeout 2 cat <&3" >"$T/said" || :
  head -c 100000 /dev/urandom | timeout 5 bash -c "exec 3<>/dev/tcp/${at/://}; cat >&3" >"$T/said" 2>&1 || :
}
count() { jq -r '.receiver.refused_connections' <<<"$("$BIN/sluice-outlet" --config "$T/outlet.yaml" status --json)"; }
# NNG counts none while it rests for a moment after another.
counted() { all_of_them >"$T/tried"; [ "$(count)" -ge 8 ]; }
logged() { grep -qE 'refused.*connections=' "$T/outlet.log"; }

wait_until 40 counted || fail "only $(count) connections were counted as refused"
same "$(wc -l <"$T/tried")" 5 "attempts"
logged || fail "the log does not say that connections were refused"
! compgen -G "$T/outlet/quarantine/*.unit" >/dev/null || fail "a stranger's unit is in the quarantine"
"$BIN/sluice-outlet" --config "$T/outlet.yaml" status | grep -q 'no unit is missing' ||
  fail "a stranger's serial was believed"

# The gateway's frame is not refused, or the attempts above would have proved nothing.
try "the gateway itself" -cert "$T/tls/gateway.pem" -key "$T/tls/gateway.pem" >/dev/null
arrived() { [ -e "$T/outlet/quarantine/00000000000000000099.5.unit" ]; }
wait_until 20 arrived || fail "a frame by the gateway's certificate did not arrive"
rm "$T/outlet/quarantine/00000000000000000099.5.unit"

# Beside them, without end, a notice goes out.
while :; do all_of_them >/dev/null; done 2>"$T/other/noise" &
noise=$!
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
wait_until 40 pull_until_live "$T/site" "${id/D-/R-}" || fail "the notice did not arrive beside the strangers"
kill $noise
wait $noise || :
same "$(pgrep -f "sluice-receiver --config $T/outlet.yaml")" "$receiver" "the receiver was started again"

# An outlet with another certificate at the same address: nothing is given to it.
stack_stop_one "$T/outlet.pid"
cp "$T/tls/outlet.pem" "$T/other/true.pem"
cat "$T/other/stranger.crt" "$T/other/stranger.key" >"$T/tls/outlet.pem"
stack_start_outlet "$T"
fresh_notice 3001 >"$T/second.txt"
submit --type CT05 "$T/second.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
waits() { compgen -G "$T/gateway/outbox/*.5.unit" >/dev/null; }
wait_until 30 waits || fail "the unit does not wait for the true outlet"
! wait_until 8 pull_until_live "$T/site" "${id/D-/R-}" || fail "a false outlet got the notice"
stack_stop_one "$T/outlet.pid"
cp "$T/other/true.pem" "$T/tls/outlet.pem"
stack_start_outlet "$T"
wait_until 60 pull_until_live "$T/site" "${id/D-/R-}" || fail "the notice did not arrive at the true outlet"
