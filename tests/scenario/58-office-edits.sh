#!/usr/bin/env bash
# Goal: a reviewer's exact words in office files of LibreOffice: put into text, table, header and
# across runs and nothing else is changed; what cannot be put in exactly is refused before anybody
# signs, in words; the copy opens again and is published as it was edited.
OFFICE=/usr/lib/libreoffice
. "$(dirname "$0")/common.sh"
command -v soffice >/dev/null || skip "soffice is not installed"
review() { as "$1" sluice-review "${@:2}"; }
edits() { python3 "$SOURCE/tests/support/office-edits.py" "$@"; }
converted() { # FORMAT FILE DIR
  soffice -env:UserInstallation="file://$T/office" --headless --infilter="$(case $2 in *.csv) echo CSV:44,34,76 ;; esac)" --convert-to "$1" \
    --outdir "$3" "$2" >"$T/office.log" 2>&1 || fail "soffice: $(cat "$T/office.log")"
}
mkdir "$T/in" "$T/out.d"
{
  cat <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles><style:page-layout style:name="pl"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/><style:header-style/></style:page-layout><style:style style:name="b" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pl"><style:header><text:p>便民办事告知单</text:p></style:header></style:master-page></office:master-styles>
<office:body><office:text>
<text:p>关于调整窗口办公时间的告知</text:p>
<text:p>户籍窗口每周六上午开放，请携带材料。</text:p>
<text:p>咨询台每<text:span text:style-name="b">周</text:span>日下午开放。</text:p>
<text:p>各窗口设有饮水处。咨询台设有饮水处。</text:p>
<table:table table:name="t"><table:table-column table:number-columns-repeated="2"/><table:table-row><table:table-cell><text:p>受理室</text:p></table:table-cell><table:table-cell><text:p>一楼东侧</text:p></table:table-cell></table:table-row></table:table>
<text:p>特此告知。</text:p>
</office:text></office:body></office:document>
XML
} >"$T/paper.fodt"
converted docx "$T/paper.fodt" "$T/in"
converted odt "$T/paper.fodt" "$T/in"
printf '项目,地点\n受理,一楼大厅\n发证,二楼南侧\n咨询,一楼大厅\n' >"$T/places.csv"
converted xlsx "$T/places.csv" "$T/in"
start_all

handed_in() { # FILE [options...]; sets $id
  submit --title 窗口办公时间 --type CT04 "$@" >"$T/r.json" 2>"$T/err" || fail "$*: $(head -c 900 "$T/r.json" "$T/err")"
  id=$(draft_of <"$T/r.json")
  review LIAISON show --json "$id" >/dev/null
}
return_with() { # EDIT...: the liaison's
  local one args=()
  for one in "$@"; do args+=(--edit "$one"); done
  review LIAISON return "$id" --role liaison --code wording --reason 请按此修改 "${args[@]}"
}
refused_edit() { # TEXT EDIT...: nothing is signed
  local says=$1
  shift
  expect_exit 1 return_with "$@"
  err_says "$says"
  same "$(state_of "$id")" IN_REVIEW "a return that was refused"
}
# edited FILE FROM TO PART [NUMBER]: return, accept, compare, open, and it is said to be exact
edited() {
  local file=$1 from=$2 to=$3 name kind
  name=$(basename "$file")
  handed_in "$file"
  return_with "$4$from=>$to" >"$T/out" || fail "$name: $(cat "$T/err")"
  expect_exit 0 as AUTHOR sluice accept --json --yes "$id"
  same "$(jq -r .revision "$T/out")" 2 "$name, taken over"
  review LIAISON show --json "$id" >"$T/shown.json"
  same "$(jq -r '[.edits_exact, .edits_here] | join(" ")' "$T/shown.json")" "true words" "$name: what both machines say"
  rm -rf "$T/got" && review LIAISON get "$id" --into "$T/got" >/dev/null
  edits same "$file" "$(find "$T/got" -name "$name" | head -n 1)" "$from" "$to" "${5:-1}" >"$T/member" ||
    fail "$name differs in something else"
  kind=txt
  [ "${name##*.}" != xlsx ] || kind=csv
  converted $kind "$(find "$T/got" -name "$name" | head -n 1)" "$T/out.d"
  [ -s "$T/out.d/${name%.*}.$kind" ] || fail "$name does not open any more"
}
edited "$T/in/paper.docx" 周六上午 周六全天 file:0:
same "$(cat "$T/member")" word/document.xml "what was written anew"
grep -q 周六全天 "$T/out.d/paper.txt" || fail "LibreOffice reads other words: $(cat "$T/out.d/paper.txt")"
edited "$T/in/paper.docx" 一楼东侧 二楼西侧 file:0:
edited "$T/in/paper.docx" 每周日下午 每周日全天 file:0:
edited "$T/in/paper.docx" 便民办事告知单 便民服务告知单 file:0:
grep -q 'word/header' "$T/member" || fail "the header is in $(cat "$T/member")"
edited "$T/in/paper.odt" 周六上午 周六全天 file:0:
same "$(cat "$T/member")" content.xml "what was written anew in the ODT"
edited "$T/in/paper.odt" 便民办事告知单 便民服务告知单 file:0:
same "$(cat "$T/member")" styles.xml "the ODT's header"
edits runs "$T/in/paper.docx" "$T/in/runs.docx"
edited "$T/in/runs.docx" 办理地点在二楼 办理地点在三楼 file:0:
edits textbox "$T/in/paper.docx" "$T/in/box.docx"
edited "$T/in/box.docx" 框内提示请带证件 框内提示请带原件 file:0: 2

# Published: the edited bytes, and nothing of the old words.
handed_in "$T/in/paper.docx"
return_with file:0:周六上午=周六全天 file:0:一楼东侧=二楼西侧 'title:办公时间=>开放时间' >/dev/null
expect_exit 0 as AUTHOR sluice accept --json --yes "$id"
approve_route_a "$id"
release=R-${id#D-}
wait_until 60 pull_until_live "$T/site" "$release" || fail "it is not live"
same "$(jq -r .title "$T/site/live/$release/manifest.json")" 窗口开放时间 "its title"
unzip -p "$T/site/live/$release/files/paper.docx" word/document.xml >"$T/live.xml"
grep -q 周六全天 "$T/live.xml" && grep -q 二楼西侧 "$T/live.xml" && ! grep -q 周六上午 "$T/live.xml" || fail "other words were published"

# ---- what cannot be put in exactly: said before anything is signed ----
handed_in "$T/in/paper.docx"
refused_edit 'stands there more than once' file:0:设有饮水处=设有休息处
refused_edit 'stands there more than once' file:0@2:周六上午=周六全天
refused_edit 'does not stand there' file:0:周五上午=周六全天
refused_edit 'does not stand there' file:0:周六上午=周六全天 file:0:六上=六下
refused_edit 'no such file' file:7:周六上午=周六全天
handed_in "$T/in/places.xlsx"
refused_edit 'stands there more than once' file:0:一楼大厅=二楼大厅
edited "$T/in/places.xlsx" 二楼南侧 三楼南侧 file:0:
converted pdf "$T/paper.fodt" "$T/in"
handed_in "$T/in/paper.pdf"
refused_edit 'takes no edits' file:0:周六上午=周六全天
edits tracked "$T/in/paper.docx" "$T/in/tracked.docx"
code=0
submit --title 窗口办公时间 --type CT04 "$T/in/tracked.docx" >"$T/r.json" || code=$?
id=$(draft_of <"$T/r.json")
if [ "$(state_of "$id")" = IN_REVIEW ]; then
  review LIAISON show --json "$id" >/dev/null
  refused_edit 'tracked changes' file:0:周六上午=周六全天
else
  [ "$(state_of "$id")" = BLOCKED ] || fail "tracked changes: $(state_of "$id")"
fi
# Two members of one name: no filter believes either, so nobody gets to edit it.
edits twice "$T/in/paper.docx" "$T/in/twice.docx"
code=0
submit --title 窗口办公时间 --type CT04 "$T/in/twice.docx" >"$T/r.json" || code=$?
same "$code" 1 "exit with two members of one name"
expect_exit 1 review LIAISON return "$(draft_of <"$T/r.json")" --role liaison --code wording --reason 请改 --edit file:0:周六上午=周六全天
