#!/usr/bin/env bash
# Goal: three root rotations in a row with changing custodians and a stolen timestamp key; each
# is signed by the old and the new custodians, and a platform follows from the very first root.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
demo_with_ceremony "$T"
R=$T/repository
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "the platform shows nothing"
custodians_make 6 8
make_key tuf-targets "$C/targets-4"

# rotate N INIT-OPTIONS... -- KEYS-OF-OLD... (signs, merges, installs, waits for platforms)
rotate() {
  local n=$1 options=()
  shift
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  cp "$R/metadata/$((n - 1)).root.json" "$T/trusted.json"
  keys ceremony init "$T/stick-$n" --repository "$R" --root "$T/trust/root.json" "${options[@]}" >"$T/init-$n"
  sign "$T/stick-$n" "$@"
  expect_exit 0 keys ceremony merge "$T/stick-$n"
  install_result "$T/stick-$n" "$R"
  arrived() { [ -e "$T/outlet/tree/metadata/$n.root.json" ]; }
  wait_until 30 arrived || fail "root $n never reached the outlet"
  followed() { pull "$T/site" >"$T/events" && [ "$(jq .signed.version "$T/site/.state/tuf/root.json")" = "$n" ]; }
  wait_until 30 followed || fail "the platform does not follow to root $n: $(cat "$T/events")"
}

rotate 2 --remove "root=$C/root-1.pub" --add "root=$C/root-6.pub" -- root-2 root-3 root-4
grep -q '3 of 3 (old) · 3 of 3 (new)' "$T/out" || fail "merge counts differently: $(cat "$T/out")"
grep -q -- '- leaves' "$T/init-2" || fail "the summary does not say who leaves"

# Without the newcomers the new set is short: three of the old ones are not three of the new.
keys ceremony init "$T/short" --repository "$R" --remove "root=$C/root-2.pub" --remove "root=$C/root-3.pub" \
  --add "root=$C/root-7.pub" --add "root=$C/root-8.pub" >/dev/null
sign "$T/short" root-2 root-3 root-4
expect_exit 1 keys ceremony merge "$T/short"
err_says '3 of 3 \(old\) · 1 of 3 \(new\)'
expect_exit 1 keys ceremony status "$T/short" --json
same "$(jq -r '.roles[0].sets[1].still' "$T/out")" 2 "signatures still missing"

# The timestamp key was stolen: a new one in root 3; the thief's versions count for nothing.
make_key tuf-timestamp "$T/keys/timestamp-2"
stack_stop_one "$T/gateway.pid"
mv "$T/keys/timestamp-2" "$T/keys/timestamp"
rotate_offline() {
  keys ceremony init "$T/stick-3" --repository "$R" --root "$R/metadata/2.root.json" \
    --remove "root=$C/root-2.pub" --add "root=$C/root-7.pub" \
    --remove "timestamp=$(keys show "$T/keys/timestamp.pub" --json | jq -r '.fingerprint | .[0:19]')" \
    --add "timestamp=$T/keys/timestamp-2.pub" >"$T/init-3"
  sign "$T/stick-3" root-3 root-4 root-7 root-2
  expect_exit 0 keys ceremony merge "$T/stick-3"
  install_result "$T/stick-3" "$R"
}
rotate_offline
expect_exit 0 "$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" check
grep -q 'root 3 (platforms have 2)' "$T/out" || fail "check does not say what is new: $(cat "$T/out")"
stack_start_gateway "$T"
followed() { pull "$T/site" >"$T/events" && [ "$(jq .signed.version "$T/site/.state/tuf/root.json")" = 3 ]; }
wait_until 30 followed || fail "the platform does not follow to root 3: $(cat "$T/events")"

# Root 4 changes who signs targets.json, so targets.json is signed again in the same ceremony.
rotate 4 --remove "root=$C/root-3.pub" --add "root=$C/root-8.pub" \
  --remove "targets=$C/targets-1.pub" --remove "targets=$C/targets-2.pub" --add "targets=$C/targets-4.pub" --threshold targets=2 \
  -- root-4 root-5 root-6 root-7 targets-3 targets-4
[ -e "$R/metadata/2.targets.json" ] || fail "targets.json was not renewed with its custodians"

# A platform that comes today, with the first root: through all three, and shows the release.
pull "$T/newcomer" >"$T/events" || fail "a newcomer is refused: $(cat "$T/events")"
is_live "$T/newcomer" "${id/D-/R-}" || fail "a newcomer does not see the release"
expect_exit 0 "$BIN/sluice-pull" verify "$T/newcomer/releases/${id/D-/R-}/1" --trust "$SLUICE_DEMO_TRUST"
expect_exit 0 "$BIN/sluice-pull" verify "$T/site/releases/${id/D-/R-}/1" --trust "$SLUICE_DEMO_TRUST"

# And the line still works.
submit --type CT07 "$SAMPLES/06-secrecy-week-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "nothing is released after the rotations"
