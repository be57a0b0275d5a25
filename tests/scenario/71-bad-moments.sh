#!/usr/bin/env bash
# Goal: the desk dies in the middle of a vote, before it was asked and after it was asked; the
# screen says truthfully what is known, signing again finds out, and no vote is there twice.  Two
# people, and one person in two terminals, vote at the same instant: one vote each.  A terminal
# that is closed in the middle of signing signs nothing and leaves no process.  What is no terminal,
# or a full disk to write to, is said.
. "$(dirname "$0")/common.sh"
command -v tmux >/dev/null || skip "tmux is not installed"
export HOME=$T XDG_CONFIG_HOME=
start_all
. "$SOURCE/tests/support/terminal.sh"
end() { local code=$?; end_terminals; finish $code; }
trap end EXIT

desk_pid() { pgrep -f "sluice-desk --config $T/gateway.yaml"; }
votes_of() { # DRAFT PERSON
  as AUTHOR sluice show --json "$1" | jq "[.votes[] | select(.pid == \"$2\" and .decision == \"approve\")] | length"
}
hand_in() { # TITLE: a draft of route A
  fresh_notice "$((++n))" >"$T/notice-$n.txt"
  submit --type CT05 --title "$1" "$T/notice-$n.txt" >"$T/r.json"
  id=$(draft_of <"$T/r.json")
}
stage_in_terminal() { # PERSON: read and staged
  open_terminal "$1"
  expect_screen "$id"
  session send-keys :
  session send-keys -l "open $id"
  session send-keys Enter
  expect_screen '[summary]'
  session send-keys ']'
  expect_screen "[notice-$n.txt]"
  session send-keys a
  expect_screen "Staged: approve $id"
}
sign() {
  session send-keys '$'
  expect_screen 'sign? Type the word sign'
  session send-keys -l sign
  session send-keys Enter
}
n=0

# ---- gone between staging and signing, and back ----
hand_in 'Gone before'
stage_in_terminal LIAISON
stack_stop_one "$T/gateway.pid"
sign
expect_screen '0 recorded, 1 not'
expect_screen 'nothing was sent'
expect_screen '1 staged'
stack_start_gateway "$T"
same "$(votes_of "$id" p-02)" 0 "votes of a person whose gateway was gone"
sign
expect_screen "$id: approve is recorded"
same "$(votes_of "$id" p-02)" 1 "votes after signing again"
session send-keys q
session kill-session

# ---- killed while it is asked: it never answers ----
hand_in 'Killed while asked'
stage_in_terminal LIAISON
old=$(desk_pid)
kill -STOP "$old"
sign
kill -KILL "$old"
expect_screen '0 recorded, 1 not'
another_desk() { local p; p=$(desk_pid) && [ "$p" != "$old" ]; }
wait_until 30 another_desk || fail "no desk came back"
wait_until 30 as AUTHOR sluice status "$id" >/dev/null || fail "the desk does not answer"
sign
expect_screen "$id: approve is recorded"
same "$(votes_of "$id" p-02)" 1 "votes after a desk that was killed"

# ---- closed in the middle of signing ----
hand_in 'Closed in the middle'
session kill-session
stage_in_terminal LIAISON
pid=$(pgrep -n -f "sluice-review --config $SLUICE_DEMO_LIAISON")
session send-keys '$'
expect_screen 'sign? Type the word sign'
session send-keys -l sig
session kill-session
is_over() { ! kill -0 "$pid" 2>/dev/null; }
wait_until 10 is_over || fail "the program outlives its terminal"
same "$(votes_of "$id" p-02)" 0 "votes of a closed terminal"

# ---- a terminal that goes without a signal: nobody turns in a circle with the key ----
python3 - "$BIN/sluice-review" "$SLUICE_DEMO_LIAISON" <<'PY' || fail "it goes on without its terminal"
import os, pty, subprocess, sys
master, slave = pty.openpty()
env = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm")
p = subprocess.Popen([sys.argv[1], "--config", sys.argv[2]], stdin=slave, stdout=slave, stderr=slave,
                     env=env, start_new_session=True)  # no controlling terminal: no SIGHUP
os.close(slave)
seen = b""
while b"sluice-review" not in seen:
    seen += os.read(master, 65536)
os.close(master)
sys.exit(0 if p.wait(timeout=20) != 0 else 1)
PY

# ---- two at the same instant, and one person twice ----
show_it() { as "$1" sluice-review show "$id" >/dev/null; }
vote_now() { as "$1" sluice-review approve "$id" --role "$2" >"$T/$3.out" 2>"$T/$3.err"; }
for who in LIAISON UNIT_LEADER DESK; do show_it $who; done
vote_now LIAISON liaison a & first=$!
vote_now LIAISON liaison b & second=$!
code=0
wait $first || code=$((code + 1))
wait $second || code=$((code + 1))
same "$code" 1 "how many of two equal votes were refused ($(cat "$T"/[ab].err))"
same "$(votes_of "$id" p-02)" 1 "votes of one person in two terminals"
vote_now UNIT_LEADER unit-leader a & first=$!
vote_now DESK desk b & second=$!
wait $first || fail "the vote whose turn it was is refused: $(cat "$T/a.err")"
wait $second || vote_now DESK desk b || fail "the other does not follow: $(cat "$T/b.err")"
same "$(votes_of "$id" p-03) $(votes_of "$id" p-04)" "1 1" "votes of two at the same instant"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "signed by three, and not published"

# ---- no terminal, none that can be used, nowhere to write to ----
review() { env LC_ALL=C.UTF-8 "$BIN/sluice-review" --config "$SLUICE_DEMO_LIAISON" "$@"; }
expect_exit 1 review
err_says 'this needs a terminal'
for command in list "list --json" "audit $id" "codes"; do
  # shellcheck disable=SC2086
  review $command >/dev/full 2>"$T/err" && fail "$command into a full disk: done"
  err_says 'could be written'
done
hand_in 'Never shown'
review show "$id" --json >/dev/full 2>"$T/err" && fail "show into a full disk: done"
review show "$id" >/dev/full 2>"$T/err" && fail "show into a full disk: done"
expect_exit 1 review approve "$id" --role liaison
err_says "$id"
for bad in "dumb:cannot place its cursor" "no-such-terminal:is not known"; do
  session new-session -d -x 100 -y 30 \
    "env LC_ALL=C.UTF-8 TERM=${bad%%:*} $BIN/sluice-review --config $SLUICE_DEMO_LIAISON; exec cat"
  expect_screen "${bad#*:}"
  session kill-session
done
cp "$SLUICE_DEMO_LIAISON" "$T/odd.yaml"
echo 'colour: "red"' >>"$T/odd.yaml"
expect_exit 1 "$BIN/sluice-review" --config "$T/odd.yaml" list
err_says 'Unexpected key: colour'
unset SLUICE_CONFIG
expect_exit 1 "$BIN/sluice-review" list
err_says 'no configuration of yours yet'
