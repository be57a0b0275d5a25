#!/usr/bin/env bash
# P24: the gateway tells reviewers' machines another approval policy than the custodians signed:
# one that asks for less, an older one, one of other custodians. Each machine proves it from its
# own root.json, says what is wrong and shows, signs and approves nothing.
. "$(dirname "$0")/../scenario/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
demo_with_ceremony "$T"
R=$T/repository
start_all
id=$(submit --type CT05 "$SAMPLES/01-road-works-clean.txt" | draft_of)
expect_exit 0 as LIAISON sluice-review show --json "$id"

# The desk alone by hand: what somebody does with it who owns the machine.
desk_alone() {
  stack_stop_one "$T/gateway.pid"
  setsid "$BIN/../libexec/sluice/sluice-desk" --config "$T/gateway.yaml" >"$T/desk.log" 2>&1 </dev/null &
  echo $! >"$T/gateway.pid"
  answers() { as AUTHOR sluice status --json "$id" >/dev/null 2>&1; }
  wait_until 30 answers || fail "the desk does not answer: $(cat "$T/desk.log")"
}
# What the first version was, for whoever goes back to it.
cp "$R/approval-policy.json" "$T/first.json"

# ---- a policy that asks for nobody but one liaison and a desk, under the same version ----
jq -cS '.classes.A.require = [{min: 1, role: "liaison"}, {min: 1, role: "desk"}] | .classes.A.min_persons = 2' \
  "$T/first.json" | tr -d '\n' >"$R/approval-policy.json"
desk_alone
expect_exit 1 as LIAISON sluice-review show "$id"
err_says 'approval policy is not believed: the custodians did not sign it'
expect_exit 1 as LIAISON sluice-review approve "$id" --role liaison
err_says 'the custodians did not sign it'
cp "$T/first.json" "$R/approval-policy.json"

# ---- a new version comes into force, and the old one again ----
stack_stop_one "$T/gateway.pid"
expect_exit 0 keys roster leave "$R/approval-policy.json" --out "$T/v2.json" --person p-11
cp -r "$R" "$T/before"
rm -rf "$T/stick"
keys ceremony init "$T/stick" --repository "$R" --root "$T/trust/root.json" --approval-policy "$T/v2.json" >/dev/null
sign "$T/stick" policy-1
sign "$T/stick" policy-3
expect_exit 0 keys ceremony merge "$T/stick"
install_result "$T/stick" "$R"
desk_alone
expect_exit 0 as LIAISON sluice-review show --json "$id"
same "$(jq .policy.version "$T/out")" 2 "the new version"
rm -rf "$R" && cp -r "$T/before" "$R"
desk_alone
expect_exit 1 as LIAISON sluice-review show "$id"
err_says 'not believed: the gateway shows policy of version 1, and this machine has seen version 2'
# Somebody who has not seen the newer one is bound by its first answer from then on.
expect_exit 0 as SECRECY_1 sluice-review show --json "$id"

# ---- other custodians, and no trust root at all ----
"$BIN/sluice-keys" demo-set "$T/others" --policies "$STACK_POLICIES" --outlet-port 1 >/dev/null
sed "s#^trust_root: .*#trust_root: \"$T/others/trust/root.json\"#" "$SLUICE_DEMO_DESK" >"$T/other.yaml"
expect_exit 1 "$BIN/sluice-review" --config "$T/other.yaml" show "$id"
err_says 'approval policy is not believed'
grep -v '^trust_root' "$SLUICE_DEMO_DESK" >"$T/none.yaml"
expect_exit 1 "$BIN/sluice-review" --config "$T/none.yaml" show "$id"
err_says 'trust_root is missing'
