#!/usr/bin/env bash
# Goal: in a real terminal the reviewer's machine inspects again while the reviewer reads; what
# it finds stands in the title, a lying gateway's draft cannot be approved, and what still
# works when the draft is left or the program quits ends with it.  The codes to return with
# are those of the gateway's list, also when a bureau has edited it.  The review form is shown
# and written into a file.
. "$(dirname "$0")/common.sh"
command -v tmux >/dev/null || skip "tmux is not installed"
start_all
. "$SOURCE/tests/support/terminal.sh"
end() { local code=$?; end_terminals; finish $code; }
trap end EXIT
switch_on() { # PERSON MODE
  local var=SLUICE_DEMO_$1
  sed -i "s/^recheck: .*/recheck: \"$2\"/" "${!var}"
}
inspectors() { # of the terminal's program: their process ids
  local program
  program=$(pgrep -P "$(session list-panes -F '#{pane_pid}')" sluice-review) && pgrep -P "$program" || :
}
close_terminal() { session kill-session 2>/dev/null || :; } # it may have ended by itself
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
close_terminal

# An approval waits for it, and says so.
open_terminal LIAISON
expect_screen "$id"
session send-keys Enter ']'
expect_screen "北环路"
session send-keys a
expect_screen "Staged: approve $id"
expect_screen "re-inspected: same"
session send-keys u
expect_screen "Taken back"
session send-keys q
close_terminal

# The review form: on the screen, and into a file that is not written over without a word.
command_line() { session send-keys ':'; session send-keys -l "$1"; session send-keys Enter; }
open_terminal LIAISON
expect_screen "$id"
session send-keys Enter
expect_screen "[summary]"
session send-keys F
expect_screen "信息发布保密审查审批表"
expect_screen ":form NAME.pdf writes it"
command_line "form $T/form.txt"
expect_screen "The form is in $T/form.txt"
grep -q "^审查编号：$id" "$T/form.txt" || fail "the form is another: $(head -n 5 "$T/form.txt")"
same "$(stat -c %a "$T/form.txt")" 600 "who may read it"
printf 'mine\n' >"$T/form.txt"
command_line "form en $T/form.txt"
expect_screen "is there already; type y to write over it"
session send-keys -l n
session send-keys Enter
expect_screen "Nothing was written."
same "$(cat "$T/form.txt")" mine "a file that was not to be written over"
command_line "form en $T/form.txt"
expect_screen "is there already; type y to write over it"
session send-keys -l y
session send-keys Enter
expect_screen "The form is in $T/form.txt"
grep -q "^Review no.: $id" "$T/form.txt" || fail "the form is not English: $(head -n 5 "$T/form.txt")"
command_line "form $T"
expect_screen "That is no file"
if [ -x "$BIN/../libexec/sluice/sluice-paper" ]; then
  command_line "form $T/form.pdf"
  expect_screen "The form is in $T/form.pdf"
  same "$(head -c 5 "$T/form.pdf")" "%PDF-" "what a form for paper begins with"
fi
session send-keys q
close_terminal

# Somebody owns the gateway's store and has the report name another type.
python3 "$SOURCE/tests/support/lie.py" "$T/gateway/store" "$id" type
open_terminal LIAISON
expect_screen "$id"
session send-keys Enter
expect_screen "! $id  differs from what your machine finds: 01-road-works"
session send-keys ']'
expect_screen "北环路"
session send-keys a
expect_screen "Nobody approves it on this machine"
session send-keys q
close_terminal

# A bureau adds a code of its own: it is offered with the others, once the desk knows it.
set=$T/set-2
cp -r "$T/policies" "$set"
rm -f "$set"/signatures/*
sed -i 's/^version: .*/version: 2/' "$set/policy.yaml"
sed -i 's/^codes:/&\n  - {id: house-style, outcome: return, zh: 不合本局体例, en: not our style, basis: 本局规定}/' \
  "$set/codes.yaml"
for n in 1 2; do
  "$BIN/sluice-policy" sign --policy "$set" --key "$T/keys/secrecy-$n" >/dev/null
done
expect_exit 0 "$BIN/sluiced" --config "$T/gateway.yaml" policy install "$set"
offered() { as LIAISON sluice-review codes --json | jq -e 'any(.codes[]; .id == "house-style")' >/dev/null; }
wait_until 30 offered || fail "the desk does not know the new code"
open_terminal LIAISON
expect_screen "$id"
session send-keys r
expect_screen "What the author must change"
expect_screen "not our style"
for code in $(as LIAISON sluice-review codes --json | jq -r '.codes[] | select(.outcome == "return") | .id'); do
  expect_screen " $code "
done
