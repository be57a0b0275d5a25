#!/usr/bin/env bash
# P27: a desk that somebody owns records approvals out of turn, leaves out what a modifier asks
# for, and says that nothing is missing. The roles of the class all signed, so platforms would
# take it; the releaser walks the route again and refuses, and the audit says why.
. "$(dirname "$0")/../scenario/common.sh"
. "$SOURCE/tests/support/routes.sh"
SAID=${SLUICE_BUILD:-$SOURCE/build}/tests/attack_said
VOUCH=${SLUICE_BUILD:-$SOURCE/build}/tests/vouch
stack_set "$T"
# Rules that have been in force for half a day.
rm -f "$T"/policies/signatures/*
"$VOUCH" "$T/policies" 1@43200 "$T/keys/secrecy-1" "$T/keys/secrecy-2"
start_all
# said PERSON ROLE SECONDS-AGO [RULE=REASON]: signed by that person at that moment, in $T/PERSON.
said() {
  "$SAID" "$T/keys/$1" "$2" "$3" "$T/draft.json" ${4:+"$4"} >"$T/$1.line"
}
desk_lies() { # PID:ROLE:PERSON...: all at once, while nobody looks
  local all=() each
  for each in "$@"; do all+=("${each%:*}:$T/${each##*:}.line"); done
  python3 "$SOURCE/tests/attack/lying_desk.py" "$T/gateway/store" "$id" "${all[@]}"
  : >"$T/gateway/run/wake/releaser/.bell"
}
shown() { as LIAISON sluice-review show --json "$id" >"$T/draft.json"; }
back() { [ "$(state_of "$id")" = IN_REVIEW ]; }
refused() { # WHY
  wait_until 60 back || fail "the releaser let it pass: $(state_of "$id")"
  as DESK sluice-review audit --json "$id" |
    jq -e --arg why "$1" '[.. | .reason? // empty | strings | test($why)] | any' >/dev/null ||
    fail "the audit does not say \"$1\": $(as DESK sluice-review audit --json "$id" | tail -c 900)"
  pull "$T/site" >/dev/null || :
  ! is_live "$T/site" "${id/D-/R-}" || fail "it is published"
}


# ---- control: all of it, in turn, recorded by the same hand ----
hand_in A CT04 270
shown
said liaison liaison 7200
said unit-leader unit-leader 3600
said desk desk 1800
desk_lies p-02:liaison:liaison p-03:unit-leader:unit-leader p-04:desk:desk
wait_until 60 pull_until_live "$T/site" "${id/D-/R-}" || fail "what is right is refused: $(state_of "$id")"

# ---- out of turn: the desk signed before those who come first ----
hand_in A CT04 271
shown
said liaison liaison 1800
said unit-leader unit-leader 900
said desk desk 7200
desk_lies p-02:liaison:liaison p-03:unit-leader:unit-leader p-04:desk:desk
refused 'p-04 signed as desk out of turn: it is the turn of liaison'

# ---- a modifier: a repost whose source nobody certifies ----
printf 'source_type: 转载\nsource_name: 新华社\nsource_url: https://www.xinhuanet.com/a\n' >"$T/repost.yaml"
hand_in A CT04 272 --meta "$T/repost.yaml"
same "$(modifiers "$id")" repost:open "modifier"
shown
said liaison liaison 7200
said unit-leader unit-leader 3600
said desk desk 1800
desk_lies p-02:liaison:liaison p-03:unit-leader:unit-leader p-04:desk:desk
refused 'not walked to its end: '

# The same with the certificate goes its way.
hand_in A CT04 273 --meta "$T/repost.yaml"
shown
said liaison liaison 7200
said unit-leader unit-leader 3600
said desk desk 1800 CERT-SOURCE=新华社官网核对一致
desk_lies p-02:liaison:liaison p-03:unit-leader:unit-leader p-04:desk:desk
wait_until 60 pull_until_live "$T/site" "${id/D-/R-}" || fail "with the certificate it is refused: $(state_of "$id")"

