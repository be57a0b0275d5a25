#!/usr/bin/env bash
# Goal: new rules come into force while drafts are inspected. Unsigned, changed, older or failing
# sets are refused with file and line and the old one stays; a good one is taken over without
# dropping or holding a draft; killed at any moment, the old set or the new one is in force.
. "$(dirname "$0")/common.sh"
start_all
rules() { "$BIN/sluiced" --config "$T/gateway.yaml" policy install "$1"; }
sign_by() { "$BIN/sluice-policy" sign --policy "$1" --key "$T/keys/$2" >"$T/sign.log"; }
in_force() { jq -r .version "$T/gateway/policies/current"; }
# next_set DIR VERSION: a copy of the rules with that version, signed by both officers.
next_set() {
  rm -rf "$1"
  cp -r "$T/policies" "$1"
  rm "$1"/signatures/*
  sed -i "s/^version: .*/version: $2/" "$1/policy.yaml"
  sign_by "$1" secrecy-1
  sign_by "$1" secrecy-2
}

same "$(in_force)" 1 "version at the first start"

# Refused: one signature, a changed byte, a broken pack, an own test that fails, an older version.
next_set "$T/two" 2
rm "$T/two/signatures/$(ls "$T/two/signatures" | head -n 1)"
expect_exit 1 rules "$T/two"
err_says 'signatures of 2 secrecy officers'
next_set "$T/two" 2
printf '# changed\n' >>"$T/two/packs/pi.yaml"
expect_exit 1 rules "$T/two"
err_says 'have 0; since p-[0-9]+ signed, packs/pi.yaml was changed'
next_set "$T/two" 2
rm "$T/two/lists/typos.yaml"
expect_exit 1 rules "$T/two"
err_says 'lists/typos.yaml is missing'
next_set "$T/two" 2
printf 'list: more\nabout: x\nwords: [x]\n' >"$T/two/lists/more.yaml"
expect_exit 1 rules "$T/two"
err_says 'lists/more.yaml was added'
next_set "$T/two" 2
sed -i '0,/severity: S0/s//severity: S9/' "$T/two/packs/sm.yaml"
expect_exit 1 "$BIN/sluice-policy" sign --policy "$T/two" --key "$T/keys/secrecy-1"
err_says "two/packs/sm.yaml:[0-9]+"
next_set "$T/two" 2
sed -i '0,/near_misses: \[/s//near_misses: ["机密★1年", /' "$T/two/packs/sm.yaml"
sign_by "$T/two" secrecy-1
sign_by "$T/two" secrecy-2
expect_exit 1 rules "$T/two"
err_says "own tests fail: $T/two/packs/sm.yaml:[0-9]+"
same "$(in_force)" 1 "version after four refusals"

# Drafts go on being handed in while five sets follow each other; each is judged, none is held.
hand_in() {
  local n=0
  until [ -e "$T/enough" ]; do
    n=$((n + 1))
    submit "$SAMPLES/01-road-works-clean.txt" >"$T/drafts/$n" 2>>"$T/drafts.err" || return 1
  done
}
mkdir "$T/drafts"
hand_in &
authors=$!
for version in 2 3 4 5 6; do
  next_set "$T/set" "$version"
  expect_exit 0 rules "$T/set"
done
touch "$T/enough"
wait "$authors" || fail "a draft was not accepted or not cleared: $(cat "$T/drafts.err")"
cat "$T"/drafts/* | jq -r '"\(.state) under version \(.report.files[0].policy.version)"' | sort | uniq -c
same "$(cat "$T"/drafts/* | jq -r .state | sort -u)" IN_REVIEW "state of every draft"
[ "$(cat "$T"/drafts/* | jq -r '.report.files[0].policy.version' | sort -u | wc -l)" -ge 4 ] ||
  fail "the drafts met too few of the versions"
submit "$SAMPLES/01-road-works-clean.txt" >"$T/out"
same "$(jq -r '.report.files[0].policy.version' "$T/out")" 6 "version in the next report"

# Back to an older one, however well it is signed.
expect_exit 1 rules "$T/policies"
err_says 'version 1 is not newer than version 6'
expect_exit 0 rules "$T/set"
grep -q 'nothing changed' "$T/out" || fail "the same set again is no news"

# Killed while it installs: what is in force is whole, the old set or the new one.
for delay in 0.01 0.05 0.15 0.3 0.5 0.7 0.9; do
  version=$(($(in_force) + 1))
  next_set "$T/set" "$version"
  timeout --signal=KILL "$delay" "$BIN/sluiced" --config "$T/gateway.yaml" policy install "$T/set" >"$T/out" 2>&1 || :
  now=$(in_force)
  [ "$now" -eq "$version" ] || [ "$now" -eq $((version - 1)) ] || fail "version $now after a kill"
  dir=$T/gateway/policies/$(jq -r .name "$T/gateway/policies/current")
  same "$("$BIN/sluice-policy" check --json "$dir" | jq -r .sha256)" \
    "$(jq -r .sha256 "$T/gateway/policies/current")" "digest of the set in force after a kill"
done
expect_exit 0 rules "$T/set"
submit "$SAMPLES/01-road-works-clean.txt" >"$T/out"
same "$(jq -r '.report.files[0].policy.version' "$T/out")" "$(in_force)" "version in the last report"

# The filters, old and new, killed while one takes the other's place: the new rules come into
# force all the same and drafts are judged by them.
version=$(($(in_force) + 1))
next_set "$T/set" "$version"
"$BIN/sluiced" --config "$T/gateway.yaml" policy install "$T/set" >"$T/out" 2>&1 &
installing=$!
named() { [ "$(in_force)" = "$version" ]; }
wait_until 60 named || fail "it was not named: $(cat "$T/out")"
pgrep -P "$(cat "$T/gateway.pid")" -f sluice-filter-match | while read -r pid; do
  kill -KILL "$pid" 2>/dev/null || printf 'filter %s had ended\n' "$pid"
done
wait "$installing" || printf 'the installer says: %s\n' "$(cat "$T/out")"
judged() {
  submit "$SAMPLES/01-road-works-clean.txt" >"$T/out" 2>/dev/null &&
    [ "$(jq -r '.report.files[0].policy.version' "$T/out")" = "$version" ]
}
wait_until 120 judged || fail "the new rules are not in force after the filters died: $(cat "$T/out")"

# The directory of the configuration is nobody's way around: without signatures nothing starts.
stack_stop "$T"
rm -rf "$T/gateway/policies" "$T/policies/signatures"
expect_exit 1 timeout 60 "$BIN/sluiced" --config "$T/gateway.yaml"
err_says 'signatures of 2 secrecy officers'
