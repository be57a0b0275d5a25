#!/usr/bin/env bash
# Goal: in a real terminal the reviewer's machine inspects again while the reviewer reads; what
# it finds stands in the title, a lying gateway's draft cannot be approved, and what still
# works when the draft is left or the program quits ends with it.
. "$(dirname "$0")/common.sh"
command -v tmux >/dev/null || skip "tmux is not installed"
start_all
. "$SOURCE/tests/support/terminal.sh"
end() { end_terminals; finish; }
trap end EXIT
switch_on() { # PERSON MODE
  local var=SLUICE_DEMO_$1
  sed -i "s/^recheck: .*/recheck: \"$2\"/" "${!var}"
}
inspectors() { # of the terminal's program: their process ids
  local program
  program=$(pgrep -P "$(session list-panes -F '#{pane_pid}')" sluice-review) && pgrep -P "$program" || :
}
some_inspector() { [ -n "$(inspectors)" ]; }
no_inspector() { [ -z "$(inspectors)" ]; }
is_over() { ! kill -0 "$1" 2>/dev/null; }

id=$(submit --type CT05 --title "夜间施工通告" "$SAMPLES/01-road-works-clean.txt" | draft_of)
switch_on LIAISON when-possible
open_terminal LIAISON
expect_screen "$id"
session send-keys Enter
expect_screen "re-inspecting 0/1 parts"
session send-keys ']'
expect_screen "北环路"                     # the keys work meanwhile
session send-keys h
expect_screen "1 of 1"
wait_until 20 no_inspector || fail "it goes on, or was not buried: $(inspectors)"
session send-keys Enter
expect_screen "[summary]"
wait_until 20 some_inspector || fail "nothing inspects again"
left=$(inspectors)
session send-keys q
wait_until 20 is_over "$left" || fail "it goes on after the terminal has ended"
session kill-session

# An approval waits for it, and says so.
open_terminal LIAISON
expect_screen "$id"
session send-keys Enter ']'
expect_screen "北环路"
session send-keys a
expect_screen "Role you sign in"
expect_screen "re-inspected: same"
session send-keys Escape
session send-keys q
session kill-session

# Somebody owns the gateway's store and has another text shown than the file has.
python3 "$SOURCE/tests/support/lie.py" "$T/gateway/store" "$id" text
open_terminal LIAISON
expect_screen "$id"
session send-keys Enter
expect_screen "! $id  differs from what your machine finds: 01-road-works"
session send-keys ']'
expect_screen "北环路"
session send-keys a
expect_screen "Nobody approves it on this machine"
session send-keys q
session kill-session
