# recheck.sh - after new rules everything that waits or is public is inspected again: what an
# item costs, early and late in the queue, and how long a fresh draft takes meanwhile.
items=${BENCH_ITEMS:-10000}
head_row "Inspection again of $items drafts that wait for review"
fresh_stack
python3 - "$T/items" "$items" <<'P'
import os, sys
os.makedirs(sys.argv[1], exist_ok=True)
line = "请广大市民提前规划出行路线，自觉服从现场民警指挥，相关工作按照公开公平公正的原则进行。\n"
for i in range(int(sys.argv[2])):
    with open("%s/%06d.txt" % (sys.argv[1], i), "w", encoding="utf-8") as f:
        f.write("关于便民服务的通告 第%d号\n" % i + line * 20)
P
find "$T/items" -name '*.txt' | sort | xargs -n 500 "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" \
  submit --each --type CT04 --json >/dev/null
fresh() { # COUNT: median milliseconds from Enter to verdict
  local i
  for ((i = 0; i < $1; i++)); do
    date +%s%N
    submit tests/corpus/samples/01-road-works-clean.txt >/dev/null
    date +%s%N
  done | paste - - | awk '{ print ($2 - $1) / 1e6 }' | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
left() { jq -r '.left // 0' "$S/gateway/run/reinspection.json"; }
at_most() { [ "$(left)" -le "$1" ]; }
begun() { [ "$(left)" -gt 0 ]; }
quiet=$(fresh 11)
rm -rf "$T/rules"
cp -r "$S/policies" "$T/rules"
rm "$T"/rules/signatures/*
sed -i 's/^version: .*/version: 2/' "$T/rules/policy.yaml"
for key in secrecy-1 secrecy-2; do
  "$BIN/sluice-policy" sign --policy "$T/rules" --key "$S/keys/$key" >/dev/null
done
"$BIN/sluiced" --config "$S/gateway.yaml" policy install "$T/rules" >/dev/null
wait_until 300 begun
busy=$(fresh 11)
for share in 90 60 50 20; do
  wait_until 3600 at_most $((items * share / 100))
  eval "at_$share=$(now) left_$share=$(left)"
  eval "cpu_$share=$(cpu_of_gateway | awk '{ sum += $2 } END { print sum }')"
done
early=$(calc "($at_60 - $at_90) * 1000 / ($left_90 - $left_60)")
late=$(calc "($at_20 - $at_50) * 1000 / ($left_50 - $left_20)")
early_cpu=$(calc "($cpu_60 - $cpu_90) / ($left_90 - $left_60)")
late_cpu=$(calc "($cpu_20 - $cpu_50) / ($left_50 - $left_20)")
row "milliseconds an item, late : early in the queue" "$late" "$early" "$(calc "$late / $early")"
row "  of processor time" "$late_cpu" "$early_cpu" "$(calc "$late_cpu / $early_cpu")"
row "a fresh draft (ms), meanwhile : without" "$busy" "$quiet" "$(calc "$busy / $quiet")"
record "{\"measure\":\"recheck\",\"items\":$items,\"early_ms\":$early,\"late_ms\":$late,\"early_cpu_ms\":$early_cpu,\"late_cpu_ms\":$late_cpu,\"fresh_quiet_ms\":$quiet,\"fresh_busy_ms\":$busy}"
stack_stop "$S"
