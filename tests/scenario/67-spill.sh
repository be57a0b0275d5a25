#!/usr/bin/env bash
# Goal: a spill is known by number, rule and hash; one secrecy officer alone, the same one twice
# and anybody else open nothing; two do, with a seal key each, and every step is audited. The
# report is filled in from what the gateway knows, and two officers close the matter.
. "$(dirname "$0")/common.sh"
start_all
spill() { local who=$1; shift; as "$who" sluice-review spill "$@"; }
submit "$SAMPLES/03-marked-paper-spill.txt" >"$T/r" || :
id=$(draft_of <"$T/r")
same "$(jq -r .state "$T/r")" SPILL "state"

expect_exit 0 spill SECRECY_1 list --json
jq -e --arg d "$id" --arg h "$(sha256sum <"$SAMPLES/03-marked-paper-spill.txt" | cut -d' ' -f1)" \
  '.spills[0] | .draft == $d and .sha256 == [$h] and .state == "open" and .clocks[0].kind == "spill"' "$T/out" >/dev/null ||
  fail "the list: $(cat "$T/out")"
if grep -q '03-marked-paper\|"title"\|"name"' "$T/out"; then fail "the list has words of it: $(cat "$T/out")"; fi
for who in DESK LIAISON DEPUTY; do
  expect_exit 1 spill $who list
  err_says 'only secrecy officers'
done

# One alone, and the same one twice.
expect_exit 2 spill SECRECY_1 open "$id"
expect_exit 0 spill SECRECY_1 open "$id" --reason "to judge the grade"
expect_exit 1 spill SECRECY_1 open "$id" --seal-key "$T/keys/seal-secrecy-1" --into "$T/early"
err_says 'one alone opens nothing'
expect_exit 1 spill DESK open "$id" --reason x --seal-key "$T/keys/seal-secrecy-2" --with "$T/keys/seal-secrecy-1.pub"
[ ! -e "$T/early" ] || fail "something was opened"
# The second says the same, and the first opens.
expect_exit 0 spill SECRECY_2 open "$id" --reason "agreed" --seal-key "$T/keys/seal-secrecy-2" --with "$T/keys/seal-secrecy-1.pub"
expect_exit 1 spill SECRECY_1 open "$id" --seal-key "$T/keys/seal-secrecy-2" --into "$T/wrong"   # both shares of one
expect_exit 0 spill SECRECY_1 open "$id" --seal-key "$T/keys/seal-secrecy-1" --into "$T/opened"
cmp "$SAMPLES/03-marked-paper-spill.txt" "$T/opened/$id-0.opened" || fail "other bytes were opened"
same "$(stat -c %a "$T/opened")" 700 "mode of the directory"
as SECRECY_1 sluice-review spill report "$id" --lang zh >"$T/report"
grep -q '待填写' "$T/report" || fail "nothing is marked to be filled in"
grep -q "$id" "$T/report" && grep -q 'spill.get' "$T/report" || fail "the report: $(cat "$T/report")"
as SECRECY_2 sluice-review spill report "$id" --lang en | grep -q 'TO FILL IN' || fail "no English report"

# Handed in, the clock ends; two close it.
expect_exit 0 spill SECRECY_1 reported "$id"
expect_exit 0 spill SECRECY_1 list --json
jq -e '.spills[0] | .state == "reported" and (.clocks | length) == 0' "$T/out" >/dev/null || fail "reported: $(cat "$T/out")"
expect_exit 0 spill SECRECY_1 close "$id" --reason "handled"
expect_exit 1 spill SECRECY_1 close "$id" --reason "handled"
err_says 'two different secrecy officers'
expect_exit 0 spill SECRECY_2 close "$id" --reason "handled"
expect_exit 0 spill SECRECY_2 list --json
same "$(jq -r '.spills[0].state' "$T/out")" closed "state in the end"
"$BIN/sluiced" --config "$T/gateway.yaml" export "$T/export" >/dev/null 2>&1 || :
for kind in spill.open spill.open.confirm spill.open.share spill.get spill.reported spill.close spill.close.confirm; do
  grep -q "\"$kind\"" "$T/export" || fail "the audit has no $kind"
done
