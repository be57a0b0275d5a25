#!/usr/bin/env bash
# Goal: a Word document of the format before 2007 is read by way of LibreOffice in its own
# sandbox, reviewed and published; what hides in such files comes back; where LibreOffice is
# not installed they are held with the advice, and everything else goes on.
LIBREOFFICE=/usr/lib/libreoffice
OFFICE=$LIBREOFFICE
. "$(dirname "$0")/common.sh"
documents=$SOURCE/tests/corpus/documents
want() { # FILE STATE [RULE]
  submit --type CT05 "$1" >"$T/out" 2>"$T/err" || :
  same "$(jq -r .state "$T/out")" "$2" "state of $(basename "$1"): $(head -c 800 "$T/out")"
  [ $# -lt 3 ] || grep -q "\"$3\"" "$T/out" || fail "$(basename "$1"): no $3 in $(head -c 2000 "$T/out")"
}

# Without it: held, with the advice; doctor and status say so; texts go on.
OFFICE=/nonexistent start_all
want "$documents/clean.doc" HELD OF-001
for words in 'Save it as .docx' '请另存为 .docx'; do
  grep -qF "$words" "$T/out" || fail "no advice \"$words\": $(head -c 2000 "$T/out")"
done
want "$SAMPLES/01-road-works-clean.txt" IN_REVIEW
"$BIN/sluiced" doctor --config "$T/gateway.yaml" >"$T/doctor" || :
grep -q 'no LibreOffice' "$T/doctor" || fail "doctor does not say that LibreOffice is missing"
"$BIN/sluiced" status --config "$T/gateway.yaml" >"$T/status" || :
grep -q 'no LibreOffice' "$T/status" || fail "status does not say that LibreOffice is missing"

# The same where it stands in another file.
mail() { # OUT FILE: a letter that carries it
  {
    printf 'From: <desk@example.org>\nSubject: notice\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    printf -- '--b\nContent-Type: text/plain\n\nsee the attached file\n'
    printf -- '--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="%s"\n\n' "$(basename "$2")"
    base64 "$2"
    printf -- '--b--\n'
  } >"$1"
}
mail "$T/clean.eml" "$documents/clean.doc"
mail "$T/hidden.eml" "$documents/hidden.doc"
(cd "$documents" && tar -cf "$T/hidden.tar" --owner=0 --group=0 hidden.xls hidden.ppt)
want "$T/clean.eml" HELD OF-001
grep -q 'office-not-installed' "$T/out" || fail "no reason: $(head -c 2000 "$T/out")"

[ -e "$LIBREOFFICE/program/libmergedlo.so" ] || skip "LibreOffice is not installed"
stack_stop_one "$T/gateway.pid"
sed -i "s|^office: .*|office: $LIBREOFFICE|" "$T/gateway.yaml"
stack_start_gateway "$T"
want "$documents/tracked-changes.doc" BLOCKED DH-001
want "$documents/comments.doc" BLOCKED DH-002
want "$documents/hidden.doc" BLOCKED DH-003
want "$documents/hidden.xls" BLOCKED DH-003
want "$documents/hidden.ppt" BLOCKED DH-003
want "$documents/encrypted.doc" BLOCKED DH-008
want "$documents/encrypted.xls" BLOCKED DH-008
want "$T/clean.eml" IN_REVIEW
want "$T/hidden.eml" BLOCKED DH-003
grep -q 'hidden.eml/hidden.doc/converted.docx' "$T/out" || fail "no place: $(head -c 2000 "$T/out")"
want "$T/hidden.tar" BLOCKED DH-003
for place in xls/converted.xlsx ppt/converted.pptx; do
  grep -q "hidden.tar/hidden.$place" "$T/out" || fail "$place was not read: $(head -c 2000 "$T/out")"
done
head -c 6144 "$documents/clean.doc" >"$T/cut.doc"
want "$T/cut.doc" HELD

# The same bytes give the same report, whatever LibreOffice draws by lot.
for try in 1 2; do
  (cd "$documents" && "$BIN/sluice-policy" scan --demo-signatures --json clean.doc hidden.xls hidden.ppt) >"$T/scan$try" 2>"$T/err" || :
done
[ "$(jq -s length "$T/scan1")" -eq 3 ] || fail "no reports: $(cat "$T/err")"
cmp "$T/scan1" "$T/scan2" || fail "two reports of the same bytes"

want "$documents/clean.doc" IN_REVIEW
id=$(draft_of <"$T/out")
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "it never arrived"
cmp "$documents/clean.doc" "$T/site/live/${id/D-/R-}/files/clean.doc"
