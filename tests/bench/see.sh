# see.sh - pictures and pages read by the filter that sees, against the tesseract command on
# the same pixels with the same models, one thread each.  Ours also looks for codes and stars,
# reads pictures a second time for scattered words, and compares pages with their text.
head_row "Reading, one document after the other (seconds)"
font=/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc
mkdir -p "$T/see"
lines=$(grep -v '^ *$' tests/corpus/samples/01-road-works-clean.txt tests/corpus/samples/06-secrecy-week-clean.txt -h |
  fold -s -w 90 | head -n 24)
for size in 28 32 36 40; do
  convert -size 1240x1754 xc:white -font "$font" -pointsize $size -fill black \
    -annotate +80+120 "$lines" "$T/see/page-$size.png"
done
cp tests/corpus/documents/report.pdf "$T/see/report.pdf"
pdftoppm -r 150 -png "$T/see/report.pdf" "$T/see-page"
export OMP_THREAD_LIMIT=1
ours() { "$build/tests/through_filter" see 1 "$build/libexec/sluice" "$PWD/policies/av-demo" "$@"; }
theirs() {
  local start f
  start=$(now)
  for f in "$@"; do tesseract "$f" - -l chi_sim+eng >"$T/see.text" 2>"$T/see.err"; done
  calc "$(now) - $start"
}
for round in 1 2 3; do
  ours "$T"/see/*.png >>"$T/see.pictures"
  theirs "$T"/see/*.png >>"$T/tesseract.pictures"
  ours "$T/see/report.pdf" >>"$T/see.pages"
  theirs "$T"/see-page*.png >>"$T/tesseract.pages"
done
unset OMP_THREAD_LIMIT
middle() { sort -n "$1" | sed -n 2p; }
for what in pictures pages; do
  mine=$(middle "$T/see.$what") peer=$(middle "$T/tesseract.$what")
  row "$what" "$mine" "$peer" "$(calc "$mine / $peer")"
  record "{\"measure\":\"see\",\"what\":\"$what\",\"sluice_s\":$mine,\"tesseract_s\":$peer}"
done
