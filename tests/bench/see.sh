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

# A long text: what one more page costs, against taking its text out of it without looking,
# and against reading every page (BENCH_PEER_PAGES: only so many of them).
pages=${BENCH_PAGES:-100} peer_pages=${BENCH_PEER_PAGES:-${BENCH_PAGES:-100}}
if command -v soffice >/dev/null; then
  python3 tests/bench/make-long.py "$T/see/long.fodt" "$pages" tests/corpus
  soffice -env:UserInstallation="file://$T/office" --headless --convert-to pdf \
    --outdir "$T/see" "$T/see/long.fodt" >"$T/see.err" 2>&1
  count=$(pdfinfo "$T/see/long.pdf" | awk '/^Pages:/ { print $2 }')
  head_row "A text of $count pages (milliseconds a page)"
  per_page() { calc "1000 * ($1) / $2"; } # SECONDS PAGES
  export OMP_THREAD_LIMIT=1
  mine=$(per_page "$(ours "$T/see/long.pdf")" "$count")
  start=$(now)
  pdftotext "$T/see/long.pdf" "$T/see.text"
  bare=$(per_page "$(now) - $start" "$count")
  start=$(now)
  for ((i = 1; i <= peer_pages; i++)); do
    pdftoppm -r 150 -gray -f "$i" -l "$i" "$T/see/long.pdf" | tesseract - - -l chi_sim+eng >"$T/see.text" 2>"$T/see.err"
  done
  peer=$(per_page "$(now) - $start" "$peer_pages")
  unset OMP_THREAD_LIMIT
  row "pages, against pdftotext" "$mine" "$bare" "$(calc "$mine / $bare")"
  row "pages, against pdftoppm | tesseract" "$mine" "$peer" "$(calc "$mine / $peer")"
  record "{\"measure\":\"see\",\"what\":\"long\",\"pages\":$count,\"sluice_ms\":$mine,\"pdftotext_ms\":$bare,\"tesseract_ms\":$peer}"
fi
