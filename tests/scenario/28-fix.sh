#!/usr/bin/env bash
# Goal: `sluice fix` masks and cleans a leaking draft in four formats, shows it first, and the
# new revision is inspected from the start, reviewed, and published without the numbers and
# without its maker; what it cannot mend it says; nobody fixes another's draft or a spill.
. "$(dirname "$0")/common.sh"
start_all
python3 "$SOURCE/tests/support/make-leaks.py" "$T"
secrets='349901198705143123|15400001234|周若宁|王起草'
code=0
submit --title 拾金不昧暖人心 --type CT05 "$T/leak.docx" "$T/leak.xlsx" "$T/leak.csv" "$T/leak.txt" >"$T/r.json" || code=$?
same "$code $(jq -r .state "$T/r.json")" "1 BLOCKED" "the leaking draft"
id=$(draft_of <"$T/r.json")

# Shown first, with nothing of what is masked; a "no" hands nothing in.
as AUTHOR sluice fix "$id" <<<n >"$T/shown"
for want in 'leak.docx' 'leak.xlsx' 'leak.txt' '154\*\*\*\*1234' '34\*{13}123' '周某某' 'properties'; do
  grep -qE -- "$want" "$T/shown" || fail "what is shown lacks $want: $(cat "$T/shown")"
done
! grep -qE "$secrets" "$T/shown" || fail "what is shown tells the secrets: $(cat "$T/shown")"
as AUTHOR sluice fix --json "$id" >"$T/fix.json"
same "$(jq -r '[.submitted, .fix.schema, .fix.revision, (.fix.files | length)] | join(" ")' "$T/fix.json")" \
  "false sluice-fix/1 1 4" "the record"
! grep -qE "$secrets" "$T/fix.json" || fail "the record tells the secrets"
same "$(jq -r .fix.report_sha256 "$T/fix.json" | wc -c)" 65 "the report that the record is bound to"
same "$(as AUTHOR sluice status --json "$id" | jq -r '[.revision, .state] | join(" ")')" "1 BLOCKED" "after a no"

# Killed while it is asked for: the wish is done again, by other processes.
for role in inspector filter-clean desk; do
  as AUTHOR sluice fix --json "$id" >"$T/again.json" 2>"$T/err" &
  asking=$!
  pid=$(pgrep -P "$(cat "$T/gateway.pid")" -f "sluice-$role") && kill -KILL "$pid" || printf 'sluice-%s had ended\n' "$role"
  wait "$asking" || printf 'asked in vain: %s\n' "$(cat "$T/err")"
  same_record() { as AUTHOR sluice fix --json "$id" >"$T/again.json" 2>"$T/err" && cmp -s "$T/fix.json" "$T/again.json"; }
  wait_until 60 same_record || fail "after a killed $role: $(cat "$T/err" "$T/again.json" | head -c 400)"
done

# Only written out: the copies, and the draft is as it was.
as AUTHOR sluice fix --out "$T/out-files" "$id" >/dev/null
same "$(ls "$T/out-files" | tr '\n' ' ')" "leak.csv leak.docx leak.txt leak.xlsx " "files written out"
same "$(grep -c 周某某 "$T/out-files/leak.txt")" 1 "the text, in UTF-8 now"

# Handed in: inspected from the start, signed by the author, everything else as it was.
as AUTHOR sluice fix --yes --json "$id" >"$T/fixed.json"
same "$(jq -r '[.draft, .revision, .state] | join(" ")' "$T/fixed.json")" "$id 2 IN_REVIEW" "the fixed draft"
same "$(jq -r '.report.counts | .S0 + .S1 + .S2' "$T/fixed.json")" 0 "findings left"
as LIAISON sluice-review show "$id" >"$T/review"
grep -q 'Made by the gateway out of revision 1' "$T/review" || fail "the reviewer is not told of the fix: $(cat "$T/review")"
grep -qE '154\*\*\*\*1234' "$T/review" || fail "the reviewer is not told of the masks"
as LIAISON sluice-review show --json "$id" >"$T/review.json"
same "$(jq -r '[.fix.revision, .draft.title] | join(" ")' "$T/review.json")" "1 拾金不昧暖人心" "what the reviewer sees"
# The audit names the record that the reviewer saw.
same "$(jq -r .fix_sha256 "$T/review.json")" \
  "$("$BIN/../libexec/sluice/sluice-desk" export "$T/export" --config "$T/gateway.yaml" >/dev/null; \
     jq -r 'select(.audit.kind == "draft.fix-done") | .audit.record | fromjson | .record' "$T/export" | tail -n 1)" "the record in the audit"
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "it never arrived"
files=$T/site/live/${id/D-/R-}/files
same "$(jq -r '[.content_type, .title] | join(" ")' "$T/site/live/${id/D-/R-}/manifest.json")" "CT05 拾金不昧暖人心" "the manifest"
mkdir "$T/open"
(cd "$T/open" && unzip -q "$files/leak.docx" && unzip -qo "$files/leak.xlsx")
grep -q 'Target="tel:154\*\*\*\*1234"' "$T/open/word/_rels/document.xml.rels" || fail "the link is not masked"
same "$(cat "$files/leak.csv")" '窗口,联系电话
"户籍","154****1234"' "the table"
! grep -rqE "$secrets" "$T/open" "$files/leak.txt" || fail "published: $(grep -rE "$secrets" "$T/open" "$files/leak.txt" | head -n 3)"
grep -rq '154\*\*\*\*1234' "$T/open" || fail "the mask is not in the published files"
expect_exit 1 as AUTHOR sluice fix "$id"
err_says 'published'

# A PDF takes no masks: it says what to do, and nothing is handed in.
code=0
submit --title 情况说明 "$T/leak.pdf" >"$T/r.json" || code=$?
same "$(jq -r .state "$T/r.json")" BLOCKED "the PDF"
expect_exit 1 as AUTHOR sluice fix --yes "$(draft_of <"$T/r.json")"
grep -q 'change the document that it was made from' "$T/out" || fail "no advice for the PDF: $(cat "$T/out")"
same "$(as AUTHOR sluice status --json "$(draft_of <"$T/r.json")" | jq -r .revision)" 1 "revision of the PDF"

# A sheet is called by the number: the name stays, since formulas say it, and that is said; the
# cells are masked, and nothing is handed in as if it were mended.
code=0
submit --title 联系表 --type CT05 "$T/names.xlsx" >"$T/r.json" || code=$?
same "$(jq -r .state "$T/r.json")" BLOCKED "the named sheet"
names=$(draft_of <"$T/r.json")
expect_exit 1 as AUTHOR sluice fix --yes "$names"
grep -q 'can still be read at this place' "$T/out" || fail "the sheet's name is not said: $(cat "$T/out")"
as AUTHOR sluice fix --out "$T/names-out" "$names" >/dev/null
mkdir "$T/names-open"
(cd "$T/names-open" && unzip -q "$T/names-out/names.xlsx")
grep -q '<c r="B1" t="str"><v>154\*\*\*\*1234</v>' "$T/names-open/xl/worksheets/sheet1.xml" ||
  fail "the cell: $(cat "$T/names-open/xl/worksheets/sheet1.xml")"
cmp "$T/names-open/xl/workbook.xml" <(unzip -p "$T/names.xlsx" xl/workbook.xml) || fail "the workbook's names were changed"

# A clean draft has nothing to fix; another's is not there; a spill stays sealed.
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
expect_exit 0 as AUTHOR sluice fix "$(draft_of <"$T/r.json")"
grep -q 'nothing to fix' "$T/out" || fail "nothing to fix: $(cat "$T/out")"
expect_exit 1 as LIAISON sluice fix "$(draft_of <"$T/r.json")"
err_says 'no draft'
code=0
submit "$SAMPLES/03-marked-paper-spill.txt" >"$T/r.json" || code=$?
same "$code" 4 "exit of a spill"
expect_exit 4 as AUTHOR sluice fix "$(draft_of <"$T/r.json")"
err_says 'sealed'
