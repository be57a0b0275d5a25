#!/usr/bin/env bash
# Goal: routes C, H, R and S are walked to release and to refusal; what an S2 finding, a promise
# in a reply and a text like a refused one add is asked for before the draft is approved.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/routes.sh"
start_all
live=()

# ---- C: two different secrecy officers ----
hand_in C CT06 121
too_early DEPUTY deputy unit-leader
walk UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy
same "$(steps "$id")" 'unit-leader:done legal:done secrecy:open deputy:waiting desk:waiting' "one of two"
expect_exit 1 sign SECRECY_1 secrecy "$id"
err_says 'already'
too_early DEPUTY deputy secrecy
walk_out SECRECY_2:secrecy DEPUTY:deputy DESK:desk
live+=("R-${id#D-}")
# An open S2 on its own route: a third one, and the reasons stand on the record.
{ fresh_notice 123 && printf '联系邮箱以外请看\n便衣12人在场\n'; } >"$T/s2.txt"
hand_in_file C CT06 "$T/s2.txt"
same "$(modifiers "$id")" open-s2:open "modifier"
walk UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy SECRECY_2:secrecy
too_early DEPUTY deputy secrecy
same "$(status "$id" | jq -c '[.missing[] | select(. == "secrecy")]')" '["secrecy"]' "the third one is missing"
walk SECRECY_3:secrecy
same "$(modifiers "$id")" open-s2:met "modifier after the third"
same "$(status "$id" | jq -r '.modifiers[0].reasons[0].reason')" 已核对 "the written reason"
refused_by DEPUTY deputy
refused=$id

# ---- like what was refused: route C, though the type is ordinary ----
hand_in_file C CT04 "$T/s2.txt"
{ fresh_notice 123 && printf '联系邮箱以外请看\n'; } >"$T/like.txt"
hand_in_file C CT04 "$T/like.txt"
same "$(jq -r '[.report.files[].findings[] | .rule + " " + .evidence[0]] | join(";")' "$T/r.json")" 'DH-016 refused' "why it takes route C"

# ---- H: the director in the deputy's place ----
hand_in H CT08 131
walk UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy SECRECY_2:secrecy
expect_exit 1 sign DEPUTY deputy "$id"
too_early DESK desk director
walk_out DIRECTOR:director DESK:desk
live+=("R-${id#D-}")
hand_in H CT08 132
refused_by DIRECTOR director

# ---- R, and S for a reply that promises something: legal review and a secrecy officer ----
hand_in R CT16 141 --channel forum
too_early DESK desk unit-leader
walk_out UNIT_LEADER:unit-leader DESK:desk
live+=("R-${id#D-}")
hand_in R CT16 142 --channel forum
refused_by UNIT_LEADER unit-leader
{ fresh_notice 143 && printf '我局承诺撤销处罚\n'; } >"$T/promise.txt"
hand_in_file S CT16 "$T/promise.txt" --channel forum
same "$(steps "$id")" 'unit-leader:open secrecy:waiting legal:waiting desk:waiting' "steps of a promise"
same "$(modifiers "$id")" 'open-s2:open reply-law:open' "modifiers of a promise"
walk UNIT_LEADER:unit-leader
too_early DESK desk secrecy
walk SECRECY_1:secrecy
too_early DESK desk legal
walk LEGAL:legal
same "$(status "$id" | jq -c .missing)" '["desk"]' "missing at the end"
walk_out DESK:desk
live+=("R-${id#D-}")

for release in "${live[@]}"; do
  wait_until 60 pull_until_live "$T/site" "$release" || fail "$release is not live"
done
# What only the gateway asks for is no part of the package: platforms prove the class.
same "$(grep -c . "$T/site/releases/${live[3]}/1/attest.intoto.jsonl")" 6 "submission, inspection, three approvals, release"
