# antivirus.sh - the antivirus filter (a fresh sandboxed child per document) against bare
# libclamav scanning the same files one after the other in one process, same settings.
head_row "Antivirus alone, the same documents (seconds)"
documents "${BENCH_DOCUMENTS:-1000}"
database=$PWD/policies/av-demo
for round in 1 2 3; do
  "$build/tests/av_through_filter" "$build/libexec/sluice" "$database" "$T"/documents/* >>"$T/av.ours"
  "$build/tests/bare_clam" "$database" "$T"/documents/* >>"$T/av.bare"
done
ours=$(sort -n "$T/av.ours" | sed -n 2p) bare=$(sort -n "$T/av.bare" | sed -n 2p)
row "median of 3 (aim at most 1.3)" "$ours" "$bare" "$(calc "$ours / $bare")"
record "{\"measure\":\"antivirus\",\"sluice_s\":$ours,\"bare_s\":$bare}"
