#!/usr/bin/env bash
# Goal: virus signatures come on a medium. Damaged, undated, forbidden or older ones are refused
# with what to do next and the old ones stay; good ones are taken over while drafts are inspected,
# and what waits or is public is inspected again: a pending draft is blocked, a public one raises
# an alert and stays.
. "$(dirname "$0")/common.sh"
start_all
import() { "$BIN/sluiced" --config "$T/gateway.yaml" av import "$@"; }
status() { "$BIN/sluiced" --config "$T/gateway.yaml" status --json; }
hit_of() { as LIAISON sluice-review list --json | jq -r '.alerts[0].rules // ""'; }
in_state() { [ "$(state_of "$1")" = "$2" ]; }
all_done() { status | jq -e '.reinspection.left == 0 and .reinspection.total >= 2' >/dev/null; }
medium=$T/medium
demo=$(yaml_value "$T/gateway.yaml" database)

# A document that tomorrow's signatures know: one is public, one waits.
sed 's/施工期间/施工期间甲/' "$SAMPLES/01-road-works-clean.txt" >"$T/public.txt"
sed 's/施工期间/施工期间乙/' "$SAMPLES/01-road-works-clean.txt" >"$T/pending.txt"
public=$(submit "$T/public.txt" | draft_of)
approve_route_a "$public"
wait_until 30 pull_until_live "$T/site" "R-${public#D-}" || fail "nothing became public"
pending=$(submit "$T/pending.txt" | draft_of)
read_and_approve LIAISON liaison "$pending" >/dev/null

# Refused, each with its reason, and nothing changes.
expect_exit 1 import "$T/nowhere"
err_says 'is the medium mounted there'
mkdir "$medium"
printf 'nothing\n' >"$medium/README"
expect_exit 1 import "$medium"
err_says 'no virus signatures'
cp "$demo/demo.hdb" "$medium"
printf 'x:1:overlooked\n' >"$medium/local.ign2"
expect_exit 1 import "$medium"
err_says 'local.ign2 .*overlook'
rm "$medium/local.ign2"
head -c 3000 /dev/urandom | base64 -w 0 >"$medium/broken.hdb"
expect_exit 1 import "$medium"
err_says 'Malformed database|medium'
rm "$medium/broken.hdb"
{
  printf 'ClamAV-VDB:%s 00-00 +0000:27300:1:90:x:y:builder:%s' "$(date -u '+%d %b %Y')" "$(date +%s)"
  head -c 4000 /dev/zero | tr '\0' ' '
} >"$medium/daily.cvd"
expect_exit 1 import "$medium"
err_says 'daily.cvd'
rm "$medium/daily.cvd"
ln -s /etc/passwd "$medium/link.hdb"
expect_exit 1 import "$medium"
err_says 'link.hdb'
rm "$medium/link.hdb"
[ ! -e "$T/gateway/antivirus/current" ] || fail "something refused is in force"

# Good ones, while drafts are handed in.
mkdir "$T/drafts"
hand_in() {
  local n=0
  until [ -e "$T/enough" ]; do
    n=$((n + 1))
    submit "$SAMPLES/01-road-works-clean.txt" >"$T/drafts/$n" 2>>"$T/drafts.err" || return 1
  done
}
hand_in &
authors=$!
cp "$demo"/demo.* "$medium"
for file in public pending; do
  printf '%s:%s:Test.Of.Tomorrow\n' "$(md5sum <"$T/$file.txt" | cut -d' ' -f1)" "$(stat -c %s "$T/$file.txt")"
done >"$medium/tomorrow.hdb"
expect_exit 0 import --json "$medium"
same "$(jq -r .running "$T/out")" true "the running gateway took it"
same "$(jq -r .files "$T/out")" 3 "files imported"
touch "$T/enough"
wait "$authors" || fail "a draft was lost meanwhile: $(cat "$T/drafts.err")"
same "$(cat "$T"/drafts/* | jq -r .state | sort -u)" IN_REVIEW "state of every draft"

wait_until 60 all_done || fail "not everything was inspected again: $(status | jq -c .reinspection)"
in_state "$pending" BLOCKED || fail "malware waits for approval: $(state_of "$pending")"
same "$(hit_of)" AV-001 "alert about the public item"
pull "$T/site" >/dev/null
is_live "$T/site" "R-${public#D-}" || fail "it was taken down by itself"
code=0
submit "$T/pending.txt" >"$T/out" 2>/dev/null || code=$?
same "$code" 1 "exit code for a new draft with it"
same "$(jq -r .state "$T/out")" BLOCKED "state of a new draft with it"

# Real use: what is undated protects from nobody knows what.
sed -i 's/^\( *demo:\).*/\1 false/' "$T/gateway.yaml"
expect_exit 1 import "$medium"
err_says 'carry no date'
