# swap.sh - new rules on a running gateway while drafts are handed in: none is dropped or held.
head_row "New rules while drafts come in (three times; milliseconds)"
fresh_stack
rules_set() { # DIR VERSION
  rm -rf "$1"
  cp -r "$S/policies" "$1"
  rm "$1"/signatures/*
  sed -i "s/^version: .*/version: $2/" "$1/policy.yaml"
  for key in secrecy-1 secrecy-2; do
    "$BIN/sluice-policy" sign --policy "$1" --key "$S/keys/$key" >/dev/null
  done
}
hand_in() {
  until [ -e "$T/enough" ]; do
    submit tests/corpus/samples/01-road-works-clean.txt >>"$T/swap.drafts" 2>>"$T/swap.lost" || :
  done
}
rm -f "$T/enough"
hand_in &
authors=$!
for version in 2 3 4; do
  rules_set "$T/rules" "$version"
  start=$(now)
  "$BIN/sluiced" --config "$S/gateway.yaml" policy install "$T/rules" >"$T/swap.out"
  whole=$(calc "($(now) - $start) * 1000")
  taken=$(grep -o 'in [0-9]* ms' "$T/swap.out" | tr -dc 0-9)
  processor=$(cpu_of_gateway | awk '$1 == "match" { print $2 }' | sort -n | head -n 1)
  row "taken over by the gateway (aim 1,000)" "$taken" "" ""
  row "  processor time of the new filter's start" "$processor" "" ""
  row "  with the proof of signatures and 577 tests" "$whole" "" ""
  record "{\"measure\":\"swap\",\"taken_ms\":$taken,\"filter_cpu_ms\":$processor,\"whole_ms\":$whole}"
done
touch "$T/enough"
wait "$authors"
drafts=$(jq -r .state "$T/swap.drafts" | wc -l)
other=$(jq -r .state "$T/swap.drafts" | grep -cv IN_REVIEW || :)
row "drafts handed in meanwhile" "$drafts" "" ""
row "  not accepted, or not in review afterwards" "$(($(wc -l <"$T/swap.lost") + other))" "aim 0" ""
record "{\"measure\":\"swap.drafts\",\"drafts\":$drafts,\"other\":$other}"
stack_stop "$S"
