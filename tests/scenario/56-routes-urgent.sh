#!/usr/bin/env bash
# Goal: route U publishes an approved template by two on duty and is reviewed in full afterwards;
# route D is approved, handed over by the desk, and never published.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/routes.sh"
start_all
cat >"$T/closed.txt" <<'END'
关于滨湖大道交通管制的通告

因马拉松比赛，自2026年12月1日7时起至12时止，对滨湖大道采取交通管制措施，过往车辆和行人请绕行河西路。
管制期间请服从现场民警指挥。
特此通告。

云汀市公安局
2026年11月28日
END

# ---- U: only some types, only templates, two different people on duty ----
expect_exit 1 submit --type CT04 --route U "$T/closed.txt"
err_says 'CT04 takes route A and cannot take route "U"'
fresh_notice 156 >"$T/other.txt" # like nothing else: what is like a refused text takes route C
hand_in_file U CT05 "$T/other.txt" --route U
expect_exit 1 sign DUTY_1 duty-leader "$id"
err_says 'approved templates only'
refused_by DUTY_1 duty-leader
sed 's/滨湖大道/环城北路/g' "$T/closed.txt" >"$T/north.txt"
hand_in_file A CT05 "$T/north.txt"
sed 's/马拉松比赛/便衣12人值守/' "$T/closed.txt" >"$T/s2.txt"
hand_in_file C CT05 "$T/s2.txt" --route U
hand_in_file U CT05 "$T/closed.txt" --route U
too_early DUTY_2 duty-publisher duty-leader
walk_out DUTY_1:duty-leader DUTY_2:duty-publisher
release=R-${id#D-}
wait_until 60 pull_until_live "$T/site" "$release" || fail "$release is not live"
sent() { state_of "$id" | grep -qE 'RELEASED|SENT'; }
wait_until 30 sent || fail "$id is $(state_of "$id")"
# The full review is a task that everybody sees until it is done, by others than those two.
as DESK sluice-review list --json >"$T/list.json"
same "$(jq -r '[.to_review[] | .draft + " " + .review_after.state] | join(";")' "$T/list.json")" "$id open" "tasks"
as DESK sluice-review list | grep -q 'still to be reviewed in full' || fail "the list does not say so to a person"
same "$(status "$id" | jq -r '[.clocks[].kind] | join(" ")')" route-u-review "its clock"
expect_exit 1 sign DESK desk "$id"
err_says 'it is the turn of liaison'
walk LIAISON:liaison UNIT_LEADER:unit-leader DESK:desk
same "$(status "$id" | jq -r .review_after.state)" done "review afterwards"
same "$(status "$id" | jq -r '.clocks | length')" 0 "its clock has ended"
same "$(as DESK sluice-review list --json | jq '.to_review // [] | length')" 0 "tasks at the end"
expect_exit 1 sign DESK desk "$id"
err_says 'in full already'

# ---- D: approved, handed over by the desk, on no channel ----
hand_in D CT17 151 --channel weibo
too_early LEGAL legal desk
walk_out DESK:desk LEGAL:legal SECRECY_1:secrecy DEPUTY:deputy
answer=$id
same "$(status "$id" | jq -r .delivery)" private "how it is delivered"
as DESK sluice-review get "$id" --into "$T/answer" >/dev/null
as DESK sluice-review form "$id" >"$T/form.txt"
grep -q '公开属性：□主动公开　■依申请公开' "$T/form.txt" || fail "the form says that an answer is for everybody"
find "$T/answer" -type f -exec cmp -s "$T/notice.txt" {} \; -print | grep -q . || fail "the desk does not get the answer"
hand_in D CT17 152
refused_by LEGAL legal

# What is approved after it goes out; nothing of the answer ever reached a platform.
hand_in A CT04 153
walk_out LIAISON:liaison UNIT_LEADER:unit-leader DESK:desk
wait_until 60 pull_until_live "$T/site" "R-${id#D-}" || fail "what came after the answer is not live"
same "$(state_of "$answer")" APPROVED "the private answer"
[ ! -e "$T/site/releases/R-${answer#D-}" ] || fail "a private answer is public"
