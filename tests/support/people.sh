# people.sh - what people do, as shell words; sourced after stack.sh and DIR/env.
#
# Every word prints JSON on stdout and keeps the program's exit code.

as() { # PERSON PROGRAM ARGS...   as LIAISON sluice-review list
  local var=SLUICE_DEMO_$1 program=$2
  shift 2
  "$BIN/$program" --config "${!var}" "$@"
}
submit() { as AUTHOR sluice submit --json "$@"; } # options and files
draft_of() { jq -r .draft; }
state_of() { as AUTHOR sluice status --json "$1" | jq -r .state; } # ID
# The tests hand the same few samples in again and again, which DH-016 rightly finds.
# read_and_approve PERSON ROLE ID [--ack RULE=REASON...]
read_and_approve() {
  local who=$1 role=$2 id=$3
  shift 3
  as "$who" sluice-review show --json "$id" >/dev/null
  as "$who" sluice-review approve --json "$id" --role "$role" --ack DH-016=样稿重复报送 "$@"
}
approve_route_a() { # ID [--ack...]
  local id=$1
  shift
  read_and_approve LIAISON liaison "$id" "$@" >/dev/null
  read_and_approve UNIT_LEADER unit-leader "$id" "$@" >/dev/null
  read_and_approve DESK desk "$id" "$@" >/dev/null
}
pull() { # INTO [options...]
  local into=$1
  shift
  "$BIN/sluice-pull" --from "$SLUICE_DEMO_URL" --trust "$SLUICE_DEMO_TRUST" --into "$into" --once --json "$@"
}
is_live() { [ -e "$1/live/$2" ]; } # INTO RELEASE
pull_until_live() { # INTO RELEASE
  pull "$1" >/dev/null && is_live "$1" "$2"
}
