#!/usr/bin/env bash
# Goal: a unit's administrator says from day to day who stands in for whom, signs it with the
# own key, and the substitute counts from then on, marked as such; everything that must not be
# is refused with what to do, and what runs out is told ahead.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/house.sh"
start_all
review() { as "$1" sluice-review "${@:2}"; }
unit() { review "$1" unit "${@:2}"; }
today=$(day now)

# ---- without accounts nobody stands in ----
expect_exit 0 unit UNIT_ADMIN list
grep -q 'no accounts.yaml' "$T/out" || fail "it does not say that nothing is narrowed"
grep -q 'p-03 .*unit-leader' "$T/out" || fail "the unit's people are not there: $(cat "$T/out")"
expect_exit 1 unit UNIT_ADMIN absence p-03 --until "$today" --substitute p-02
err_says 'no accounts.yaml'

# ---- accounts of the demo's people; p-02 is liaison alone, p-05 soon needs training ----
house_set "$T/set-2" 2 <<PEOPLE
p-01 u-01 author $(day -10days) $(day -10days)
p-02 u-01 liaison $(day -10days) $(day -10days)
p-03 u-01 unit-leader $(day -10days) $(day -10days)
p-17 u-01 unit-admin $(day -10days) $(day -10days)
p-04 u-02 desk $(day -10days) $(day -350days)
p-05 u-03 secrecy $(day -340days) $(day -10days)
p-14 u-03 secrecy $(day -10days) $(day -10days)
p-06 u-04 secrecy $(day -400days) $(day -10days)
PEOPLE
expect_exit 0 house_install "$T/set-2"
narrowed() { [ "$(unit UNIT_ADMIN list --json | jq .narrowed)" = true ]; }
wait_until 20 narrowed || fail "the accounts do not come into force"

fresh_notice 1 >"$T/notice-1.txt"
id=$(submit --type CT05 "$T/notice-1.txt" | draft_of)
read_and_approve LIAISON liaison "$id" >/dev/null
fresh_notice 2 >"$T/notice-2.txt"
second=$(submit --type CT06 "$T/notice-2.txt" | draft_of) # route C begins with the leader
review LIAISON show --json "$second" >/dev/null
expect_exit 1 review LIAISON approve "$second" --role unit-leader --ack DH-016=重复
err_says 'does not give you the role unit-leader'

# ---- what is refused ----
begin() { unit UNIT_ADMIN absence p-03 "$@"; }
expect_exit 2 begin --substitute p-02
expect_exit 1 unit LIAISON absence p-03 --until "$today" --substitute p-02
err_says "only a unit's administrator"
expect_exit 1 begin --until "$today" --substitute p-03
err_says 'cannot stand in for p-03'
expect_exit 1 begin --until "$today" --substitute p-01
err_says 'is an author and must not stand in'
expect_exit 1 begin --until "$today" --substitute p-04
err_says 'of another unit than p-03'
expect_exit 1 begin --until "$today" --substitute p-17
err_says 'nobody makes the own person a substitute'
expect_exit 1 begin --until "$today" --substitute p-99
err_says 'no account for p-99'
expect_exit 1 begin --from "$(day -1day)" --until "$today" --substitute p-02
err_says 'begins today or later'
expect_exit 1 begin --until "$(day +92days)" --substitute p-02
err_says '92 days at most'
expect_exit 1 begin --from "$(day +2days)" --until "$(day +1day)" --substitute p-02
err_says 'is no time'
expect_exit 1 begin --until 2026-02-30 --substitute p-02
err_says '"2026-02-30" is no day'
expect_exit 1 begin --role liaison --until "$today" --substitute p-02
err_says 'does not hold the role liaison'
# The approval policy gives p-17's colleague p-03 no role of a liaison.
expect_exit 1 unit UNIT_ADMIN absence p-02 --until "$today" --substitute p-03
err_says 'approval policy does not give p-03 the role liaison'
expect_exit 1 unit UNIT_ADMIN absence p-05 --role secrecy --until "$today" --substitute p-14
err_says 'p-05 is of the unit u-03; you administer u-01'
expect_exit 1 unit UNIT_ADMIN list --unit u-03
err_says 'you are of the unit u-01'

# ---- and what is done: from now on p-02 stands in, and everybody sees it ----
expect_exit 0 begin --until "$(day +3days)" --substitute p-02 --reason 出差 --json
same "$(jq -r '.number, .state, .by' "$T/out" | tr '\n' ' ')" "1 running p-17 " "the delegation"
expect_exit 1 begin --from "$(day +3days)" --until "$(day +5days)" --substitute p-02
err_says 'already: one at a time'
expect_exit 0 review LIAISON approve "$second" --role unit-leader --ack DH-016=重复
review SECRECY_3 show "$second" >"$T/out"
grep -q 'in place of p-03' "$T/out" || fail "it is not shown in whose place: $(cat "$T/out")"
review SECRECY_3 show --json "$second" >"$T/out"
same "$(jq -r '.votes[-1].stands_for' "$T/out")" p-03 "whom the vote stands for"
review SECRECY_3 form "$second" >"$T/out"
grep -q '代p-03' "$T/out" || fail "the form does not say 代: $(cat "$T/out")"
review LIAISON list >"$T/out"
grep -q 'You stand in for p-03 as unit-leader until .*代' "$T/out" || fail "the list does not tell: $(cat "$T/out")"
# One person counts once, whoever's office it is.
review LIAISON show --json "$id" >/dev/null
expect_exit 1 review LIAISON approve "$id" --role unit-leader --ack DH-016=重复
err_says 'one person counts once'
expect_exit 0 unit LIAISON list
grep -q 'away: p-02 stands in as unit-leader' "$T/out" || fail "who is away is not there: $(cat "$T/out")"
grep -q '出差' "$T/out" || fail "the reason is not there"
# An administrator approves nothing by that office.
expect_exit 1 review UNIT_ADMIN approve "$id" --role unit-admin

# ---- ended early; signed, once ----
expect_exit 1 unit LIAISON absence --end 1
expect_exit 1 unit UNIT_ADMIN absence --end 7
err_says 'has no delegation 7'
expect_exit 0 unit UNIT_ADMIN absence --end 1 --reason 提前返回
grep -q 'ended by p-17' "$T/out" || fail "it does not say who ended it: $(cat "$T/out")"
expect_exit 1 unit UNIT_ADMIN absence --end 1
err_says 'ended already'
fresh_notice 3 >"$T/notice-3.txt"
third=$(submit --type CT06 "$T/notice-3.txt" | draft_of)
review LIAISON show --json "$third" >/dev/null
expect_exit 1 review LIAISON approve "$third" --role unit-leader --ack DH-016=重复
err_says 'does not give you the role unit-leader'
expect_exit 0 begin --from "$(day +5days)" --until "$(day +6days)" --substitute p-02
expect_exit 1 review LIAISON approve "$third" --role unit-leader --ack DH-016=重复
err_says 'today you do not'

# ---- on record ----
expect_exit 0 review LIAISON audit --unit u-01 --json
same "$(jq -r '[.entries[] | .kind, .actor] | join(" ")' "$T/out")" \
  "delegation.begin p-17 delegation.end p-17 delegation.begin p-17" "the audit"
expect_exit 0 review LIAISON audit --unit u-01
grep -q 'delegation.end' "$T/out" || fail "the audit in words: $(cat "$T/out")"
expect_exit 1 review DESK audit --unit u-01
expect_exit 0 review AUDITOR audit --unit u-01
audited() { "$BIN/sluiced" --config "$T/gateway.yaml" audit verify >"$T/out" 2>&1; }
wait_until 60 audited || fail "the audit does not hold: $(cat "$T/out")"

# ---- what runs out is told, what has lapsed is refused ----
review DESK list >"$T/out"
grep -q "Confirmation runs out $(day +15days) (15 days): your unit administrator" "$T/out" ||
  fail "the desk is not warned: $(cat "$T/out")"
review SECRECY_1 list --json >"$T/out"
same "$(jq -r '.lapses[] | .what, .days_left' "$T/out" | tr '\n' ' ')" "trained_on 25 " "p-05 is warned"
review SECRECY_2 list >"$T/out"
grep -q 'Training lapsed' "$T/out" || fail "p-06 is not told: $(cat "$T/out")"
review SECRECY_2 show --json "$second" >/dev/null
expect_exit 1 review SECRECY_2 approve "$second" --role secrecy --ack DH-016=重复
err_says 'your training of'
review UNIT_ADMIN list >"$T/out"
grep -q 'Nothing waits' "$T/out" || fail "an administrator has no queue: $(cat "$T/out")"

# ---- the same refusals to people whose programs speak Chinese ----
if grep -qi '^zh_CN.utf8$' <<<"$(locale -a)"; then
  export LC_ALL=zh_CN.UTF-8
  expect_exit 1 begin --from "$(day +10days)" --until "$(day +110days)" --substitute p-02
  err_says '一次代理最多 92 天'
  expect_exit 1 unit LIAISON absence p-03 --until "$today" --substitute p-02
  err_says '只有单位管理员可以指定代理人'
  unit UNIT_ADMIN list >"$T/out"
  grep -q '代理情况' "$T/out" || fail "the list is not in Chinese: $(cat "$T/out")"
fi
