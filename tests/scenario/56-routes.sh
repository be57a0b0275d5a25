#!/usr/bin/env bash
# Goal: routes A and B are walked to release in their order and to refusal; whoever signs before
# the turn, from another unit or for another column is told whose turn it is; people see it.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/routes.sh"
start_all
printf 'created_on: "2026-11-20"\npublisher: 云汀市公安局\n' >"$T/meta.yaml"

# ---- A: liaison, unit leader, desk ----
hand_in A CT04 101
same "$(steps "$id")" 'liaison:open unit-leader:waiting desk:waiting' "steps at first"
same "$(status "$id" | jq -r .turn)" liaison "turn"
too_early DESK desk liaison
too_early UNIT_LEADER unit-leader liaison
# A person reads it on the list and in the draft.
as DESK sluice-review list >"$T/out"
grep -A3 "$id" "$T/out" | grep -q 'turn of:.*liaison' || fail "the list does not say whose turn it is"
as LIAISON sluice-review show "$id" >"$T/out"
grep -qE '1\. its turn  liaison 0/1  \(of the author.s unit u-01\)' "$T/out" || fail "the steps are not shown"
grep -qE '3\. waits  desk 0/1  \(after liaison\)' "$T/out" || fail "what waits is not shown"
walk LIAISON:liaison
same "$(steps "$id")" 'liaison:done unit-leader:open desk:waiting' "steps after one"
same "$(status "$id" | jq -r '.steps[0].given[0].pid')" p-02 "who has signed"
same "$(status "$id" | jq -r '[.holders[].role] | join(" ")')" unit-leader "who holds it"
too_early DESK desk unit-leader
walk_out UNIT_LEADER:unit-leader DESK:desk
ordinary=R-${id#D-}
# Another unit's liaison is nobody's.
fresh_notice 102 >"$T/notice.txt"
as AUTHOR_2 sluice submit --json --type CT04 "$T/notice.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
expect_exit 1 sign LIAISON liaison "$id"
err_says "author's unit u-11"
hand_in A CT04 103
walk LIAISON:liaison
refused_by UNIT_LEADER unit-leader

# ---- B: with the unit that keeps the column, and a secrecy officer ----
hand_in B CT10 111 --meta "$T/meta.yaml"
walk LIAISON:liaison
too_early SECRECY_1 secrecy unit-leader
walk UNIT_LEADER:unit-leader
too_early SECRECY_1 secrecy column-owner
expect_exit 1 sign COLUMN_OWNER_2 column-owner "$id"
err_says '招标采购.*unit u-07.*u-05'
walk_out COLUMN_OWNER:column-owner SECRECY_1:secrecy DESK:desk
important=R-${id#D-}
hand_in B CT03 112 --meta "$T/meta.yaml" --column 政策法规
walk LIAISON:liaison UNIT_LEADER:unit-leader
expect_exit 1 sign COLUMN_OWNER column-owner "$id"
err_says '政策法规.*unit u-05'
walk COLUMN_OWNER_2:column-owner
refused_by SECRECY_1 secrecy

# Out, and platforms take them by their own proof.
wait_until 60 pull_until_live "$T/site" "$ordinary" || fail "$ordinary is not live"
wait_until 60 pull_until_live "$T/site" "$important" || fail "$important is not live"
