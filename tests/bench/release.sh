# release.sh - from the last approval to the verified file on a platform of the same host.
head_row "Approval to pulled file on one host (milliseconds)"
fresh_stack
"$BIN/sluice-pull" --from "$SLUICE_DEMO_URL" --trust "$SLUICE_DEMO_TRUST" --into "$T/site" --watch \
  --announce "$SLUICE_DEMO_ANNOUNCE" --json >"$T/events" 2>"$T/pull.err" &
puller=$!
for i in $(seq 1 10); do
  sed "s/^关于/第${i}号 关于/" tests/corpus/samples/01-road-works-clean.txt >"$T/n$i.txt"
  submit --type CT05 "$T/n$i.txt" >"$T/r.json"
  id=$(draft_of <"$T/r.json")
  read_and_approve LIAISON liaison "$id" >/dev/null
  read_and_approve UNIT_LEADER unit-leader "$id" >/dev/null
  as DESK sluice-review show --json "$id" >/dev/null
  start=$(date +%s%N)
  as DESK sluice-review approve --json "$id" --role desk --ack DH-016=样稿重复报送 >/dev/null
  if ! wait_until 30 test -e "$T/site/live/${id/D-/R-}"; then
    echo "$id did not arrive within 30 s" >&2
    exit 1
  fi
  echo $((($(date +%s%N) - start) / 1000))
done | sort -n >"$T/rel.us"
kill "$puller"
median=$(sed -n 5p "$T/rel.us") worst=$(tail -n 1 "$T/rel.us")
row "median of 10" "$(calc "$median / 1000")" "aim 1000" ""
row "worst of 10" "$(calc "$worst / 1000")" "" ""
record "{\"measure\":\"release\",\"median_us\":$median,\"worst_us\":$worst}"
stack_stop "$S"
