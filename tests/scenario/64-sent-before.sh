#!/usr/bin/env bash
# Goal: what was published, refused or recalled is recognised when it comes again with another
# title and a few other words; another text, and one template with other figures, is not.
. "$(dirname "$0")/common.sh"
start_all
# hand_in FILE TITLE: report in $T/draft.
hand_in() { submit --title "$2" "$1" >"$T/draft" 2>/dev/null || :; }
finding() { jq -r '[.report.files[0].findings[] | select(.rule == "DH-016") | .severity + " " + (.evidence[0:2] | join(" "))] | join(";")' "$T/draft"; }
other=$SAMPLES/06-secrecy-week-clean.txt
first=$SAMPLES/01-road-works-clean.txt
sed 's/服从民警和施工人员指挥/听从现场指挥/' "$first" >"$T/again.txt"

hand_in "$first" "第一次"
published=$(jq -r .draft "$T/draft")
same "$(finding)" "" "the first time"
hand_in "$T/again.txt" "还没有公开"
same "$(finding)" "" "while nothing is public"
approve_route_a "$published"
wait_until 30 pull_until_live "$T/site" "R-${published#D-}" || fail "nothing became public"

hand_in "$T/again.txt" "换了标题"
same "$(finding)" "S3 published R-${published#D-}" "published before"
hand_in "$other" "另一件事"
same "$(finding)" "" "another text"
# A refused draft is remembered without its text.
refused=$(jq -r .draft "$T/draft")
as SECRECY_1 sluice-review show --json "$refused" >/dev/null
expect_exit 0 as SECRECY_1 sluice-review refuse "$refused" --role secrecy --code security --reason "not to be published"
hand_in "$other" "又来一次"
same "$(finding)" "S3 refused $refused" "refused before"

# What was taken down weighs more.
expect_exit 0 as DUTY_1 sluice-review freeze "R-${published#D-}" --reason "taken down"
hand_in "$T/again.txt" "再换标题"
same "$(finding)" "S2 recalled R-${published#D-}" "recalled before"
same "$(jq -r .route "$T/draft")" C "route of what was recalled"
