# terminal.sh - a real terminal for the reviewers' program; sourced by scenarios that have tmux.
session() { tmux -L "sl-$$" -f /dev/null "$@"; }
screen_has() { session capture-pane -p | grep -qF -- "$1"; }
expect_screen() { wait_until 20 screen_has "$1" || { session capture-pane -p >&2; fail "the screen never shows: $1"; }; }
open_terminal() { # PERSON
  local var=SLUICE_DEMO_$1
  # The server of the terminal before may still be ending.
  wait_until 20 session new-session -d -x 100 -y 30 "env LC_ALL=C.UTF-8 $BIN/sluice-review --config ${!var}; sleep 1"
}
end_terminals() { session kill-server 2>/dev/null || printf 'no terminal was left\n'; }
