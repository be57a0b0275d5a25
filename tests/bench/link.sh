# link.sh - the one-way link in udp mode between two network namespaces of its own, beside iperf3
# and udpcast on the same devices and processors in the same run; then from the last approval to
# the outlet's feed over udp.  LINK_ROUNDS, LINK_MTU, LINK_SIZES and LINK_RPS: see link_bench.py
# and link_net.py.
printf '\nThe one-way link\n'
# Many durable files: in memory, what is measured is the work and not the disk.
L=$(mktemp -d "${BENCH_DIR:-/dev/shm}/sl-link.XXXXXX")
"$BIN/sluice-keys" demo-set "$L/trial" --policies "$STACK_POLICIES" >/dev/null
link_measured=yes
python3 -B tests/bench/link_bench.py "$BIN" "$build/tests" "$L/trial" "$results" || link_measured=no
rm -rf "$L"
[ "$link_measured" = yes ] || { echo "bench: the link could not be measured" >&2; exit 1; }

head_row "Last approval to the outlet's feed over udp, 100 KB, warm (milliseconds)"
SLUICE_LINK=udp fresh_stack
for i in $(seq 1 8); do
  fresh_notice "$i" 1400 >"$T/link-$i.txt"
  id=$(submit --type CT05 "$T/link-$i.txt" | draft_of)
  sign LIAISON liaison "$id" >/dev/null
  sign UNIT_LEADER unit-leader "$id" >/dev/null
  as DESK sluice-review show --json "$id" >/dev/null
  start=$(date +%s%N)
  as DESK sluice-review approve --json "$id" --role desk >/dev/null
  signed=$(date +%s%N)
  deadline=$((SECONDS + 30))
  until grep -q "${id/D-/R-}" "$S/outlet/tree/feed.json"; do
    [ $SECONDS -lt $deadline ] || { echo "$id did not arrive within 30 s" >&2; break 2; }
    read -r -t 0.002 <> <(:) || :
  done
  echo "$((($(date +%s%N) - start) / 1000)) $(((signed - start) / 1000))"
done | sort -n >"$T/link.us"
if [ "$(wc -l <"$T/link.us")" -eq 8 ]; then
  median=$(sed -n 4p "$T/link.us" | cut -d' ' -f1) worst=$(tail -n 1 "$T/link.us" | cut -d' ' -f1)
  approve=$(cut -d' ' -f2 "$T/link.us" | sort -n | sed -n 4p)
  row "middle of 8" "$(calc "$median / 1000")" "aim 1000" ""
  row "of that, sluice-review approve itself" "$(calc "$approve / 1000")" "" ""
  row "worst of 8" "$(calc "$worst / 1000")" "" ""
  record "{\"part\":\"link\",\"case\":\"approval to feed\",\"size\":100000,\"median_us\":$median,\"worst_us\":$worst,\"approve_us\":$approve,\"load\":$(cut -d' ' -f1 /proc/loadavg)}"
fi
stack_stop "$S"
