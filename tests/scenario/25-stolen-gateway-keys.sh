#!/usr/bin/env bash
# Goal: all four keys of releaser and checker are stolen; new ones come with a new targets.json,
# and everything that was published is signed again with them: old and new platforms read it,
# the line goes on, and a recall still arrives.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
demo_with_ceremony "$T"
R=$T/repository
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
release=${id/D-/R-}
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "$release" || fail "the platform shows nothing"
stack_stop_one "$T/gateway.pid"

options=()
for who in releaser checker; do
  for use in rel feed; do
    make_key "tuf-$use" "$T/$who-$use"
    options+=(--remove "$use=$T/keys/$who/$use.pub" --add "$use=$T/$who-$use.pub")
  done
done
keys ceremony init "$T/stick-2" --repository "$R" --root "$T/trust/root.json" "${options[@]}" >"$T/init-2"
same "$(grep -c -- '- leaves' "$T/init-2")" 4 "keys that leave"
sign "$T/stick-2" targets-1 targets-3
expect_exit 0 keys ceremony merge "$T/stick-2"
install_result "$T/stick-2" "$R"
for who in releaser checker; do
  for use in rel feed; do
    for end in "" .pub; do mv "$T/$who-$use$end" "$T/keys/$who/$use$end"; done
  done
done
stack_start_gateway "$T"
arrived() { [ -e "$T/outlet/tree/metadata/2.targets.json" ]; }
wait_until 30 arrived || fail "the new targets.json never reached the outlet"

expect_exit 0 pull "$T/site"
expect_exit 0 pull "$T/newcomer"
is_live "$T/newcomer" "$release" || fail "a newcomer does not see what was published before"
submit --type CT07 "$SAMPLES/06-secrecy-week-clean.txt" >"$T/r.json"
second=$(draft_of <"$T/r.json")
approve_route_a "$second"
wait_until 30 pull_until_live "$T/site" "${second/D-/R-}" || fail "nothing is released with the new keys"
expect_exit 0 as DESK sluice-review freeze "$release" --reason "key ceremony test"
gone() { pull "$T/site" >/dev/null && ! is_live "$T/site" "$release"; }
wait_until 30 gone || fail "a recall does not arrive after the change of keys"
