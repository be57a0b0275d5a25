#!/usr/bin/env bash
# P26: the gateway marks findings as suppressed that nobody suppressed, with somebody else's
# suppression, or with one that was taken back. Each machine asks for both statements and proves
# them; without, nobody approves there, also with the second inspection switched off.
. "$(dirname "$0")/../scenario/common.sh"
start_all
lie() { python3 "$SOURCE/tests/support/lie.py" "$T/gateway/store" "$@"; }
review() { as "$1" sluice-review "${@:2}"; }
approve() { # PERSON ROLE DRAFT
  review "$1" show --json "$3" >/dev/null
  review "$1" approve --json "$3" --role "$2" --ack DH-016=x
}
hand_in() { # NUMBER OF-THE-NOTICE MOBILE
  fresh_notice "$1" | sed "s/^特此通告。/咨询手机：$2。\n\n特此通告。/" >"$T/notice.txt"
  submit --type CT05 "$T/notice.txt" 2>/dev/null | draft_of || :
}
not_proved() { err_says 'marked as suppressed is not proved.*'"$1"; }
mark() { jq -nc --arg r "$1" --arg u "$2" '{by: ["p-02", "p-05"], reason: $r, until: $u}'; }
year=$(($(date -u +%Y) + 1))

# ---- nobody suppressed it ----
id=$(hand_in 261 15400001234)
same "$(state_of "$id")" IN_REVIEW "state with a number"
lie "$id" suppress "$(mark 'own number' "$year-01-01T00:00:00Z")"
expect_exit 1 approve UNIT_LEADER unit-leader "$id"
not_proved "nobody's signature says so"

# ---- two persons suppressed another number ----
other=$(hand_in 262 15400005678)
review LIAISON suppress --json propose "$other" PI-004 --reason 'own number' >"$T/s"
number=$(jq -r .number "$T/s")
review SECRECY_1 suppress --json confirm "$number" >"$T/s"
id=$(hand_in 263 15400009999)
lie "$id" suppress "$(mark 'own number' "$(jq -r .expires "$T/s")")"
expect_exit 1 approve UNIT_LEADER unit-leader "$id"
not_proved "nobody's signature says so"

# ---- control: the real one, and its words ----
id=$(hand_in 264 15400005678)
expect_exit 0 approve LIAISON liaison "$id"
lie "$id" suppress "$(mark 'somebody said so' "$(jq -r .expires "$T/s")")"
expect_exit 1 approve UNIT_LEADER unit-leader "$id"
not_proved "other words than the report's were signed"

# ---- taken back by one person; the gateway goes on with it, then hides who took it back ----
id=$(hand_in 265 15400005678)
expect_exit 0 approve LIAISON liaison "$id"
review DUTY_1 suppress revoke "$number" --reason 'given up' >/dev/null
expect_exit 1 approve UNIT_LEADER unit-leader "$id"
not_proved 'taken back'
python3 - "$T/gateway/store/sluice.db" "$number" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=20)
db.execute("UPDATE suppression SET revoked = 0, revocation = '', revoked_by = '' WHERE number = ?", (sys.argv[2],))
db.commit()
END
expect_exit 1 approve UNIT_LEADER unit-leader "$id"
not_proved 'taken back'
