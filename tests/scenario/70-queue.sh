#!/usr/bin/env bash
# Goal: the queue is sorted, filtered and searched by the gateway, in a script as on the screen;
# the terminal lives through another size, suspension and a gateway that goes away and comes
# back, and leaves the line as it was; without UTF-8 it says so.
. "$(dirname "$0")/common.sh"
command -v tmux >/dev/null || skip "tmux is not installed"
export HOME=$T XDG_CONFIG_HOME=
start_all
submit --type CT05 --title "夜间施工通告" "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
first=$(draft_of <"$T/r.json")
submit --type CT05 --title "Zebra crossings" "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
second=$(draft_of <"$T/r.json")

# The same names with and without a terminal.
same "$(as LIAISON sluice-review list --sort number --reverse --json | jq -r '.drafts[0].draft')" \
  "$second" "the last number"
same "$(as LIAISON sluice-review list --filter zebra --json | jq -r '.drafts | length, .[0].draft' | xargs)" \
  "1 $second" "a word of the title"
same "$(as LIAISON sluice-review list --filter "state:RETURNED" --json | jq .total)" 0 "nothing returned"
expect_exit 1 as LIAISON sluice-review list --filter "age>soon"
err_says 'age>soon'
expect_exit 1 as LIAISON sluice-review list --sort colour
expect_exit 2 as LIAISON sluice-review list --limit 0
# What the inspection found is what a list sorts and filters by.
expect_exit 1 submit --type CT05 "$SAMPLES/04-internal-notice-blocked.txt"
blocked=$(as LIAISON sluice-review list --filter state:BLOCKED --json | jq -r '.drafts[0].draft')
rule=$(as LIAISON sluice-review show --json "$blocked" | jq -r '[.report.files[].findings[].rule][0]')
same "$(as LIAISON sluice-review list --filter "state:BLOCKED rule:$rule" --json | jq .total)" 1 "drafts with $rule"
same "$(as LIAISON sluice-review list --filter "state:BLOCKED,IN_REVIEW" --sort risk --json | jq -r '.drafts[0].draft')" \
  "$blocked" "the worst first"
printf '# as typed on the screen\nfilter zebra\nsort number\nopen %s\n' "$second" >"$T/script"
expect_exit 0 as LIAISON sluice-review --script "$T/script"
grep -q "Zebra crossings" "$T/out" || fail "the script lists nothing"
printf 'mark\n' >"$T/script"
expect_exit 2 as LIAISON sluice-review --script "$T/script"
err_says 'screen only'
printf 'open\n' >"$T/script"
expect_exit 2 as LIAISON sluice-review --script "$T/script"

. "$SOURCE/tests/support/terminal.sh"
end() { local code=$?; end_terminals; finish $code; }
trap end EXIT
# Below a shell that has job control, so that ^Z means what it means at a desk.
session new-session -d -x 100 -y 30 "env LC_ALL=C.UTF-8 PS1='shell> ' bash --norc -i"
expect_screen 'shell>'
run_terminal() { session send-keys "clear; $1 $BIN/sluice-review --config $SLUICE_DEMO_LIAISON${2:+ $2}" Enter; }
run_terminal LC_ALL=C
expect_screen 'must be set to UTF-8'
run_terminal '' --readonly
expect_screen "$first"
session send-keys r
expect_screen 'nothing can be signed'
session send-keys q
expect_screen 'shell>'
run_terminal ''
expect_screen "$first"
session send-keys '&'
session send-keys -l zebra
session send-keys Enter
expect_screen 'only: zebra'
expect_screen '1 of 1'
session send-keys ':'
session send-keys -l 'filter '
session send-keys Enter
expect_screen '& '
session send-keys C-u Enter
expect_screen 'of 2'
# Too small, and back.
session resize-window -x 40 -y 5
expect_screen 'too small'
session resize-window -x 1 -y 1
session resize-window -x 100 -y 30
expect_screen "$first"
# Suspended: the shell has the line; then it is all there again.
session send-keys C-z
expect_screen 'Stopped'
session send-keys fg Enter
expect_screen 'Zebra crossings'
# Several are never approved at once, but returned, each with its own signature.
session send-keys Space Space
expect_screen '2 marked'
session send-keys a
expect_screen 'never approved at once'
session send-keys r
expect_screen 'What the author must change'
session send-keys -l wording
session send-keys Enter
expect_screen 'One sentence'
session send-keys -l 'Name the road.'
session send-keys Enter
expect_screen '2 of 2 staged'
session send-keys '$'
expect_screen 'You sign 2'
session send-keys -l sign
session send-keys Enter
expect_screen 'All 2 are recorded'
expect_screen 'No draft waits for review'
same "$(state_of "$first") $(state_of "$second")" "RETURNED RETURNED" "states of both"
session send-keys ':'
session send-keys -l 'filter gone = state:RETURNED'
session send-keys Enter
expect_screen 'only: state:RETURNED'
expect_screen "$first"
grep -qx 'filter gone state:RETURNED' "$HOME/.config/sluice/review.settings" || fail "the filter is not kept"
# The gateway goes and comes: what was shown stays.
stack_stop_one "$T/gateway.pid"
session send-keys R
expect_screen 'no answer since'
expect_screen "$first"
stack_start_gateway "$T"
expect_screen '  gateway '
expect_screen "$first"
session send-keys q
expect_screen 'shell>'
session send-keys 'stty -a | grep -c " echo " | sed s/^/echo=/' Enter
expect_screen 'echo=1'
# Killed, it leaves the line as it was too.
session send-keys "clear; $BIN/sluice-review --config $SLUICE_DEMO_LIAISON & fg" Enter
expect_screen 'No draft waits for review'
kill -TERM "$(pgrep -n -f "sluice-review --config $SLUICE_DEMO_LIAISON")"
expect_screen 'shell>'
session send-keys 'clear; stty -a | grep -c " echo " | sed s/^/echo=/' Enter
expect_screen 'echo=1'
