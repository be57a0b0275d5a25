#!/usr/bin/env bash
# Goal: a leak in any hiding place of files that LibreOffice and others made is found by a rule
# about its words, or the file is held; files without one are not.
. "$(dirname "$0")/common.sh"
command -v soffice >/dev/null || skip "soffice is not installed"

mkdir "$T/bases" "$T/files"
open='<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.'
line='<text:p>关于调整办公时间的通知</text:p>'
base() { # KIND BODY EXTENSION...: base.EXTENSION, each by LibreOffice
  local kind=$1 body=$2 ext
  shift 2
  printf '%s%s"><office:body><office:%s>%s</office:%s></office:body></office:document>\n' \
    "$open" "$kind" "$kind" "$body" "$kind" >"$T/bases/base.fod"
  for ext in "$@"; do
    soffice -env:UserInstallation="file://$T/office" --headless --convert-to "$ext" \
      --outdir "$T/bases" "$T/bases/base.fod" >"$T/office.log" 2>&1
    [ -s "$T/bases/base.$ext" ] || fail "no base.$ext: $(cat "$T/office.log")"
  done
}
base text "$line" docx odt pdf
base spreadsheet "<table:table table:name=\"表一\"><table:table-column/><table:table-row><table:table-cell>$line</table:table-cell></table:table-row></table:table>" xlsx ods
base presentation "<draw:page draw:name=\"p1\"><draw:frame svg:x=\"2cm\" svg:y=\"2cm\" svg:width=\"20cm\" svg:height=\"4cm\"><draw:text-box>$line</draw:text-box></draw:frame></draw:page>" pptx

python3 "$SOURCE/tests/support/hide.py" "$T/files" "$T/bases" >"$T/list"
(cd "$T/files" && cut -f2 "$T/list" | xargs "$BIN/sluice-policy" scan --demo-signatures --json --type CT05) \
  >"$T/reports" 2>"$T/err" || :
[ "$(jq -s length "$T/reports")" -eq "$(wc -l <"$T/list")" ] ||
  fail "reports are missing: $(tail -n 3 "$T/err")"

# What the report of each file comes to: leak when a rule about words found it.
jq -r '[.input.name,
  (if any(.findings[]; .rule | test("^(PI-001|SM-)")) then "leak"
   elif .verdict == "hold" or .verdict == "block" then "stop" else "clean" end),
  ([.findings[].rule] | unique | join(" "))] | @tsv' "$T/reports" >"$T/found"
wrong=$(join -t $'\t' <(sort -t $'\t' -k1,1 "$T/found") \
  <(awk -F '\t' -v OFS='\t' '{ print $2, $1, $3 }' "$T/list" | sort -t $'\t' -k1,1) |
  awk -F '\t' '$2 != $4 && !($4 == "stop" && $2 == "leak") { printf "%s (%s): %s instead of %s [%s]\n", $1, $5, $2, $4, $3 }')
[ -z "$wrong" ] || fail "$wrong"
printf '%s files: %s\n' "$(wc -l <"$T/list")" "$(cut -f1 "$T/list" | sort | uniq -c | xargs)"
