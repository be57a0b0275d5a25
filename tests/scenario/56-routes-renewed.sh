#!/usr/bin/env bash
# Goal: a repost needs a certificate of its source; and drafts go by the routes in force, not by
# those under which they were handed in: what was signed stays signed.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/routes.sh"
start_all
# ---- a repost: the desk certifies the official source ----
printf 'source_type: 转载\nsource_name: 新华社\nsource_url: https://www.xinhuanet.com/a\n' >"$T/repost.yaml"
hand_in A CT04 161 --meta "$T/repost.yaml"
same "$(modifiers "$id")" repost:open "modifier"
walk LIAISON:liaison UNIT_LEADER:unit-leader
expect_exit 1 sign DESK desk "$id"
err_says 'CERT-SOURCE'
sign DESK desk "$id" --ack CERT-SOURCE=新华社官网核对一致 >"$T/v.json"
same "$(jq -r .state "$T/v.json")" APPROVED "with the certificate"
wait_until 60 pull_until_live "$T/site" "R-${id#D-}" || fail "the repost is not live"

# ---- other routes come into force: what waits goes by them, what was signed stays ----
hand_in A CT04 171
walk LIAISON:liaison
VOUCH=${SLUICE_BUILD:-$SOURCE/build}/tests/vouch
cp -r "$T/policies" "$T/set" && rm -rf "$T/set/signatures"
sed -i 's/^version: .*/version: 2/' "$T/set/policy.yaml"
sed -i 's/when: {source: \[转载, 转发\]}/when: {source: [原创]}/' "$T/set/routes.yaml"
python3 - "$T/set/routes.yaml" <<'END'
import sys
path = sys.argv[1]
text = open(path, encoding="utf-8").read()
first = text.index("      - {role: unit-leader, count: 1, from: unit, late: desk, late_at: 70}")
line = text[first:text.index("\n", first) + 1]
desk = text.index("      - {role: desk", first)
rest = text[desk:text.index("\n", desk) + 1]
text = text[:first] + rest.replace("late: deputy", "late: unit-leader, late_at: 70") + line + text[desk + len(rest):]
open(path, "w", encoding="utf-8").write(text)
END
"$VOUCH" "$T/set" 2 "$T/keys/secrecy-1" "$T/keys/secrecy-2"
expect_exit 0 "$BIN/sluiced" --config "$T/gateway.yaml" policy install "$T/set"
reordered() { [ "$(steps "$id")" = 'liaison:done desk:open unit-leader:waiting' ]; }
wait_until 60 reordered || fail "the draft does not go by the routes in force: $(steps "$id")"
too_early UNIT_LEADER unit-leader desk
walk_out DESK:desk UNIT_LEADER:unit-leader
