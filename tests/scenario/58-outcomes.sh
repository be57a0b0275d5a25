#!/usr/bin/env bash
# Goal: beside approval a draft can be returned or refused with a code of the list, referred to
# another body whose opinion comes back, and its refusal appealed against once: upheld it is
# final, admitted the draft is inspected again and goes the strictest route.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/house.sh"
start_all
review() { as "$1" sluice-review "${@:2}"; }
hand_in() { # NUMBER: a notice unlike the others; its draft
  fresh_notice "$1" >"$T/notice-$1.txt"
  submit --type CT05 "$T/notice-$1.txt" | draft_of
}

# ---- codes ----
review LIAISON codes --json >"$T/out"
same "$(jq '[.codes[] | select(.outcome == "refuse")] | length' "$T/out")" 8 "codes to refuse with"
same "$(jq -r '.codes[] | select(.id == "personal-data") | .zh' "$T/out")" 个人信息未遮蔽 "its name"
id=$(hand_in 1)
expect_exit 1 review DESK return "$id" --role desk --code secret --reason 请修改
err_says 'no code to return .* personal-data, wording'
expect_exit 1 review DESK refuse "$id" --role desk --code wording --reason 不公开
err_says 'no code to refuse .* state-secret'
expect_exit 2 review DESK return "$id" --role desk --code wording
expect_exit 0 review DESK return "$id" --role desk --code wording --reason 请核对日期
same "$(state_of "$id")" RETURNED "state after the return"

# ---- an opinion asked outside ----
id=$(hand_in 2)
read_and_approve LIAISON liaison "$id" >/dev/null
expect_exit 1 review DESK refer "$id" --to 市国家保密局 --question 是否可以公开
err_says 'secrecy'
expect_exit 0 review SECRECY_1 refer "$id" --to 市国家保密局 --question 路线图是否可以公开
same "$(state_of "$id")" REFERRED "state while the opinion is asked"
same "$(as DESK sluice-review list --json | jq -r --arg id "$id" '.drafts[] | select(.draft == $id) | .referral.body')" \
  市国家保密局 "whom it waits for, in the queue"
as AUTHOR sluice show "$id" >"$T/out"
grep -q '路线图是否可以公开' "$T/out" || fail "the author does not see the question"
as DESK sluice-review show --json "$id" >/dev/null
expect_exit 1 review DESK approve "$id" --role desk
printf 'letter' >"$T/复函.pdf"
expect_exit 0 review LEGAL answer "$id" --opinion 可以公开 --file "$T/复函.pdf"
same "$(state_of "$id")" IN_REVIEW "state after the answer"
review DESK show --json "$id" >"$T/out"
same "$(jq -r '.referrals[0] | .opinion, .scan.name, .scan.sha256' "$T/out" | tr '\n' ' ')" \
  "可以公开 复函.pdf $(printf letter | sha256sum | cut -d' ' -f1) " "the opinion on record"
# What the liaison had signed still counts: nothing has changed.
same "$(jq -c .draft.missing "$T/out")" '["unit-leader","desk"]' "who is missing"
read_and_approve UNIT_LEADER unit-leader "$id" >/dev/null
read_and_approve DESK desk "$id" >/dev/null
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "it was not published"

# ---- an appeal that is upheld ----
id=$(hand_in 3)
expect_exit 1 as AUTHOR sluice appeal "$id" --reason 应当公开
err_says 'nobody has refused'
expect_exit 0 review SECRECY_1 refuse "$id" --role secrecy --code security --reason 涉及部署
expect_exit 0 as AUTHOR sluice appeal "$id" --reason 内容已在公告中公开
expect_exit 1 as AUTHOR sluice appeal "$id" --reason 再次申诉
err_says 'before'
same "$(as DIRECTOR sluice-review list --json | jq -r '.appeals[0].draft')" "$id" "what the director is told"
review DIRECTOR list >"$T/out"
grep -q '内容已在公告中公开' "$T/out" && grep -q "decide-appeal $id --uphold|--admit" "$T/out" ||
  fail "the director is not told why, and how to decide: $(cat "$T/out")"
expect_exit 1 review SECRECY_2 decide-appeal "$id" --uphold --reason 维持
err_says 'may not'
expect_exit 2 review DIRECTOR decide-appeal "$id" --uphold --admit --reason 两者
expect_exit 0 review DIRECTOR decide-appeal "$id" --uphold --reason 涉及警力部署
same "$(state_of "$id")" REFUSED "state of a refusal that was upheld"
as AUTHOR sluice show "$id" >"$T/out"
grep -q '涉及警力部署' "$T/out" || fail "the author does not see the grounds"

# ---- an appeal that is admitted: route C, and all of its people ----
id=$(hand_in 4)
read_and_approve LIAISON liaison "$id" >/dev/null
expect_exit 0 review SECRECY_1 refuse "$id" --role secrecy --code security --reason 涉及部署
expect_exit 0 as AUTHOR sluice appeal "$id" --reason 并不涉及部署
expect_exit 0 review DIRECTOR decide-appeal "$id" --admit --reason 请重新审核
in_state() { [ "$(state_of "$1")" = "$2" ]; }
wait_until 30 in_state "$id" IN_REVIEW || fail "it is $(state_of "$id")"
as DESK sluice-review show --json "$id" >"$T/out"
same "$(jq -r .draft.route "$T/out")" C "route after the appeal"
same "$(jq -r '.votes | map(.overruled) | all' "$T/out")" true "what was decided before is void"
for who in UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy SECRECY_2:secrecy DEPUTY:deputy DESK:desk; do
  read_and_approve "${who%%:*}" "${who##*:}" "$id" >/dev/null
done
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "it was not published: $(state_of "$id")"

# ---- exact edits: the reviewer's words, taken over by the author, and said to be exactly those ----
printf '关于开放图书室的通告\n\n图书室每周一开放。\n图书室每周一闭馆整理。\n\n特此通告。\n\n云汀市公安局\n2024年4月29日\n\n（此件公开发布）\n' >"$T/library.txt"
id=$(submit --type CT05 "$T/library.txt" | draft_of)
expect_exit 2 review LIAISON return "$id" --role liaison --code wording --reason 请改 --edit 每周一=每周二
err_says 'more than once'
expect_exit 1 review LIAISON return "$id" --role liaison --code wording --reason 请改 --edit 每周九=每周二
err_says 'nowhere'
expect_exit 0 review LIAISON return "$id" --role liaison --code wording --reason 时间有误 \
  --edit file:0@2:每周一=每周二 --edit 特此通告=现予通告
as AUTHOR sluice show "$id" >"$T/out"
grep -q '特此通告 → +现予通告' "$T/out" || fail "the author does not see the edits: $(cat "$T/out")"
expect_exit 0 as AUTHOR sluice accept --json --yes "$id"
same "$(jq -r .revision "$T/out")" 2 "the revision that took them"
review LIAISON show --json "$id" >"$T/out"
same "$(jq -r '.edits_exact, .fix.edits_by, .fix.revision' "$T/out" | tr '\n' ' ')" "true p-02 1 " \
  "whose edits, of which revision"
same "$(jq -r .edits_here "$T/out")" bytes "what the reviewer's machine makes of it"
review LIAISON show "$id" | grep -q 'exactly the edits you signed' || fail "the reviewer is not told"
review DESK show "$id" | grep -q 'exactly the edits that p-02 signed' || fail "others are not told"
review LIAISON get "$id" --into "$T/got" >/dev/null
sed '4s/每周一/每周二/; s/特此通告/现予通告/' "$T/library.txt" >"$T/want.txt"
cmp "$T/want.txt" "$T"/got/files/library.txt || cmp "$T/want.txt" "$(find "$T/got" -name library.txt | head -n 1)"
# What cannot be put in exactly is said before anything is signed.
expect_exit 1 review LIAISON return "$id" --role liaison --code wording --reason 再改 --edit file:0@7:每周二=每周三
err_says 'library.txt: it does not stand there'
expect_exit 1 review LIAISON return "$id" --role liaison --code wording --reason 再改 --edit file:0:周二=周三 --edit file:0:每周二=每周三
expect_exit 1 review LIAISON return "$id" --role liaison --code wording --reason 再改 --edit title:没有=有
err_says 'the title: it does not stand there'
same "$(state_of "$id")" IN_REVIEW "state after edits that were refused"
expect_exit 1 as AUTHOR sluice accept --yes "$id"
err_says 'no reviewer gave exact edits'
# Returned: the author is told what to do next.
review LIAISON return "$id" --role liaison --code wording --reason 再改 --edit file:0:每周二=每周三 >"$T/out"
grep -q 'comes back here as the next revision' "$T/out" || fail "the reviewer is not told what comes next: $(cat "$T/out")"
as AUTHOR sluice show "$id" >"$T/out"
grep -q "sluice accept $id" "$T/out" || fail "the author is not told how to take the edits: $(cat "$T/out")"

# ---- accounts: they narrow what the approval policy gives ----
people() { # VERSION SUBSTITUTE-FROM SUBSTITUTE-UNTIL DESK-TRAINED: install it
  house_set "$T/set-$1" "$1" <<PEOPLE
p-02 u-01 liaison $(day -10days) $(day -10days) p-03 unit-leader $2 $3
p-03 u-01 unit-leader $(day -10days) $(day -10days)
p-17 u-01 unit-admin $(day -10days) $(day -10days)
p-04 u-02 desk $4 $(day -10days)
p-05 u-03 secrecy $(day -10days) $(day -10days)
p-06 u-04 secrecy $(day -10days) $(day -10days)
PEOPLE
  expect_exit 0 house_install "$T/set-$1"
}
refused_with() { # WHO ROLE ID TEXT: the desk has read the new accounts and says so
  as "$1" sluice-review show --json "$3" >/dev/null 2>&1 || return 1
  ! as "$1" sluice-review approve "$3" --role "$2" --ack DH-016=重复 >/dev/null 2>"$T/err" && grep -q "$4" "$T/err"
}
# A route that begins with the unit's leader.
fresh_notice 5 >"$T/notice-5.txt"
id=$(submit --type CT06 "$T/notice-5.txt" | draft_of)
people 2 "$(day -20days)" "$(day -5days)" "$(day -10days)"
wait_until 20 refused_with LIAISON unit-leader "$id" 'stand in as unit-leader for p-03' ||
  fail "a substitute counts outside the window: $(cat "$T/err")"
people 3 "$(day -1day)" "$(day +1day)" "$(day -400days)"
wait_until 20 refused_with DESK desk "$id" 'your training of' || fail "a lapsed training decides: $(cat "$T/err")"
wait_until 30 in_state "$id" IN_REVIEW || fail "it is $(state_of "$id")"
read_and_approve LIAISON unit-leader "$id" >/dev/null
same "$(as SECRECY_1 sluice-review show --json "$id" | jq -r '.votes[-1].stands_for')" p-03 "whom the vote stands for"
as SECRECY_1 sluice-review show "$id" >"$T/out"
grep -q 'in place of p-03' "$T/out" || fail "it is not shown that p-02 stood in"
"$BIN/sluice-policy" accounts --policy "$T/set-3" >"$T/out" 2>"$T/err" && fail "a lapsed account is good"
err_says 'p-04'
expect_exit 1 "$BIN/sluice-policy" accounts --policy "$SOURCE/policies/example" --on 2026-11-27 \
  --roster "$T/repository/approval-policy.json"
err_says 'does not give'
