#!/usr/bin/env bash
# Goal: everybody sees what is due, how much of the term is used, and who holds the draft. A return
# stops the clock and the next revision starts it again, the outer limit runs on; levels are told;
# a term is extended once; dates over a year without a calendar are provisional until that year's
# file is signed and installed, and are then counted again.
. "$(dirname "$0")/common.sh"
year=$(date -u +%Y)
next=$((year + 1))
# A bureau whose outer limit reaches into the next year, of which there is no notice yet.
STACK_POLICIES=$T/mine
mkdir -p "$STACK_POLICIES"
cp -r "$SOURCE"/policies/{packs,lists,calendars,av-demo} "$SOURCE"/policies/*.yaml "$STACK_POLICIES"
rm -f "$STACK_POLICIES/calendars/$next.json" "$STACK_POLICIES/calendars/$((year + 2)).json"
sed -i '/id: outer/,/length:/s/length: 20/length: 250/' "$STACK_POLICIES/clocks.yaml"
start_all
day() { date -u -d "$1" +%F; }
status() { as AUTHOR sluice status --json "$1"; }
clock() { status "$1" | jq -r ".clocks[] | select(.kind == \"$2\") | $3"; } # DRAFT KIND FIELD
hand_in() { submit "$@" >"$T/draft" 2>"$T/err" || [ $? = 1 ] || fail "not handed in: $(cat "$T/err")"; }

# ---- what runs, and that it is what the officers' tool says ----
fresh_notice 1 >"$T/one.txt"
hand_in --type CT05 "$T/one.txt"
one=$(draft_of <"$T/draft")
same "$(status "$one" | jq -r '[.clocks[].kind] | join(" ")')" "route-a outer"
since=$(clock "$one" outer .start)
tool_due=$("$BIN/sluice-policy" clock outer --json --policy "$STACK_POLICIES" --from "$since" | jq -r .due)
same "$(clock "$one" outer .due)" "$tool_due" "the outer limit"
same "$(clock "$one" outer .provisional)" true "a date into a year without a notice"
same "$(status "$one" | jq -r .due)" "$(clock "$one" route-a .due)" "the earliest"
same "$(status "$one" | jq -r '[.holders[].role] | join(" ")')" liaison
as LIAISON sluice-review list >"$T/out"
grep -q '24:00 *0% used' "$T/out" || fail "the list does not say when it is due: $(cat "$T/out")"
grep -q "holidays of $next are not known" "$T/out" || [ "$(date -u +%m)" -lt 11 ] || fail "nobody is told that the calendar is missing"
as LIAISON sluice-review show "$one" >"$T/out"
grep -q 'publication at the latest .*provisional' "$T/out" || fail "a provisional date is not told: $(head -n 8 "$T/out")"
grep -q 'held by: liaison for' "$T/out" || fail "nobody holds it"
LANGUAGE=zh_CN LC_ALL=zh_CN.UTF-8 as AUTHOR sluice status "$one" >"$T/out"
if locale -a 2>/dev/null | grep -qi zh_cn; then grep -q '公开最长时限.*暂定' "$T/out" || fail "not in Chinese: $(cat "$T/out")"; fi

# ---- one decision further, fewer hold it, and since then ----
read_and_approve LIAISON liaison "$one" >/dev/null
same "$(status "$one" | jq -r '[.holders[].role] | join(" ")')" unit-leader

# ---- returned, the route's clock stands still; the limit runs on ----
as UNIT_LEADER sluice-review return "$one" --role unit-leader --code wording --reason "措辞请改" >/dev/null
[ "$(clock "$one" route-a .paused)" != null ] || fail "the clock runs on while the author has it"
same "$(clock "$one" outer .paused)" null "the outer limit"
same "$(status "$one" | jq -r .due)" "$(clock "$one" outer .due)" "the earliest that runs"
same "$(status "$one" | jq -r '.holders[0].role')" author
as AUTHOR sluice status "$one" | grep -q 'route A .*paused' || fail "the pause is not told"
fresh_notice 2 >"$T/two.txt"
as AUTHOR sluice revise --json "$one" --type CT05 "$T/two.txt" >"$T/draft" 2>/dev/null
same "$(status "$one" | jq .revision)" 2
same "$(clock "$one" route-a .paused)" null "the clock of the next revision"
same "$(clock "$one" outer .start)" "$since" "the limit runs on from the first revision"

# ---- levels ----
level() { # DAYS-AGO LEVEL
  printf 'type: CT05\ncreated_on: %s\n' "$(day "$1 days ago")" >"$T/old.yaml"
  fresh_notice "$1" >"$T/old.txt"
  hand_in --meta "$T/old.yaml" "$T/old.txt"
  same "$(clock "$(draft_of <"$T/draft")" outer .warn)" "$2" "level after $1 days"
}
level 60 0
level 210 50
level 320 80
level 420 100
as AUTHOR sluice status "$(draft_of <"$T/draft")" | grep -q 'OVERDUE' || fail "overdue is not told"

# ---- a reply: by its category, and extended once ----
printf 'type: CT16\nchannels: [forum]\nquestion: 小区门口乱停车怎么办\nreceived_on: %s\ncategory: 投诉\n' "$(day today)" >"$T/reply.yaml"
printf '网友您好：您反映的小区门口停车问题收悉，交警大队已到现场核查，对乱停车行为依法处理，并将该路段列入日常巡查范围。\n' >"$T/reply.txt"
hand_in --meta "$T/reply.yaml" "$T/reply.txt"
reply=$(draft_of <"$T/draft")
same "$(status "$reply" | jq -r '[.clocks[].kind] | sort | join(" ")')" "reply-complaint reply-watch"
before=$(clock "$reply" reply-complaint .due)
expect_exit 1 as SECRECY_1 sluice-review extend "$reply" reply-complaint --reason "仍在核查"
err_says 'the desk extends a term'
expect_exit 0 as DESK sluice-review extend "$reply" reply-complaint --reason "仍在核查"
[[ $(clock "$reply" reply-complaint .due) > $before ]] || fail "the extension gave no time"
expect_exit 1 as DESK sluice-review extend "$reply" reply-complaint --reason "再延"
err_says 'extended already'
expect_exit 1 as DESK sluice-review extend "$reply" reply-watch --reason "再延"
err_says 'let nobody extend'

# ---- next year's notice comes: its file is signed and installed, and dates become firm ----
last=$(clock "$one" outer .due_local | cut -d' ' -f1)
cp -r "$T/policies" "$T/new"
rm "$T/new"/signatures/*
sed -i 's/^version: .*/version: 2/' "$T/new/policy.yaml"
[ -e "$T/new/calendars/$year.json" ] || printf '{"year": %s, "days": []}' "$year" >"$T/new/calendars/$year.json"
printf '{"$schema": "x", "$id": "y", "year": %s, "papers": [], "days": [{"name": "测试", "date": "%s", "isOffDay": true}]}' \
  "$next" "$last" >"$T/new/calendars/$next.json"
printf '{"year": %s, "days": []}' $((year + 2)) >"$T/new/calendars/$((year + 2)).json"
for officer in secrecy-1 secrecy-2; do
  "$BIN/sluice-policy" sign --policy "$T/new" --key "$T/keys/$officer" >/dev/null
done
"$BIN/sluiced" --config "$T/gateway.yaml" policy install "$T/new" >/dev/null
is_firm() { [ "$(clock "$one" outer .provisional)" = false ]; }
wait_until 20 is_firm || fail "the date stays provisional"
moved() { [[ $(clock "$one" outer .due_local) > "$last 24:00" ]]; }
wait_until 20 moved || fail "the new holiday moved nothing: $(clock "$one" outer .due_local), was $last"
as LIAISON sluice-review list | grep -q 'are not known' && fail "the calendar is still said to be missing"
# A broken one is refused with its line, and the one in force stays.
sed -i "s/$last/$next-02-30/; 1i\\
" "$T/new/calendars/$next.json"
sed -i 's/^version: .*/version: 3/' "$T/new/policy.yaml"
rm "$T/new"/signatures/*
expect_exit 1 "$BIN/sluice-policy" sign --policy "$T/new" --key "$T/keys/secrecy-1"
err_says "new/calendars/$next.json:2: .*$next-02-30"
