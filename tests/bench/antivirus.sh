# antivirus.sh - the antivirus filter (a fresh sandboxed child per document) against bare
# libclamav scanning the same files one after the other in one process, same settings.
head_row "Antivirus alone, the same documents (seconds)"
documents "${BENCH_DOCUMENTS:-1000}"
database=$PWD/policies/av-demo
for round in 1 2 3; do
  "$build/tests/through_filter" av 2 "$build/libexec/sluice" "$database" "$T"/documents/* >>"$T/av.two"
  "$build/tests/through_filter" av 1 "$build/libexec/sluice" "$database" "$T"/documents/* >>"$T/av.one"
  "$build/tests/bare_clam" "$database" "$T"/documents/* >>"$T/av.bare"
done
middle() { sort -n "$1" | sed -n 2p; }
two=$(middle "$T/av.two") one=$(middle "$T/av.one") bare=$(middle "$T/av.bare")
row "two workers, as the pipeline runs (aim 1.3)" "$two" "$bare" "$(calc "$two / $bare")"
row "one after the other" "$one" "$bare" "$(calc "$one / $bare")"
record "{\"measure\":\"antivirus\",\"two_workers_s\":$two,\"one_worker_s\":$one,\"bare_s\":$bare}"

# One document of 100 KB on disk, everything warm.
python3 tests/bench/make-documents.py "$T/large" 50 tests/corpus large
for round in 1 2 3; do
  "$build/tests/through_filter" av 1 "$build/libexec/sluice" "$database" "$T"/large/* >>"$T/av.large"
  "$build/tests/bare_clam" "$database" "$T"/large/* >>"$T/av.large-bare"
done
large=$(calc "$(middle "$T/av.large") * 1000 / 50") bare=$(calc "$(middle "$T/av.large-bare") * 1000 / 50")
row "milliseconds for a docx of 100 KB (aim 50)" "$large" "$bare" "$(calc "$large / $bare")"
record "{\"measure\":\"antivirus.large\",\"ours_ms\":$large,\"bare_ms\":$bare}"
