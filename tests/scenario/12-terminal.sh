#!/usr/bin/env bash
# Goal: three people read and sign one draft in the terminal UI, in a real terminal; an
# unread part is refused, a decision is staged, taken back, staged again; a locked terminal
# wants the passphrase; a finding is acknowledged with a reason from an editor; a revision
# that was replaced meanwhile is not signed; several are returned at once; the draft is
# released.
. "$(dirname "$0")/common.sh"
command -v tmux >/dev/null || skip "tmux is not installed"
# The desk signs with an OpenSSH key whose passphrase is asked for on the same terminal.
command -v ssh-keygen >/dev/null || skip "ssh-keygen is not installed"
ssh-keygen -q -t ed25519 -N 'open sesame' -f "$T/id"
start_all --ssh-key "desk=$T/id.pub"
submit --type CT05 --title "夜间施工通告" "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
. "$SOURCE/tests/support/terminal.sh"
end() { local code=$?; end_terminals; finish $code; }
trap end EXIT
sign_in_terminal() { # PERSON
  open_terminal "$1"
  expect_screen "$id"
  expect_screen "夜间施工通告"
  session send-keys Enter
  expect_screen "[summary]"
  session send-keys a
  expect_screen "01-road-works-clean.txt"     # named as not opened
  session send-keys ']'
  expect_screen "北环路"
  session send-keys a
  expect_screen "Staged: approve $id"
  session send-keys u
  expect_screen "Taken back"
  session send-keys a
  expect_screen "Staged: approve $id"
  session send-keys '$'
  expect_screen "sign?"
  session send-keys -l sign
  session send-keys Enter
  if [ "$1" = DESK ]; then
    expect_screen "Enter passphrase"
    session send-keys -l 'open sesame'
    session send-keys Enter
  fi
  expect_screen "is recorded"
  session send-keys q
  session kill-session
}
# Before its turn nothing is staged; of two roles only the one whose turn it is is offered.
open_terminal DESK
expect_screen "$id"
session send-keys Enter
expect_screen "[summary]"
session send-keys ']'
expect_screen "北环路"
session send-keys a
expect_screen "It is the turn of liaison"
session kill-session
sign_in_terminal LIAISON
sign_in_terminal UNIT_LEADER
sign_in_terminal DESK
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "signed in the terminal, but not released"

# What was not acknowledged, or was replaced while it lay open, is not signed.
printf '通知\n办理请拨内线6317。\n' >"$T/line.txt"
submit --type CT05 --title "办理通知" "$T/line.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
printf '#!/bin/sh\nprintf "the office line,\\nas published before\\n" >"$1"\n' >"$T/editor"
chmod +x "$T/editor"
export VISUAL="$T/editor"
open_terminal UNIT_LEADER
expect_screen "$id"
session send-keys Enter
expect_screen "[summary]"
session send-keys ']'
expect_screen "内线6317"
session send-keys f
expect_screen "> S2 WS-007"
session send-keys Enter
expect_screen "[line.txt]"
session send-keys a
expect_screen "WS-007"
session send-keys Enter
expect_screen "Why may WS-007 stand"
session send-keys Tab
expect_screen "the office line, as published before"
session send-keys Enter
expect_screen "takes them all"
session send-keys a
expect_screen "Staged: approve $id"
as AUTHOR sluice revise --json --title "办理通知" "$id" "$T/line.txt" >"$T/r.json"
session send-keys '$'
expect_screen "WS-007 may stand: the office line, as published before"
session send-keys -l sign
session send-keys Enter
expect_screen "revision 2 is there now, you read revision 1"
session send-keys q
expect_screen "are lost"
session send-keys -l y
session send-keys Enter
session kill-session

# Without the terminal: what changed, and what happened.
as DESK sluice-review diff "$id" >"$T/diff"
grep -q 'revision 2 against revision 1' "$T/diff" || fail "diff: $(cat "$T/diff")"
same "$(as DESK sluice-review diff "$id" --revision 1 --json | jq -r '.files[0].change')" same "the file"
as DESK sluice-review audit "$id" >"$T/audit"
grep -q 'draft.move' "$T/audit" || fail "audit: $(cat "$T/audit")"
same "$(as DESK sluice-review audit "$id" --json | jq -r '.entries[0].kind')" draft.prepare "the first entry"
expect_exit 2 as DESK sluice-review diff "$id" --revision 2

# Two are returned at once, each with a signature of its own.
submit --type CT05 --title "另一通知" "$T/line.txt" >"$T/r.json"
other=$(draft_of <"$T/r.json")
open_terminal UNIT_LEADER
expect_screen "$other"
session send-keys Space
expect_screen "1 marked"
session send-keys Space
expect_screen "2 marked"
session send-keys r
expect_screen "What the author must change"
session send-keys -l wording
session send-keys Enter
expect_screen "One sentence to the author"
session send-keys -l "不要写内线"
session send-keys Enter
expect_screen "2 of 2 staged"
session send-keys L
expect_screen "Locked"
session send-keys Space
expect_screen "Unlocked"
session send-keys '$'
expect_screen "You sign 2"
session send-keys -l sign
session send-keys Enter
expect_screen "All 2 are recorded"
session send-keys q
same "$(state_of "$id") $(state_of "$other")" "RETURNED RETURNED" "what was returned"
