#!/usr/bin/env bash
# Make the documents of this folder again from the sources, with real programs.
# Wants soffice (LibreOffice Writer, Calc, Impress), qpdf, iconv, python3, zip, 7z, ImageMagick,
# exiftool, ffmpeg and the Noto CJK fonts.
set -eu
cd "$(dirname "$0")"
out=$PWD/..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
office() { soffice -env:UserInstallation="file://$work/profile" --headless --convert-to "$1" --outdir "$work" "$2" >/dev/null 2>&1; }
for name in clean tracked-changes comments hidden properties; do
	office 'docx:MS Word 2007 XML' "$name.fodt"
	cp "$work/$name.docx" "$out/"
done
for name in clean tracked-changes comments hidden properties; do
	office doc "$name.fodt"
	cp "$work/$name.doc" "$out/"
done
office xls hidden-sheet.fods
office ppt hidden-slides.fodp
cp "$work/hidden-sheet.xls" "$out/hidden.xls"
cp "$work/hidden-slides.ppt" "$out/hidden.ppt"
office odt clean.fodt
office html:HTML hidden.fodt
office pdf properties.fodt
cp "$work/clean.odt" "$out/"
cp "$work/hidden.html" "$out/page.html"
cp "$work/properties.pdf" "$out/report.pdf"
# The same report before and after a sentence was taken out: the second revision
# is appended, as editors do, and the first is still in the file.
python3 append-revision.py "$out/report.pdf" "$out/incremental.pdf"
qpdf --encrypt 口令 owner 256 -- "$out/report.pdf" "$out/encrypted.pdf"
qpdf --linearize "$out/report.pdf" "$out/linearized.pdf"
qpdf --add-attachment notice.txt --filename=notice.txt -- "$out/report.pdf" "$out/attachment.pdf"
iconv -f UTF-8 -t GB18030 notice.txt >"$out/gb18030.txt"
iconv -f UTF-8 -t UTF-16 notice.txt >"$out/utf16.txt"
python3 make-bomb.py "$out/bomb.docx"
office xlsx hidden-sheet.fods
office pptx hidden-slides.fodp
cp "$work/hidden-sheet.xlsx" "$out/hidden.xlsx"
cp "$work/hidden-slides.pptx" "$out/hidden.pptx"
for name in hidden comments tracked-changes; do office odt "$name.fodt"; cp "$work/$name.odt" "$out/"; done
for name in hidden comments tracked-changes properties; do office rtf "$name.fodt"; cp "$work/$name.rtf" "$out/"; done
office ods hidden-sheet.fods
office odp hidden-slides.fodp
cp "$work/hidden-sheet.ods" "$out/hidden.ods"
cp "$work/hidden-slides.odp" "$out/hidden.odp"
bash make-archives.sh "$out/archives"
bash make-media.sh "$out/media"
mkdir -p "$out/mail"
python3 make-mail.py "$out/mail"
