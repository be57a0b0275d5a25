#!/usr/bin/env bash
# Goal: three people read and sign one draft in the terminal UI, in a real terminal; an
# unread part is refused; the draft is released.
. "$(dirname "$0")/common.sh"
command -v tmux >/dev/null || skip "tmux is not installed"
# The desk signs with an OpenSSH key whose passphrase is asked for on the same terminal.
command -v ssh-keygen >/dev/null || skip "ssh-keygen is not installed"
ssh-keygen -q -t ed25519 -N 'open sesame' -f "$T/id"
start_all --ssh-key "desk=$T/id.pub"
submit --type CT05 --title "夜间施工通告" "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
. "$SOURCE/tests/support/terminal.sh"
end() { end_terminals; finish; }
trap end EXIT
sign_in_terminal() { # PERSON [ROLE, when the person holds several]
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
  if [ -n "${2:-}" ]; then
    expect_screen "Role you sign in"
    session send-keys -l "$2"
    session send-keys Enter
  fi
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
sign_in_terminal LIAISON liaison
sign_in_terminal UNIT_LEADER
sign_in_terminal DESK
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "signed in the terminal, but not released"
