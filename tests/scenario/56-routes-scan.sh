#!/usr/bin/env bash
# Goal: a scan of real programs - printed by LibreOffice, drawn by pdftoppm, bound by img2pdf -
# asks for a person who certifies every page: without the certificate nobody can complete it,
# with it it is published as it is. An office file with a page that is only a picture is said to
# have one, to be acknowledged by each, and on a sensitive route certified as well.
OFFICE=/usr/lib/libreoffice
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/routes.sh"
for program in soffice pdftoppm img2pdf; do
  command -v $program >/dev/null || skip "$program is not installed"
done
converted() { # FORMAT FILE: beside it
  soffice -env:UserInstallation="file://$T/office" --headless --convert-to "$1" \
    --outdir "$T" "$2" >"$T/office.log" 2>&1 || fail "soffice: $(cat "$T/office.log")"
}
# flat OUT TEXT [PICTURE]: an ODF of these lines, and a page with the picture alone
flat() {
  {
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">\n'
    printf '<office:automatic-styles><style:style style:name="n" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style></office:automatic-styles>\n<office:body><office:text>\n'
    sed 's|.*|<text:p>&</text:p>|' "$2"
    if [ $# -gt 2 ]; then
      printf '<text:p text:style-name="n"><draw:frame draw:name="p" text:anchor-type="as-char" svg:width="16cm" svg:height="22cm"><draw:image><office:binary-data>'
      base64 "$3"
      printf '</office:binary-data></draw:image></draw:frame></text:p>\n'
    fi
    printf '</office:text></office:body></office:document>\n'
  } >"$1"
}
fresh_notice 501 >"$T/paper.txt"
for i in $(seq 25); do printf '第%d项便民措施由各窗口单位负责落实。\n' "$i"; done >>"$T/paper.txt"
flat "$T/paper.fodt" "$T/paper.txt"
converted pdf "$T/paper.fodt"
pdftoppm -r 110 -gray -png "$T/paper.pdf" "$T/page"
img2pdf --output "$T/scan.pdf" "$T"/page-*.png
pages=$(ls "$T"/page-*.png | wc -l)
[ "$pages" -ge 2 ] || fail "the paper has $pages page only"
fresh_notice 502 >"$T/cover.txt"
flat "$T/mixed.fodt" "$T/cover.txt" "$(ls "$T"/page-*.png | head -n 1)"
converted docx "$T/mixed.fodt"

start_all
sees() { "$BIN/sluiced" status --config "$T/gateway.yaml" --json >"$T/status.json" || :; jq -e '.roles[] | select(.name == "see" and .state == "ready")' "$T/status.json" >/dev/null; }
wait_until 60 sees || skip "no models to read pictures with"
asks_for_pages() { # what the draft takes, and the rule behind it
  jq -e '[.report.files[].findings[] | .rule] | index("DH-006")' "$T/r.json" >/dev/null || fail "no DH-006: $(head -c 900 "$T/r.json")"
  same "$(status "$id" | jq -r '[.modifiers[] | select(.id == "every-page") | .state, .certify] | join(" ")')" "open CERT-PAGES" "$1"
}

# ---- the scan: ordinary by its type, sensitive as a picture ----
hand_in_file C CT04 "$T/scan.pdf"
asks_for_pages "the scan"
as SECRECY_1 sluice-review show "$id" >"$T/out"
grep -q 'certif' "$T/out" || fail "a person is not told of the certificate: $(cat "$T/out")"
walk UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy
expect_exit 1 sign SECRECY_2 secrecy "$id"
err_says 'CERT-PAGES'
expect_exit 2 sign SECRECY_2 secrecy "$id" --ack CERT-PAGES=
too_early DEPUTY deputy secrecy
too_early DESK desk secrecy
! pull_until_live "$T/site" "R-${id#D-}" || fail "it is published without the certificate"
walk_with() { sign "$1" "$2" "$id" --ack CERT-PAGES="$3" >"$T/v.json" || fail "$1 is refused"; }
walk_with SECRECY_2 secrecy "逐页阅读，共${pages}页"
same "$(modifiers "$id" | tr ' ' '\n' | grep every-page)" every-page:met "with the certificate"
walk_out DEPUTY:deputy DESK:desk
wait_until 60 pull_until_live "$T/site" "R-${id#D-}" || fail "the scan is not live"
cmp "$T/scan.pdf" "$T/site/live/R-${id#D-}/files/scan.pdf" || fail "other bytes than those that were read"
# It stands on the record who read all of it.
as DESK sluice-review form "$id" >"$T/form.txt"
grep -q "逐页阅读，共${pages}页" "$T/form.txt" || fail "the form does not say who certified: $(cat "$T/form.txt")"

# ---- a text with a page that is only a picture: its words were read by the machine, too ----
hand_in_file A CT04 "$T/mixed.docx"
same "$(jq -r '[.report.files[].findings[] | select(.rule == "DH-006") | .severity + " " + .evidence[0]] | unique | join(";")' "$T/r.json")" \
  'S3 text-in-picture' "what is said of the page"
as LIAISON sluice-review show --json "$id" >/dev/null
expect_exit 1 as LIAISON sluice-review approve "$id" --role liaison
err_says 'DH-006'
walk LIAISON:liaison
refused_by UNIT_LEADER unit-leader
# On a sensitive route a person reads every page of it.
hand_in_file C CT06 "$T/mixed.docx"
asks_for_pages "the mixed file"
walk UNIT_LEADER:unit-leader LEGAL:legal
walk_with SECRECY_1 secrecy "逐页阅读，共2页，含图片页"
walk SECRECY_2:secrecy
too_early DEPUTY deputy secrecy
walk SECRECY_3:secrecy
same "$(modifiers "$id" | tr ' ' '\n' | grep every-page)" every-page:met "one of three has certified"
refused_by DEPUTY deputy
