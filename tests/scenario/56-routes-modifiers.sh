#!/usr/bin/env bash
# Goal: a list of many persons asks for one secrecy officer more, and a text like one that was
# recalled takes the sensitive route; neither is approved before those people signed.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/routes.sh"
start_all

# ---- a wanted notice that names more than twenty: three secrecy officers instead of two ----
persons() { # N
  local n=0 given=(建国 志强 海涛 永福 德胜 文彬 国庆 小龙 春生 明亮 立新)
  for family in 赵 钱 孙 李 周 吴 郑; do
    for name in "${given[@]}"; do
      n=$((n + 1))
      [ $n -le "$1" ] || return 0
      printf '犯罪嫌疑人%s%s，男，%d岁，本市人。\n' $family "$name" $((25 + n))
    done
  done
}
{ fresh_notice 401 && persons 20; } >"$T/twenty.txt"
hand_in_file H CT08 "$T/twenty.txt"
same "$(modifiers "$id")" '' "modifiers of twenty"
{ fresh_notice 402 && persons 33; } >"$T/many.txt"
hand_in_file H CT08 "$T/many.txt"
same "$(modifiers "$id")" many-persons:open "modifiers of many"
walk UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy SECRECY_2:secrecy
too_early DIRECTOR director secrecy
same "$(status "$id" | jq -c '[.missing[] | select(. == "secrecy")]')" '["secrecy"]' "the third one is missing"
walk SECRECY_3:secrecy
same "$(modifiers "$id")" many-persons:met "modifier after the third"
walk_out DIRECTOR:director DESK:desk
wait_until 60 pull_until_live "$T/site" "R-${id#D-}" || fail "the wanted notice is not live"

# ---- like what was recalled: route C, though the type is ordinary ----
hand_in A CT04 411
walk_out LIAISON:liaison UNIT_LEADER:unit-leader DESK:desk
release=R-${id#D-}
wait_until 60 pull_until_live "$T/site" "$release" || fail "$release is not live"
cp "$T/notice.txt" "$T/recalled.txt"
as AUTHOR sluice recall "$release" --reason 时间有误 >/dev/null
gone() { pull "$T/site" >/dev/null && [ ! -e "$T/site/live/$release" ]; }
wait_until 60 gone || fail "it is still live"
{ cat "$T/recalled.txt" && printf '补充一句。\n'; } >"$T/like.txt"
hand_in_file C CT04 "$T/like.txt"
same "$(jq -r '[.report.files[].findings[] | select(.rule == "DH-016") | .evidence[0]] | join(";")' "$T/r.json")" recalled "why it takes route C"
too_early LEGAL legal unit-leader
walk UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy SECRECY_2:secrecy
refused_by DEPUTY deputy
