# latency.sh - one 20 KB text, everything warm: from the author's Enter to the verdict.
head_row "Submit to verdict, one 20 KB text, warm (milliseconds, whole processes)"
fresh_stack
python3 - "$T" <<'P'
import sys
line = "请广大市民提前规划出行路线，自觉服从现场民警指挥，相关工作按照公开公平公正的原则进行。\n"
for i in range(30):
    body = "关于便民服务的通告 第%d号\n" % i + line * (20000 // len(line.encode()))
    open("%s/lat-%02d.txt" % (sys.argv[1], i), "w", encoding="utf-8").write(body)
P
for i in 00 01 02 03 04; do submit --type CT04 "$T/lat-$i.txt" >/dev/null; done
for i in $(seq -w 5 29); do
  start=$(date +%s%N)
  submit --type CT04 "$T/lat-$i.txt" >/dev/null
  echo $((($(date +%s%N) - start) / 1000))
done | sort -n >"$T/lat.us"
median=$(sed -n 13p "$T/lat.us") worst=$(tail -n 1 "$T/lat.us")
row "median of 25" "$(calc "$median / 1000")" "aim 50" ""
row "worst of 25" "$(calc "$worst / 1000")" "" ""
record "{\"measure\":\"latency\",\"median_us\":$median,\"worst_us\":$worst}"
stack_stop "$S"
