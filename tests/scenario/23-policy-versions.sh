#!/usr/bin/env bash
# Goal: a new approval policy (join, leave, lost key) takes over while the gateway runs:
# approvals given under the old one die and everybody is told, given again they publish, and
# what was published under the old policy still verifies, also for a platform that comes later.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
demo_with_ceremony "$T"
R=$T/repository
start_all
status() { as AUTHOR sluice status --json "$1"; }
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
first=$(draft_of <"$T/r.json")
approve_route_a "$first"
wait_until 30 pull_until_live "$T/site" "${first/D-/R-}" || fail "the platform shows nothing"
submit --type CT07 "$SAMPLES/06-secrecy-week-clean.txt" >"$T/r.json"
second=$(draft_of <"$T/r.json")
read_and_approve LIAISON liaison "$second" >/dev/null
read_and_approve UNIT_LEADER unit-leader "$second" >/dev/null
same "$(status "$second" | jq -r '.missing | join(" ")')" desk "missing under the first policy"

# Version 2: a second editor joins, one duty officer leaves, the unit leader lost a key.
make_key dsse-reviewer "$T/p-21"
make_key dsse-reviewer "$T/new-leader"
lost=$(keys show "$T/keys/unit-leader.pub" --json | jq -r .keyid)
expect_exit 0 keys roster join "$R/approval-policy.json" --out "$T/v2.json" --person p-21 --unit u-12 --role desk --key "$T/p-21.pub"
grep -q '+ p-21 (u-12) +desk' "$T/out" || fail "the difference does not name who joins: $(cat "$T/out")"
expect_exit 0 keys roster leave "$T/v2.json" --draft --person p-11
grep -q -- '- p-11 (u-09) leaves' "$T/out" || fail "the difference does not name who leaves: $(cat "$T/out")"
grep -q 'class U: duty-publisher' "$T/out" || fail "it does not say which class nobody can approve any more"
expect_exit 0 keys roster stolen "$T/v2.json" --draft --old "${lost:0:12}" --key "$T/new-leader.pub"
grep -q 'install this version the same day' "$T/out" || fail "nothing is said about stolen keys"
same "$(keys roster check "$T/v2.json" --json | jq .version)" 2 "version of the new policy"
make_key dsse-gateway "$T/service"
# Rules are kept at once: no key twice, no gateway key for a person, no unknown role.
expect_exit 1 keys roster join "$T/v2.json" --draft --person p-22 --unit u-12 --role desk --key "$T/p-21.pub"
err_says 'appears twice'
expect_exit 1 keys roster join "$T/v2.json" --draft --person p-22 --unit u-12 --role desk --key "$T/service.pub"
err_says 'mixes a service'
expect_exit 2 keys roster role "$T/v2.json" --draft --person p-21 --role king

keys ceremony init "$T/stick-2" --repository "$R" --root "$T/trust/root.json" --approval-policy "$T/v2.json" >"$T/init-2"
grep -q 'approval policy, version 1 -> 2' "$T/init-2" || fail "the summary hides the policy: $(cat "$T/init-2")"
sign "$T/stick-2" policy-1
expect_exit 1 keys ceremony merge "$T/stick-2"
err_says 'policy: 1 of 2'
sign "$T/stick-2" policy-3
expect_exit 0 keys ceremony merge "$T/stick-2"

# An editor has the draft open, read, under the old policy when the new one comes.
if command -v tmux >/dev/null; then
  . "$SOURCE/tests/support/terminal.sh"
  end() { local code=$?; end_terminals; finish $code; }
  trap end EXIT
  open_terminal DESK
  expect_screen "$second"
  session send-keys Enter
  expect_screen "[summary]"
  session send-keys ']'
  expect_screen "06-secrecy-week"
fi

# An approval policy alone changes nothing: the metadata must vouch for it.
cp "$R/approval-policy.json" "$T/v1.json"
cp "$T/v2.json" "$R/approval-policy.json"
complains() { grep -q policy.not-in-force "$T/gateway.log"; }
wait_until 20 complains || fail "the desk says nothing about an unsigned policy"
same "$(status "$second" | jq -r '.missing | join(" ")')" desk "missing while nothing is signed"
install_result "$T/stick-2" "$R"
in_force() { [ "$(status "$second" | jq '.missing | length')" = 3 ]; }
wait_until 20 in_force || fail "the new policy does not come into force"

# What the editor signs now is bound to the old one: refused, and told why.
if command -v tmux >/dev/null; then
  session send-keys a
  expect_screen "Staged: approve"
  session send-keys '$'
  expect_screen "sign?"
  session send-keys -l sign
  session send-keys Enter
  expect_screen "another approval policy"
  session send-keys q
fi
same "$(status "$second" | jq '.missing | length')" 3 "missing after a refused approval"

# Told to everyone: the author's status, the reviewers' list, each vote.
same "$(status "$second" | jq -r .outdated)" 2 "approvals that died"
as DESK sluice-review list >"$T/list"
grep -q 'under an older policy' "$T/list" || fail "the queue does not say so: $(cat "$T/list")"
as DESK sluice-review show "$second" >"$T/show"
same "$(grep -c 'given under approval policy 1, which is not in force any more' "$T/show")" 2 "votes marked"

# The lost key and the person who left are strangers now; the newcomer is not.
expect_exit 1 as UNIT_LEADER sluice-review list
expect_exit 1 as DUTY_2 sluice-review list
sed "s#^key:.*#key: \"$T/new-leader\"#" "$SLUICE_DEMO_UNIT_LEADER" >"$T/leader.yaml"
sed "s#^key:.*#key: \"$T/p-21\"#; s#^person:.*#person: \"p-21\"#; s#^unit:.*#unit: \"u-12\"#" "$SLUICE_DEMO_DESK" >"$T/editor.yaml"
SLUICE_DEMO_LEADER=$T/leader.yaml SLUICE_DEMO_EDITOR=$T/editor.yaml

# Given again under version 2 it goes out.
read_and_approve LIAISON liaison "$second" >/dev/null
same "$(status "$second" | jq -r '.missing | join(" ")')" "unit-leader desk" "still missing under version 2"
same "$(status "$second" | jq -r .outdated)" 1 "approvals not given again yet"
read_and_approve LEADER unit-leader "$second" >/dev/null
read_and_approve EDITOR desk "$second" >/dev/null
wait_until 30 pull_until_live "$T/site" "${second/D-/R-}" || fail "approved again, and not published"

# Each release is proved under the policy it names, whoever asks, whenever.
pull "$T/newcomer" >"$T/events" || fail "a newcomer is refused: $(cat "$T/events")"
for site in site newcomer; do
  expect_exit 0 "$BIN/sluice-pull" verify "$T/$site/releases/${first/D-/R-}/1" --trust "$SLUICE_DEMO_TRUST" --json
  same "$(jq .policy_version "$T/out")" 1 "policy of the first release"
  expect_exit 0 "$BIN/sluice-pull" verify "$T/$site/releases/${second/D-/R-}/1" --trust "$SLUICE_DEMO_TRUST" --json
  same "$(jq .policy_version "$T/out")" 2 "policy of the second release"
done
"$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" export "$T/export.jsonl" >/dev/null
grep -q policy.in-force "$T/export.jsonl" || fail "the change of policy is not in the audit log"
