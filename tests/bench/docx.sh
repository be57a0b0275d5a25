# docx.sh - 1,000 docx of up to 100 KB from submission to verdict, and what one of them
# costs: processor time of each part, dead children included.
count=${BENCH_DOCUMENTS:-1000}
python3 tests/bench/make-documents.py "$T/only-docx" "$count" tests/corpus docx
head_row "$count docx of up to 100 KB, two calls (aim: 1,000 in 60 seconds)"
fresh_stack
submit_half() { # FIRST
  local files=("$T"/only-docx/*) mine=() i
  for ((i = $1; i < ${#files[@]}; i += 2)); do mine+=("${files[i]}"); done
  submit --each --type CT04 "${mine[@]}" >/dev/null || echo "   some were stopped" >&2
}
submit --type CT04 "$T/only-docx/d0000.docx" >/dev/null # everything warm
cpu_of_gateway >"$T/cpu.before"
start=$(now)
submit_half 0 &
submit_half 1
wait $!
seconds=$(calc "$(now) - $start")
cpu_of_gateway >"$T/cpu.after"
row "seconds for $count docx" "$seconds" "aim $((count * 60 / 1000))" ""
record "{\"measure\":\"docx\",\"documents\":$count,\"seconds\":$seconds}"
printf '\n%-46s %14s\n' "processor time of a docx by part" "ms"
join "$T/cpu.before" "$T/cpu.after" | awk -v n="$count" '
  { ms = ($3 - $2) / n; sum += ms; printf "%-46s %14.2f\n", $1, ms }
  END { printf "%-46s %14.2f\n", "all of the gateway", sum }' | tee "$T/cpu.rows"
record "{\"measure\":\"docx.cpu\",$(awk '{ printf "%s\"%s\":%s", (NR > 1 ? "," : ""), $1, $NF }' "$T/cpu.rows")}"
stack_stop "$S"
