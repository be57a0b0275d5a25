#!/usr/bin/env bash
# Goal: the same job with the desk and the link over TLS, as between real hosts; a client that
# does not know the desk's key gets nowhere.
. "$(dirname "$0")/common.sh"
command -v openssl >/dev/null || skip "openssl is not installed"
start_all --tls
grep -q 'tls+tcp://' "$SLUICE_DEMO_AUTHOR" "$T/gateway.yaml" || fail "the trial does not use TLS"
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "it never arrived"
sed 's/^server_key: .*/server_key: "0000000000000000000000000000000000000000000000000000000000000001"/' \
  "$SLUICE_DEMO_AUTHOR" >"$T/stranger.yaml"
if "$BIN/sluice" --config "$T/stranger.yaml" status >"$T/out" 2>"$T/err"; then
  fail "a desk with another key was believed"
fi
