# start.sh - from the command to "ready", and one file with the policy officers' tool, beside
# bare libclamav with the same signatures and no rules.
head_row "Start (seconds)"
S=$T/$part
stack_set "$S"
. "$S/env"
timed() { # COMMAND...: wall seconds, then user and system of it and its children
  { TIMEFORMAT='%R %U %S'; time "$@" >/dev/null 2>&1 || :; } 2>&1
}
stack_start_outlet "$S"
for round in first second; do
  start=$(now)
  stack_start_gateway "$S"
  ready=$(calc "$(now) - $start")
  wait_until 120 role_ready see
  see=$(calc "$(now) - $start")
  wait_until 120 role_ready office
  office=$(calc "$(now) - $start")
  row "gateway ready for texts, $round start" "$ready" "aim 2" ""
  row "  for pictures" "$see" "" ""
  row "  for formats before 2007 (LibreOffice)" "$office" "" ""
  printf '  processor seconds since the start: %s\n' \
    "$(cpu_of_gateway | awk '$2 >= 100 { printf "%s %.2f  ", $1, $2 / 1000 }')"
  record "{\"measure\":\"start.$round\",\"ready_s\":$ready,\"see_s\":$see,\"office_s\":$office}"
  stack_stop_one "$S/gateway.pid"
done
stack_stop "$S"
database=$PWD/policies/av-demo
sample=tests/corpus/samples/01-road-works-clean.txt
read -r ours user system < <(timed "$BIN/sluice-policy" scan --policy policies --demo-signatures --type CT05 "$sample")
read -r peer _ _ < <(timed "$build/tests/bare_clam" "$database" "$sample")
row "sluice-policy scan of one text, beside bare clam" "$ours" "$peer" "$(calc "$ours / ($peer + 0.001)")"
printf '  processor seconds: user %s system %s\n' "$user" "$system"
record "{\"measure\":\"start.scan\",\"wall_s\":$ours,\"user_s\":$user,\"system_s\":$system,\"bare_clam_s\":$peer}"
