# cost.sh - what one more release and its recall cost after 1,000, 10,000 and 100,000 others.
head_row "One more release (median of 5; ratio 100,000 : 1,000)"
sizes="1000 10000 100000"
for n in $sizes; do
  # Many small durable files: in memory, what is measured is the work and not the disk.
  BENCH_DIR=${BENCH_DIR:-/dev/shm} "$build/tests/cost" "$n" >"$T/cost.$n"
done
printf '%-28s %12s %12s %12s %8s\n' measure 1000 10000 100000 ratio
cut -d' ' -f1,3 "$T/cost.1000" | awk '!seen[$1]++' | while read -r measure unit; do
  values=''
  for n in $sizes; do
    values="$values $(awk -v m="$measure" '$1 == m { print $2 }' "$T/cost.$n" | sort -n |
      awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')"
  done
  # shellcheck disable=SC2086
  set -- $values
  printf '%-28s %12s %12s %12s %8s\n' "$measure ($unit)" "$1" "$2" "$3" "$(calc "$3 / $1")"
  record "{\"part\":\"cost\",\"measure\":\"$measure\",\"unit\":\"$unit\",\"1000\":$1,\"10000\":$2,\"100000\":$3}"
done
