#!/usr/bin/env bash
# up.sh BUILD DIR - a demo gateway and outlet that keep running.
set -euo pipefail
BIN=$1/bin
dir=$2
. "$(dirname "$0")/stack.sh"
if [ -e "$dir/gateway.pid" ] && kill -0 "$(cat "$dir/gateway.pid")" 2>/dev/null; then
  echo "already running in $dir; stop it with: ./dev down $dir" >&2
  exit 1
fi
stack_start "$dir"
cat <<TEXT
The demo gateway and outlet are running in $dir.
THE DEMO'S KEYS ARE PUBLIC AND ITS ANTIVIRUS SIGNATURES KNOW TWO TEST FILES: NO PROTECTION.

  . $dir/env
  $BIN/sluice --config "\$SLUICE_DEMO_AUTHOR" submit FILE       hand in a draft
  $BIN/sluice-review --config "\$SLUICE_DEMO_LIAISON"           the reviewers' terminal
  $BIN/sluice-pull --from "\$SLUICE_DEMO_URL" --trust "\$SLUICE_DEMO_TRUST" --into DIR --once

People: SLUICE_DEMO_AUTHOR LIAISON UNIT_LEADER DESK SECRECY_1 SECRECY_2 SECRECY_3 LEGAL DEPUTY
COLUMN_OWNER COLUMN_OWNER_2 DIRECTOR DUTY_1 DUTY_2. Stop with: ./dev down $dir
TEXT
