# match.sh - ten thousand words and all rules on Chinese text, beside the bare matcher and
# `rg -f` with the same words (MB of text per second of one core); what one more costs.
head_row "Matching 10,000 words and all rules (MB/s of one core)"
mkdir -p "$T/match/policies"
cp -r policies/*.yaml policies/packs policies/lists policies/calendars "$T/match/policies"
python3 tests/bench/make-words.py "$T/match" tests/corpus
cost_with() { "$build/tests/match_cost" "$T/match/policies" "$T/match/words.txt" "$T/match/text.txt"; }
bare_rules=$(cost_with)
cp "$T/match/bench-rules.yaml" "$T/match/policies/packs/"
more_rules=$(cost_with)
rm "$T/match/policies/packs/bench-rules.yaml"
cp "$T/match/bench-words.yaml" "$T/match/policies/lists/"
cp "$T/match/bench-pack.yaml" "$T/match/policies/packs/"
result=$(cost_with)
mb=$(jq .mb <<<"$result")
rg_seconds=$({ TIMEFORMAT=%U; time rg -c -f "$T/match/words.txt" "$T/match/text.txt" >/dev/null || :; } 2>&1 | tail -n 1)
rg_rate=$(calc "$mb / $rg_seconds")
vectorscan=$(jq .bare_vectorscan <<<"$result")
for what in match pipeline; do
  rate=$(jq ".$what" <<<"$result")
  aim=$([ $what = match ] && echo 150 || echo 30)
  row "$what (aim $aim), beside bare Vectorscan" "$rate" "$vectorscan" "$(calc "$rate / $vectorscan")"
  row "$what, beside rg -f" "$rate" "$rg_rate" "$(calc "$rate / $rg_rate")"
done
row "making the views" "$(jq .views <<<"$result")" "" ""
row "loading the rules (seconds from start to end)" "$(jq .load_wall <<<"$result")" "aim 1" ""
row "  processor seconds, in several threads" "$(jq .load_seconds <<<"$result")" "" ""
more() { # RESULT NAME N: what each of N more costs to load and for a MB of text
  local load text
  load=$(jq -n --argjson a "$bare_rules" --argjson b "$1" "(\$b.load_seconds - \$a.load_seconds) * 1e6 / $3 | round")
  text=$(jq -n --argjson a "$bare_rules" --argjson b "$1" "(1 / \$b.pipeline - 1 / \$a.pipeline) * 1e9 / $3 | round")
  row "one more $2: microseconds to load" "$load" "" ""
  row "  nanoseconds for a MB of text" "$text" "" ""
  record "{\"measure\":\"match.more\",\"what\":\"$2\",\"load_us\":$load,\"text_ns_per_mb\":$text}"
}
more "$more_rules" rule 100
more "$result" word 10000
record "$(jq -c --argjson rg "$rg_rate" '. + {rg: $rg}' <<<"$result")"
