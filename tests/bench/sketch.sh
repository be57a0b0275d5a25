# sketch.sh - one look for near-copies (DH-016) over 1,000, 10,000 and 100,000 remembered texts.
head_row "A look for near-copies (microseconds; worst of 200)"
while read -r rows size median worst; do
  row "${rows#rows=} texts, ${size#database_mib=} MiB" "${median#median_us=} (${worst#worst_us=})" "" ""
  record "{\"measure\":\"sketch\",\"texts\":${rows#rows=},\"median_us\":${median#median_us=},\"worst_us\":${worst#worst_us=}}"
done < <("$build/tests/sketch_cost")
