#!/usr/bin/env bash
# Goal: whoever corrects chooses the content type, and never a shorter review by it: the route is
# the original's or the stricter of both, with the original's column; where neither contains the
# other it is refused and said how to hand it in.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/routes.sh"
start_all
printf 'created_on: "2026-11-20"\npublisher: 云汀市公安局\n' >"$T/meta.yaml"
# correct ROUTE TYPE RELEASE NUMBER [options...]: a correction that takes this route; sets $id.
correct() {
  local want=$1 type=$2 release=$3 number=$4
  shift 4
  fresh_notice "$number" >"$T/corrected.txt"
  as AUTHOR sluice correct --json --type "$type" "$@" "$release" "$T/corrected.txt" >"$T/r.json"
  id=$(draft_of <"$T/r.json")
  same "$(jq -r '.state + " " + .route' "$T/r.json")" "IN_REVIEW $want" "$type, correcting $release"
}
refuses() { # TYPE RELEASE NUMBER TEXT [options...]
  local type=$1 release=$2 text=$4
  fresh_notice "$3" >"$T/corrected.txt"
  shift 4
  expect_exit 1 as AUTHOR sluice correct --json --type "$type" "$@" "$release" "$T/corrected.txt"
  err_says "$text"
}
live() { wait_until 60 pull_until_live "$T/site" "$1" || fail "$1 is not live"; }

# ---- what went out by route C cannot be corrected by two signatures less ----
hand_in C CT06 301
walk_out UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy SECRECY_2:secrecy DEPUTY:deputy DESK:desk
sensitive=R-${id#D-}
live "$sensitive"
refuses CT04 "$sensitive" 302 "published by route C; CT04 takes route A.*--type CT19"
refuses CT10 "$sensitive" 303 "published by route C; CT10 takes route B"
refuses CT05 "$sensitive" 304 "published by route C" --route U
refuses CT06 "$sensitive" 305 'cannot take route "U"' --route U
correct C CT19 "$sensitive" 306
too_early LEGAL legal unit-leader
refused_by UNIT_LEADER unit-leader
correct C CT06 "$sensitive" 307
walk_out UNIT_LEADER:unit-leader LEGAL:legal SECRECY_1:secrecy SECRECY_2:secrecy DEPUTY:deputy DESK:desk
live "R-${id#D-}"

# ---- B: a shorter type follows, and stays in the original's column; a stricter one keeps its own ----
hand_in B CT10 311 --meta "$T/meta.yaml"
walk_out LIAISON:liaison UNIT_LEADER:unit-leader COLUMN_OWNER:column-owner SECRECY_1:secrecy DESK:desk
important=R-${id#D-}
live "$important"
refuses CT05 "$important" 312 'CT05 takes route B and cannot take route "U"' --route U
correct B CT04 "$important" 313
same "$(as DESK sluice-review form --json "$id" | jq -r .manifest.column)" 招标采购 "its column"
walk LIAISON:liaison UNIT_LEADER:unit-leader
expect_exit 1 sign COLUMN_OWNER_2 column-owner "$id"
err_says '招标采购.*unit u-07.*u-05'
walk_out COLUMN_OWNER:column-owner SECRECY_1:secrecy DESK:desk
live "R-${id#D-}"
same "$(jq -r .class "$T/site/live/R-${id#D-}/manifest.json")" B "its class, for every platform"

hand_in A CT04 321
walk_out LIAISON:liaison UNIT_LEADER:unit-leader DESK:desk
ordinary=R-${id#D-}
live "$ordinary"
refuses CT06 "$ordinary" 322 "published by route A; CT06 takes route C"
correct B CT10 "$ordinary" 323 --meta "$T/meta.yaml"
refused_by LIAISON liaison
# In an emergency: what was ordinary may be corrected at once, and is reviewed in full afterwards.
correct U CT05 "$ordinary" 324 --route U
refused_by DUTY_1 duty-leader
# What is revised stays a correction, and cannot change over to a shorter route.
correct B CT10 "$ordinary" 325 --meta "$T/meta.yaml"
as LIAISON sluice-review return --json "$id" --role liaison --code other --reason 请改 >/dev/null
fresh_notice 326 >"$T/revised.txt"
as AUTHOR sluice revise --json --type CT04 "$id" "$T/revised.txt" >"$T/r.json"
same "$(jq -r '.state + " " + .route' "$T/r.json")" "IN_REVIEW A" "revised as what the original was"
walk_out LIAISON:liaison UNIT_LEADER:unit-leader DESK:desk
replaced() { pull "$T/site" >/dev/null && is_live "$T/site" "R-${id#D-}" && [ ! -e "$T/site/live/$ordinary" ]; }
wait_until 60 replaced || fail "the revised correction does not take the original's place"
