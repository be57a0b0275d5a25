#!/usr/bin/env bash
# Goal: a lost key is replaced while the gateway runs, and anyone sees in the public log that it
# came to its end, with stock tools too; what it approved before stays published and proved, also
# for a platform that comes later; after a restart the next change is told as well.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
demo_with_ceremony "$T"
R=$T/repository tree=$T/outlet/tree
start_all
prove() { "$BIN/sluice-pull" log verify "$tree" --trust "$SLUICE_DEMO_TRUST" "$@"; }
told() { prove --json | jq -e ".ok and (.keys | length == $1)" >"$T/told"; }
keyid() { keys show "$T/keys/$1.pub" --json | jq -r .keyid; }
# change NAME POLICY: two policy officers sign it, the operator installs it
change() {
  keys ceremony init "$T/$1" --repository "$R" --root "$T/trust/root.json" --approval-policy "$2" >"$T/$1.log"
  sign "$T/$1" policy-1 policy-2
  keys ceremony merge "$T/$1" >>"$T/$1.log"
  install_result "$T/$1" "$R"
}

submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
first=$(draft_of <"$T/r.json")
approve_route_a "$first"
wait_until 30 pull_until_live "$T/site" "${first/D-/R-}" || fail "the platform shows nothing"
told 0 || fail "the first policy ended a key: $(cat "$T/told")"

# The unit leader lost the key that approved it; it is gone at once, another takes its place.
lost=$(keyid unit-leader)
make_key dsse-reviewer "$T/new-leader"
expect_exit 0 keys roster lost "$R/approval-policy.json" --out "$T/v2.json" --old "${lost:0:12}" --key "$T/new-leader.pub"
grep -q 'entry in the public release log' "$T/out" || fail "the officers are not told: $(cat "$T/out")"
change stick-2 "$T/v2.json"
wait_until 30 told 1 || fail "the log does not tell of the lost key: $(prove --json)"
prove --json | jq -c '.keys[0] | [.key, .person, .use, .policy, .policy_sha256, .until]' >"$T/entry"
digest=$(sha256sum "$T/v2.json" | cut -d' ' -f1)
same "$(cat "$T/entry")" "[\"$lost\",\"p-03\",\"dsse-reviewer\",2,\"$digest\",null]" "entry of the lost key"
expect_exit 0 prove
grep -q "key ${lost:0:16}… (dsse-reviewer of p-03) is gone since approval policy version 2: entry" "$T/out" ||
  fail "not told to people: $(cat "$T/out")"

# The bytes that everybody can fetch: behind the entry of the policy.
zeros=$(printf '%064d' 0)
bundle=$(sed -n 2p "$tree/log/checkpoint")
curl -sf "$SLUICE_DEMO_URL/log/tile/entries/000.p/$bundle" | tr -c '[:print:]\n' ' ' | tr '\n' ' ' >"$T/entries"
grep -q "policy - 2 0 $digest $zeros .. *sluice-log/1 key ${lost:0:24} 2 0 $digest $zeros" "$T/entries" ||
  fail "no such entry in the tile: $(cat "$T/entries")"

# Published releases stay, for those who have them and for those who come now.
expect_exit 0 pull "$T/site"
expect_exit 0 pull "$T/newcomer"
for site in site newcomer; do
  is_live "$T/$site" "${first/D-/R-}" || fail "$site does not show what was published before"
  expect_exit 0 "$BIN/sluice-pull" verify "$T/$site/releases/${first/D-/R-}/1" --trust "$SLUICE_DEMO_TRUST"
done

# Across a restart: somebody's keys end on a day to come.
stack_stop_one "$T/gateway.pid"
leaver=$(keyid duty-2)
day=$(date -u -d '+40 days' +%F)
expect_exit 0 keys roster leave "$R/approval-policy.json" --out "$T/v3.json" --person p-11 --on "$day"
change stick-3 "$T/v3.json"
stack_start_gateway "$T"
wait_until 30 told 2 || fail "the log does not tell of the second key: $(prove --json)"
same "$(prove --json | jq -r '.keys[1] | [.key, .policy, .until[0:10]] | join(" ")')" "$leaver 3 $day" "key that ends later"

# The line goes on, with the new key.
sed "s#^key:.*#key: \"$T/new-leader\"#" "$SLUICE_DEMO_UNIT_LEADER" >"$T/leader.yaml"
SLUICE_DEMO_UNIT_LEADER=$T/leader.yaml
submit --type CT07 "$SAMPLES/06-secrecy-week-clean.txt" >"$T/r.json"
second=$(draft_of <"$T/r.json")
approve_route_a "$second"
wait_until 30 pull_until_live "$T/site" "${second/D-/R-}" || fail "nothing is released with the new key"
expect_exit 0 prove --json

# Go proves every entry of this log under its checkpoint and reads the same.
if command -v go >/dev/null && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ]; then
  mkdir "$T/go"
  cp -r "$tree/log" "$T/go/"
  sed -n 's/^log //p' "$T/witness-policy.txt" >"$T/go/log.vkey"
  sed -n 's/^witness [^ ]* //p' "$T/witness-policy.txt" >"$T/go/witness.vkey"
  GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$T/cache GOFLAGS='' GOTOOLCHAIN=local \
    go build -o "$T/theirs" "$SOURCE/tests/crosscheck/logs.go"
  expect_exit 0 "$T/theirs" tell "$T/go"
  same "$(grep -c '^sluice-log/1 key ' "$T/out")" 2 "keys that Go reads"
  grep -q "^sluice-log/1 key ${lost:0:24} 2 0 $digest $zeros\$" "$T/out" || fail "Go reads another entry: $(cat "$T/out")"
fi
