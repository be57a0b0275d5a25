# match.sh - ten thousand words and all rules on Chinese text, beside the bare matcher and
# `rg -f` with the same words (MB of text per second of one core).
head_row "Matching 10,000 words and all rules (MB/s of one core)"
mkdir -p "$T/match/policies"
cp -r policies/*.yaml policies/packs policies/lists "$T/match/policies"
python3 tests/bench/make-words.py "$T/match" tests/corpus
cp "$T/match/bench-words.yaml" "$T/match/policies/lists/"
cp "$T/match/bench-pack.yaml" "$T/match/policies/packs/"
result=$("$build/tests/match_cost" "$T/match/policies" "$T/match/words.txt" "$T/match/text.txt")
mb=$(jq .mb <<<"$result")
rg_seconds=$({ TIMEFORMAT=%U; time rg -c -f "$T/match/words.txt" "$T/match/text.txt" >/dev/null || :; } 2>&1 | tail -n 1)
rg_rate=$(calc "$mb / $rg_seconds")
vectorscan=$(jq .bare_vectorscan <<<"$result")
for what in match pipeline; do
  rate=$(jq ".$what" <<<"$result")
  row "$what, beside bare Vectorscan" "$rate" "$vectorscan" "$(calc "$rate / $vectorscan")"
  row "$what, beside rg -f" "$rate" "$rg_rate" "$(calc "$rate / $rg_rate")"
done
row "making the views" "$(jq .views <<<"$result")" "" ""
row "loading the rules (seconds)" "$(jq .load_seconds <<<"$result")" "" ""
record "$(jq -c --argjson rg "$rg_rate" '. + {rg: $rg}' <<<"$result")"
