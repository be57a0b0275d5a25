#!/usr/bin/env bash
# Goal: a step whose time is over is shown to the next person, and silence is never consent:
# nobody may sign in its place, nothing is approved, and the audit has it once.
. "$(dirname "$0")/common.sh"
STACK_POLICIES=$T/own
mkdir "$T/own"
cp -r "$SOURCE"/policies/{packs,lists,calendars,av-demo} "$SOURCE"/policies/*.yaml "$T/own"
# Route A in a minute, of which a hundredth is everybody's part: late at once.
python3 - "$T/own" <<'END'
import re, sys
clocks, routes = (sys.argv[1] + "/" + name for name in ("clocks.yaml", "routes.yaml"))
text = open(clocks, encoding="utf-8").read()
new = re.sub(r"(- id: route-a\n.*?unit: )working-day", r"\1minute", text, count=1, flags=re.S)
assert new != text
open(clocks, "w", encoding="utf-8").write(new)
text = open(routes, encoding="utf-8").read()
new = re.sub(r"late: (unit-leader|desk), late_at: (50|70)", r"late: \1, late_at: 1", text, count=2)
assert new != text
open(routes, "w", encoding="utf-8").write(new)
END
start_all
. "$SOURCE/tests/support/routes.sh"
late() { as "$1" sluice-review list --json | jq -r --arg id "$id" \
  '.drafts[] | select(.draft == $id) | .escalated // empty | "\(.role)>\(.told)"'; }
told() { as "$1" sluice-review list --json | jq -r --arg id "$id" \
  '[.escalated // [] | .[] | select(.draft == $id) | .role] | join(" ")'; }
entries() { as DESK sluice-review audit "$id" --json | jq '[.entries[] | select(.kind == "review.escalated")] | length'; }
is_late() { [ "$(late UNIT_LEADER)" = "$1" ]; }

hand_in A CT04 181
wait_until 30 is_late 'liaison>unit-leader' || fail "the liaison's step is not late: $(late UNIT_LEADER)"
same "$(told UNIT_LEADER)" liaison "the unit's leader is told"
same "$(told DESK)" "" "others are not"
same "$(entries)" 1 "entries of the audit"
as UNIT_LEADER sluice-review list >"$T/list"
grep -q "↑ $id  late since 20" "$T/list" || fail "the list does not say so: $(cat "$T/list")"
LANGUAGE=zh_CN LANG=C.UTF-8 as UNIT_LEADER sluice-review list >"$T/list"
grep -q "↑ $id  自 20.*联络员" "$T/list" || fail "nor in Chinese: $(cat "$T/list")"
same "$(as UNIT_LEADER sluice-review list --filter late:unit-leader --json | jq -r '.drafts[].draft')" "$id" "filter"
same "$(as UNIT_LEADER sluice-review list --filter late:desk --json | jq '.drafts | length')" 0 "filter of another role"
too_early UNIT_LEADER unit-leader liaison
same "$(status "$id" | jq -r '.state')" IN_REVIEW "nothing was approved"

# ---- a start of the gateway tells nobody twice ----
stack_stop_one "$T/gateway.pid"
stack_start_gateway "$T"
wait_until 30 is_late 'liaison>unit-leader' || fail "forgotten by the start"
same "$(entries)" 1 "entries after a start"

# ---- signed, it is the next step's turn, which is late by itself ----
walk LIAISON:liaison
wait_until 30 is_late 'unit-leader>desk' || fail "the leader's step is not late: $(late UNIT_LEADER)"
same "$(told DESK)" unit-leader "the desk is told"
same "$(told UNIT_LEADER)" "" "the leader is not, it is the own step"
same "$(entries)" 2 "one entry for each step"

# ---- signed to the end it is late for nobody ----
walk UNIT_LEADER:unit-leader
walk_out DESK:desk
same "$(told DESK)$(late DESK)" "" "nothing is late"
