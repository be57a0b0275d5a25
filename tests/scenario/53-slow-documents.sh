#!/usr/bin/env bash
# Goal: as many documents that were made to take long as there are workers keep nobody else
# waiting: a notice handed in after them is decided before them; they end held, with the reason.
. "$(dirname "$0")/common.sh"
stack_set "$T"
office /nonexistent
printf 'limits: {inspect_seconds: 20, workers: 2}\n' >>"$T/gateway.yaml"
stack_start "$T"
. "$T/env"
# Fifty million digits: within every ceiling, and each may begin a number that somebody protects.
python3 -c 'import sys; sys.stdout.write("1234567890" * 5000000)' >"$T/one.txt"
cp "$T/one.txt" "$T/two.txt"
bombs=()
for name in one two; do
  bombs+=("$(submit --no-wait --title "附件$name" "$T/$name.txt" | draft_of)")
done
# Both workers have taken theirs.
all_taken() { for id in "${bombs[@]}"; do [ "$(state_of "$id")" = INSPECTING ] || return 1; done; }
wait_until 30 all_taken || fail "the workers did not take them: $(state_of "${bombs[0]}") $(state_of "${bombs[1]}")"
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/clean"
same "$(jq -r .state "$T/clean")" IN_REVIEW "the notice behind them"
for id in "${bombs[@]}"; do
  case $(state_of "$id") in
  INSPECTING | SUBMITTED) ;;
  *) fail "$id was decided before the notice: $(state_of "$id")" ;;
  esac
done

is_held() { [ "$(state_of "$1")" = HELD ]; }
for id in "${bombs[@]}"; do
  wait_until 120 is_held "$id" || fail "$id is not held: $(state_of "$id")"
  as AUTHOR sluice show --json "$id" >"$T/shown"
  grep -q '[a-z]-timeout\|"timeout"' "$T/shown" || fail "no reason: $(head -c 2000 "$T/shown")"
done
