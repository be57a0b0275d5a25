#!/usr/bin/env bash
# Goal: the example's bureau of 31 units and 138 accounts, in force in a running gateway: a
# draft of unit 17 goes out though its liaison is away, an administrator touches no other unit,
# a liaison's queue is the own unit's, and units that contradict each other are refused.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
. "$SOURCE/tests/support/house.sh"
stack_set "$T"
C=$T/keys/custodians
R=$T/repository
mkdir "$T/people" "$T/officers"
now_ms() { date +%s%3N; }

# ---- keys of everybody, the approval policy that lists them, signed in a ceremony ----
begun=$(now_ms)
cp "$SOURCE"/policies/example/{units,accounts}.yaml "$T/policies/"
# As if it were always the same distance from the example's days.
sed -i "s/trained_on: .*/trained_on: \"$(day -200days)\"/; s/confirmed_on: .*/confirmed_on: \"$(day -150days)\"/; \
s/from: \"[0-9-]*\", until: \"[0-9-]*\"/from: \"$(day -100days)\", until: \"$(day +200days)\"/" "$T/policies/accounts.yaml"
"$BIN/sluice-policy" accounts --policy "$T/policies" --json >"$T/accounts.json"
same "$(jq '.accounts | length' "$T/accounts.json")" 138 "accounts"
for pid in $(jq -r '.accounts[] | select(.roles[0] != "system-admin") | .pid' "$T/accounts.json"); do
  make_key dsse-reviewer "$T/people/$pid"
done
for unit in u-17 u-03; do make_key dsse-author "$T/people/author-$unit"; done
for pub in "$T"/people/*.pub; do
  keys show "$pub" --json | jq -r --arg pid "$(basename "$pub" .pub)" '"\($pid) \(.keyid) \(.public)"'
done >"$T/keys.txt"
"$SOURCE/tests/support/bureau.py" "$R/approval-policy.json" "$T/accounts.json" "$T/keys.txt" "$T/v2.json"
# The two system administrators sign nothing: 136 of the 138, two authors, the service.
same "$(jq '.persons | length' "$T/v2.json")" 139 "persons of the approval policy"
new_policy() { # FILE VERSION
  keys ceremony init "$T/stick-$2" --repository "$R" --root "$T/trust/root.json" --approval-policy "$1" >"$T/init"
  sign "$T/stick-$2" policy-1 policy-2
  keys ceremony merge "$T/stick-$2" >"$T/merged"
  install_result "$T/stick-$2" "$R"
}
new_policy "$T/v2.json" 2
rm -f "$T"/policies/signatures/*
house_sign "$T/policies" "$T/people/q-125" "$T/people/q-126"
expect_exit 0 "$BIN/sluice-policy" accounts --policy "$T/policies" --roster "$R/approval-policy.json"
printf 'keys, policy and rules of the bureau: %d ms\n' $(($(now_ms) - begun))

begun=$(now_ms)
start_all
printf 'gateway and outlet with them: %d ms\n' $(($(now_ms) - begun))
for pid in $(cut -d' ' -f1 "$T/keys.txt"); do
  unit=$(jq -r --arg pid "$pid" '.persons[] | select(.pid == $pid) | .unit' "$T/v2.json")
  sed "s#^key:.*#key: \"$T/people/$pid\"#; s#^person:.*#person: \"$pid\"#; s#^unit:.*#unit: \"$unit\"#" \
    "$SLUICE_DEMO_DESK" >"$T/officers/$pid.yaml"
done
person() { "$BIN/$2" --config "$T/officers/$1.yaml" "${@:3}"; } # PID PROGRAM ARGS...
review() { person "$1" sluice-review "${@:2}"; }
decide() { # PID ROLE ID
  review "$1" show --json "$3" >/dev/null
  review "$1" approve --json "$3" --role "$2" >"$T/vote"
}

# ---- unit 17: liaison q-067 is away, q-068 stands in, q-066 leads, q-065 administers ----
fresh_notice 17 >"$T/notice-17.txt"
id=$(person author-u-17 sluice submit --json --type CT05 "$T/notice-17.txt" | draft_of)
review q-068 show --json "$id" >/dev/null
expect_exit 1 review q-068 approve "$id" --role liaison
err_says 'does not give you the role liaison'
expect_exit 0 review q-065 unit absence q-067 --until "$(day +4days)" --substitute q-068 --reason 年休假
expect_exit 0 decide q-068 liaison "$id"
same "$(review q-130 show --json "$id" | jq -r '.votes[-1].stands_for')" q-067 "in whose place"
expect_exit 0 decide q-066 unit-leader "$id"
# Nobody of another unit, whatever the office there.
review q-010 show --json "$id" >/dev/null
expect_exit 1 review q-010 approve "$id" --role unit-leader
err_says "must be of the author's unit u-17"
expect_exit 0 decide q-130 desk "$id"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "the draft of unit 17 is not published"

# ---- unit 3's administrator and unit 4 ----
expect_exit 1 review q-009 unit absence q-015 --role liaison --until "$(day +4days)" --substitute q-016
err_says 'q-015 is of the unit u-04; you administer u-03'
expect_exit 1 review q-009 unit absence q-015 --unit u-04 --role liaison --until "$(day +4days)" --substitute q-016
err_says 'q-015 is of the unit u-04; you administer u-03'
expect_exit 1 review q-009 unit absence q-015 --until "$(day +4days)" --substitute q-016
err_says 'no account in your unit'
expect_exit 1 review q-009 unit list --unit u-04
expect_exit 0 review q-009 unit list --json
same "$(jq -r '[.accounts[].pid] | join(" ")' "$T/out")" "q-009 q-010 q-011 q-012 q-125 q-126 q-127" "unit 3"
expect_exit 0 review q-136 unit list --unit u-04 # the auditor

# ---- a liaison's queue ----
fresh_notice 18 >"$T/notice-18.txt"
mine=$(person author-u-17 sluice submit --json --type CT05 "$T/notice-18.txt" | draft_of)
fresh_notice 19 >"$T/notice-19.txt"
other=$(person author-u-03 sluice submit --json --type CT05 "$T/notice-19.txt" | draft_of)
queue() { review "$1" list --json | jq -r '[.drafts[].draft] | join(" ")'; }
same "$(queue q-067)" "$mine" "queue of unit 17's liaison"
same "$(queue q-011)" "$other" "queue of unit 3's liaison"
same "$(queue q-130)" "$mine $other" "queue of the desk"

# ---- units that contradict each other ----
cp -r "$T/policies" "$T/set-2"
rm -f "$T"/set-2/signatures/*
sed -i 's/^version: .*/version: 2/' "$T/set-2/policy.yaml"
line=$(grep -n 'pid: q-132$' "$T/set-2/accounts.yaml" | cut -d: -f1)
sed -i "$((line + 2))s/u-04/u-05/" "$T/set-2/accounts.yaml"
house_sign "$T/set-2" "$T/people/q-125" "$T/people/q-126"
expect_exit 1 "$BIN/sluice-policy" accounts --policy "$T/set-2" --roster "$R/approval-policy.json"
err_says "accounts.yaml:$((line + 2)): q-132 is of unit u-05 here and of unit u-04"
expect_exit 1 "$BIN/sluice-policy" check "$T/set-2" --approval-policy "$R/approval-policy.json"
err_says "accounts.yaml:$((line + 2)): "
expect_exit 1 house_install "$T/set-2"
err_says "accounts.yaml:$((line + 2)): q-132 is of unit u-05 here and of unit u-04 .*: correct"
# Another approval policy always holds: whose unit differs there decides nothing until it is mended.
expect_exit 0 keys roster role "$R/approval-policy.json" --out "$T/v3.json" --person q-066 --unit u-16 --role column-owner
new_policy "$T/v3.json" 3
told() { grep -q 'accounts.other-unit .*q-066 is of unit u-17 here and of unit u-16' "$T/gateway.log"; }
wait_until 30 told || fail "nobody is told that the units differ: $(grep policy "$T/gateway.log" | tail -n 3)"
review q-066 show --json "$mine" >/dev/null
expect_exit 1 review q-066 approve "$mine" --role unit-leader
err_says 'accounts.yaml has you in the unit u-17, the approval policy in u-16'
expect_exit 0 decide q-068 liaison "$mine"
