#!/usr/bin/env bash
# Goal: the commands of docs/verify-by-hand.md, exactly as they stand there, prove a release
# with stock tools only, and stop at a changed byte, a missing approval, another log and a
# recall; with tuf-js for the metadata (where it is installed) as well.
. "$(dirname "$0")/common.sh"
for tool in curl openssl jq python3 basenc ssh-keygen; do command -v $tool >/dev/null || skip "no $tool"; done
ssh-keygen -q -t ed25519 -N '' -f "$T/id"
start_all --ssh-key "desk=$T/id.pub"
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
release=$(draft_of <"$T/r.json" | sed 's/^D-/R-/')
approve_route_a "${release/R-/D-}"
wait_until 30 pull_until_live "$T/site" "$release" || fail "it never arrived"

awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$SOURCE/docs/verify-by-hand.md" >"$T/guide.sh"
[ "$(wc -l <"$T/guide.sh")" -gt 100 ] || fail "the guide has lost its commands"
# A newcomer has none of our programs.
by_hand() { # DIR URL
  rm -rf "$1" && mkdir "$1"
  run_guide "$T/guide.sh" "$1" "$2"
}
run_guide() { # GUIDE DIR URL
  (cd "$2" && env -i PATH=/usr/bin:/bin HOME="$2" OUTLET="$3" ROOT="$SLUICE_DEMO_TRUST" ID="$release" VERSION=1 \
    bash -Eeuo pipefail "$1") >"$2.log" 2>&1
}
by_hand "$T/hand" "$SLUICE_DEMO_URL" || fail "by hand: $(tail -n 5 "$T/hand.log")"
grep -q '^GOOD: ' "$T/hand.log" || fail "no verdict: $(tail -n 5 "$T/hand.log")"
same "$(grep -c ' counts$' "$T/hand.log")" 3 "approvals that count"
cmp "$SAMPLES/01-road-works-clean.txt" "$T/hand/files/01-road-works-clean.txt"

# tuf-js in the place of steps 3 and 5, as the guide's end says.
MODULES=${BIN%/bin}/tests/node/node_modules
if [ -e "$MODULES/tuf-js" ]; then
  mkdir "$T/tuf"
  ln -s "$MODULES" "$T/tuf/node_modules"
  awk '/^```js$/ { on = 1; next } /^```$/ { on = 0 } on' "$SOURCE/docs/verify-by-hand.md" >"$T/tuf/fetch.mjs"
  { printf 'fetch() { %q fetch.mjs "$OUTLET" "$ROOT" "$ID" "$VERSION" && cp tuf/*.json .; }\n' "$(command -v node)"
    awk '/^## / { skip = $2 == "5." || $2 == "3."; if ($2 == "3.") print "fetch" }
      /^```sh$/ { on = !skip; next } /^```$/ { on = 0 } on || /^fetch$/' "$SOURCE/docs/verify-by-hand.md"; } >"$T/guide-tuf.sh"
  run_guide "$T/guide-tuf.sh" "$T/tuf" "$SLUICE_DEMO_URL" || fail "with tuf-js: $(tail -n 5 "$T/tuf.log")"
  grep -q '^GOOD: ' "$T/tuf.log" || fail "with tuf-js no verdict: $(tail -n 5 "$T/tuf.log")"
fi

# The same against trees that lie.
cp -a "$T/outlet/tree" "$T/tree"
chmod -R u+w "$T/tree"
stands() { # WHAT
  if by_hand "$T/lie" "file://$T/tree"; then fail "by hand accepts $1"; fi
  grep -q '^GOOD' "$T/lie.log" && fail "by hand calls $1 good"
  return 0
}
by_hand "$T/lie" "file://$T/tree" || fail "the untouched copy is refused: $(tail -n 3 "$T/lie.log")"
find "$T/tree/blobs" -type f | head -n 1 >"$T/blob"
cp "$(cat "$T/blob")" "$T/saved" && printf X >>"$(cat "$T/blob")"
stands "a changed file"
cp "$T/saved" "$(cat "$T/blob")"
attest=$(find "$T/tree/targets/rel" -name '*.attest.intoto.jsonl')
cp "$attest" "$T/saved" && sed -i 2d "$attest"
stands "a missing envelope"
cp "$T/saved" "$attest"
entries=$(find "$T/tree/log/tile/entries" -type f | sort | tail -n 1)
cp "$entries" "$T/saved" && sed -i 's/^policy$/notice/' "$entries"
stands "another log"
grep -q 'another log' "$T/lie.log" || fail "by hand: $(tail -n 3 "$T/lie.log")"
cp "$T/saved" "$entries"
cp "$T/tree/metadata/timestamp.json" "$T/saved"
sed -i 's/"version":\([0-9]*\)/"version":9\1/' "$T/tree/metadata/timestamp.json"
stands "a changed timestamp"
cp "$T/saved" "$T/tree/metadata/timestamp.json"

as SECRECY_1 sluice-review freeze --json "$release" --reason "复核" >/dev/null
gone() { pull "$T/site" >/dev/null && [ ! -e "$T/site/live/$release" ]; }
wait_until 30 gone || fail "the freeze did not arrive"
if by_hand "$T/frozen" "$SLUICE_DEMO_URL"; then fail "by hand does not see the freeze"; fi
grep -q 'the feed says: withheld' "$T/frozen.log" || fail "by hand: $(tail -n 3 "$T/frozen.log")"
