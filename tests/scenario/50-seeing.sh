#!/usr/bin/env bash
# Goal: what a person would see in files of real programs decides their outcome - a mark in a
# scan, an address in a QR code, white text on a page, and all of it in other files, too - and
# a draft whose pictures are read delays no text, survives kill -9 in its queue and never
# passes unread.
OFFICE=/usr/lib/libreoffice
. "$(dirname "$0")/common.sh"
for program in convert qrencode soffice pdfunite zip; do
  command -v $program >/dev/null || skip "$program is not installed"
done
FONT=/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc
[ -e $FONT ] || skip "fonts-wqy-zenhei is not installed"

converted() { # FORMAT FILE: beside it
  soffice -env:UserInstallation="file://$T/office" --headless --convert-to "$1" \
    --outdir "$T" "$2" >"$T/office.log" 2>&1 || fail "soffice: $(cat "$T/office.log")"
}
# document OUT TEXT PICTURE...: lines of text, then pictures; a line of "white:" is white
document() {
  local out=$1 text=$2 n=0 p
  shift 2
  {
    cat <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles><style:style style:name="w" style:family="paragraph"><style:text-properties fo:color="#ffffff"/></style:style></office:automatic-styles>
<office:body><office:text>
XML
    sed 's|^white:\(.*\)|<text:p text:style-name="w">\1</text:p>|; t; s|.*|<text:p>&</text:p>|' <<<"$text"
    for p in "$@"; do
      n=$((n + 1))
      printf '<text:p><draw:frame draw:name="p%d" text:anchor-type="as-char" svg:width="14cm" svg:height="14cm"><draw:image><office:binary-data>' $n
      base64 "$p"
      printf '</office:binary-data></draw:image></draw:frame></text:p>\n'
    done
    printf '</office:text></office:body></office:document>\n'
  } >"$out"
}
picture() { convert -size 1200x1200 xc:white -font $FONT -pointsize 36 -fill black "$@"; }

lines='关于开展夏季治安打击整治行动的通告
为切实维护社会治安秩序，保障人民群众生命财产安全，现就有关事项通告如下。
广大群众发现违法犯罪线索，可以向公安机关举报。'
picture -annotate +100+120 '秘密★5年' -annotate +100+300 '云汀市公安局关于某项工作的通知' "$T/scan.png"
picture -annotate +100+300 '关于调整办公时间的通知' -annotate +100+380 '各窗口单位周六上午照常办理业务' "$T/notice.png"
convert "$T/notice.png" -quality 85 "$T/notice.jpg"
qrencode -s 8 -o "$T/qr.png" 'http://10.34.126.18/oa/login'
convert -size 200x100 xc:navy -fill yellow -draw 'circle 100,50 100,15' "$T/logo.png"
document "$T/text.fodt" "$lines" && converted pdf "$T/text.fodt"
document "$T/white.fodt" "$lines
white:参与行动的侦查员名单另行通知" && converted pdf "$T/white.fodt"
document "$T/picture.fodt" '' "$T/notice.png" && converted pdf "$T/picture.fodt"
document "$T/marked.fodt" "$lines" "$T/scan.png" && converted docx "$T/marked.fodt"
document "$T/inside.fodt" "$lines" "$T/logo.png" && converted docx "$T/inside.fodt"
head -c 4000 "$T/notice.jpg" >"$T/cut.jpg"

start_all
sees() { "$BIN/sluiced" status --config "$T/gateway.yaml" --json >"$T/status.json" || :; jq -e '.roles[] | select(.name == "see" and .state == "ready")' "$T/status.json" >/dev/null; }
wait_until 60 sees || skip "no models to read pictures with"

look() { # FILE STATE [PATTERN...]: in the draft's report
  local file=$1 state=$2 id report
  shift 2
  submit --type CT04 "$file" >"$T/out" 2>"$T/err" || :
  same "$(jq -r .state "$T/out")" "$state" "$(basename "$file"): $(head -c 900 "$T/out")"
  for pattern in "$@"; do
    grep -q "$pattern" "$T/out" || fail "$(basename "$file") has no $pattern: $(head -c 1500 "$T/out")"
  done
}
look "$T/text.pdf" IN_REVIEW
look "$T/scan.png" SPILL
look "$T/marked.docx" SPILL
look "$T/qr.png" BLOCKED WS-006
look "$T/white.pdf" BLOCKED DH-003
look "$T/picture.pdf" IN_REVIEW DH-006
look "$T/notice.jpg" IN_REVIEW PI-012 DH-006
look "$T/cut.jpg" HELD
# In other files: a picture, a document's picture, a page, an old document's picture.
mkdir "$T/packed"
packed() { # OUT FILE...: an archive of them
  local out=$1
  shift
  (cd "$T" && tar -cf "$out" --owner=0 --group=0 "$@")
}
converted doc "$T/marked.docx"
packed "$T/packed/picture.tar" notice.png
packed "$T/packed/marked.tar" marked.docx
packed "$T/packed/old.tar" marked.doc
packed "$T/packed/white.tar" white.pdf
packed "$T/packed/text.tar" text.pdf
packed "$T/packed/cut.tar" cut.jpg
look "$T/packed/picture.tar" IN_REVIEW DH-006
look "$T/packed/marked.tar" SPILL
look "$T/marked.doc" SPILL
look "$T/packed/old.tar" SPILL
look "$T/packed/white.tar" BLOCKED DH-003 no-trace
look "$T/packed/text.tar" IN_REVIEW
look "$T/packed/cut.tar" HELD
# The pages of an OFD are text, its pictures are seen.
mkdir -p "$T/ofd/Doc_0/Res"
cp "$T/scan.png" "$T/ofd/Doc_0/Res/a.png"
space='xmlns:ofd="http://www.ofdspec.org/2016"'
printf '<ofd:OFD %s Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>' "$space" >"$T/ofd/OFD.xml"
printf '<ofd:Document %s><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Content.xml"/></ofd:Pages></ofd:Document>' "$space" >"$T/ofd/Doc_0/Document.xml"
printf '<ofd:Res %s BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>' "$space" >"$T/ofd/Doc_0/Res.xml"
printf '<ofd:Page %s><ofd:Content><ofd:Layer ID="2"><ofd:ImageObject ID="4" ResourceID="3" Boundary="0 0 100 50"/></ofd:Layer></ofd:Content></ofd:Page>' "$space" >"$T/ofd/Doc_0/Content.xml"
(cd "$T/ofd" && zip -qr "$T/marked.ofd" OFD.xml Doc_0)
cp "$T/notice.png" "$T/ofd/Doc_0/Res/a.png" && (cd "$T/ofd" && zip -qr "$T/notice.ofd" OFD.xml Doc_0)
look "$T/marked.ofd" SPILL
look "$T/notice.ofd" IN_REVIEW DH-006
look "$T/inside.docx" IN_REVIEW
grep -q 'PI-012\|DH-006' "$T/out" && fail "a logo makes reviewers look: $(cat "$T/out")"

# What only a camera's maker can read is named, a person decides; fixed, it is gone.
python3 - "$T/notice.jpg" "$T/camera.jpg" <<'PYTHON'
import struct, sys
field = bytes((i * 37 + 129) % 256 for i in range(600))
entry = lambda tag, kind, n, at: struct.pack(">HHII", tag, kind, n, at)
tiff = b"MM\0*" + struct.pack(">IH", 8, 2) + entry(0x10F, 2, 8, 38) + entry(0x8769, 4, 1, 46) + bytes(4)
tiff += b"Camera\0\0" + struct.pack(">H", 1) + entry(0x927C, 7, len(field), 64) + bytes(4) + field
exif = b"Exif\0\0" + tiff
jpeg = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
PYTHON
document "$T/camera.fodt" "$lines" "$T/camera.jpg" && converted docx "$T/camera.fodt"
for file in camera.jpg camera.docx; do
  look "$T/$file" IN_REVIEW UF-001 field:MakerNote '"action":"delete"'
  id=$(draft_of <"$T/out")
  as AUTHOR sluice fix --yes --json "$id" >"$T/fixed.json" || fail "$file is not fixed: $(cat "$T/fixed.json")"
  same "$(jq -r '[.draft, .revision, .state] | join(" ")' "$T/fixed.json")" "$id 2 IN_REVIEW" "$file, fixed"
  ! grep -q 'UF-001\|maker-note' "$T/fixed.json" || fail "$file keeps its field: $(cat "$T/fixed.json")"
done

# The filter that sees stands still: its draft waits, and says for what.
see_pid() { jq -r '.roles[] | select(.name == "see") | .pid' "$T/status.json"; }
inspector_pid() { sees; jq -r '.roles[] | select(.name == "inspector") | .pid' "$T/status.json"; }
sees
kill -STOP "$(see_pid)"
submit --no-wait --type CT04 "$T/notice.png" >"$T/out"
slow=$(draft_of <"$T/out")
waits() { as AUTHOR sluice status --json "$slow" >"$T/slow.json" && jq -e '.waits_for == "pictures"' "$T/slow.json" >/dev/null; }
wait_until 30 waits || fail "the draft does not say what it waits for: $(cat "$T/slow.json")"
as AUTHOR sluice status "$slow" >"$T/people"
grep -q 'pictures' "$T/people" || fail "people are not told: $(cat "$T/people")"
reading() { "$BIN/sluiced" status --config "$T/gateway.yaml" --json >"$T/status.json" || :; jq -e '.pictures.reading == 1' "$T/status.json" >/dev/null; }
wait_until 30 reading || fail "sluiced status does not count it: $(cat "$T/status.json")"
look "$SAMPLES/01-road-works-clean.txt" IN_REVIEW
waits || fail "the draft with pictures did not wait: $(cat "$T/slow.json")"
# Whoever was about to read it is killed: it waits again, and for the same.
kill -KILL "$(inspector_pid)"
wait_until 60 reading || fail "it is not taken up again: $(cat "$T/status.json")"
waits || fail "killed, the draft lost its place: $(cat "$T/slow.json")"
look "$SAMPLES/06-secrecy-week-clean.txt" IN_REVIEW
kill -CONT "$(see_pid)"
done_now() { [ "$(state_of "$slow")" = IN_REVIEW ]; }
wait_until 90 done_now || fail "it is never read: $(state_of "$slow")"
nothing_left() { "$BIN/sluiced" status --config "$T/gateway.yaml" --json >"$T/status.json" || :; jq -e '.pictures == {"reading":0,"waiting":0}' "$T/status.json" >/dev/null; }
wait_until 10 nothing_left || fail "the queue is not empty: $(cat "$T/status.json")"
