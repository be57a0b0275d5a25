# memory.sh - resident memory of every process, beside the bare engine's.
head_row "Resident memory after ten drafts (MiB)"
fresh_stack
for i in $(seq 1 10); do
  sed "s/^关于/第${i}号 关于/" tests/corpus/samples/01-road-works-clean.txt >"$T/m$i.txt"
  submit --type CT05 "$T/m$i.txt" >/dev/null
done
for pid in $(cat "$S/gateway.pid") $(pgrep -P "$(cat "$S/gateway.pid")") \
  $(cat "$S/outlet.pid") $(pgrep -P "$(cat "$S/outlet.pid")"); do
  name=$(tr '\0' ' ' <"/proc/$pid/cmdline" | awk '{n=split($1,a,"/"); print a[n]}')
  mib=$(awk '/^VmRSS/ {printf "%.1f", $2 / 1024}' "/proc/$pid/status")
  row "$name" "$mib" "" ""
  record "{\"measure\":\"memory\",\"process\":\"$name\",\"mib\":$mib}"
done
database=$(yaml_value "$S/gateway.yaml" database)
bare=$("$build/tests/bare_clam" --memory "$database")
row "bare libclamav, same signatures" "" "$bare" ""
record "{\"measure\":\"memory\",\"process\":\"bare libclamav\",\"mib\":$bare}"
stack_stop "$S"
