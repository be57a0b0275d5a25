#!/usr/bin/env bash
# Goal: tuf-js, unmodified and with our root.json as its only trust, accepts what a real
# gateway publishes: the first release, a second one, a recall, new online keys, and three
# root rotations; each with the state it has kept, and each again from nothing.  Without
# tuf-js our own client looks alone.
. "$(dirname "$0")/../scenario/common.sh"
MODULES=${BIN%/bin}/tests/node/node_modules
have_js=$([ -e "$MODULES/tuf-js" ] && echo yes || :)
FORGE=${BIN%/bin}/tests/forge

tufjs() { # STATE TARGET...
  local state=$1
  shift
  node "$(dirname "$0")/tuf-js-check.mjs" "$MODULES" "$SLUICE_DEMO_URL" "$SLUICE_DEMO_TRUST" "$state" "$@"
}
# agree WHAT TARGET...: our client takes the outlet's word from nothing, and tuf-js with kept and
# with new state says the same of these targets.
agree() {
  local what=$1
  shift
  rm -rf "$T/new-site"
  pull "$T/new-site" >"$T/out" || fail "$what: refused by a new platform: $(cat "$T/out")"
  [ -n "$have_js" ] || return 0
  tufjs "$T/js-kept" "$@" >"$T/kept" 2>"$T/err" || fail "$what: tuf-js refuses: $(cat "$T/err")"
  rm -rf "$T/js-new"
  tufjs "$T/js-new" "$@" >"$T/new" 2>"$T/err" || fail "$what: tuf-js refuses it from nothing: $(cat "$T/err")"
  cmp -s "$T/kept" "$T/new" || fail "$what: kept and new state differ: $(cat "$T/kept" "$T/new")"
  printf '%s: tuf-js accepts, %s targets fetched\n' "$what" "$(grep -vc '^absent' "$T/new" || :)"
}
absent() { [ -z "$have_js" ] || grep -qxF "absent $1" "$T/new" || fail "tuf-js still finds $1"; }
present() { [ -z "$have_js" ] || grep -qE "^[0-9a-f]{64} $1\$" "$T/new" || fail "tuf-js does not find $1: $(cat "$T/new")"; }
release() { # TYPE SAMPLE: sets RELEASE, live at our own client
  submit --type "$1" "$SAMPLES/$2" >"$T/r.json"
  RELEASE=$(draft_of <"$T/r.json")
  approve_route_a "$RELEASE"
  RELEASE=${RELEASE/D-/R-}
  wait_until 60 pull_until_live "$T/site" "$RELEASE" || fail "$RELEASE never arrived: $(pull "$T/site" 2>&1)"
}
targets_of() { printf 'rel/%s/1/manifest.json\nrel/%s/1/attest.intoto.jsonl\n' "$1" "$1"; }

# ---- what custodians do, here at once: edit the newest file, sign, put it where the gateway looks
REPO=$T/repository/metadata
newest() { ls "$1" | sed -n "s/^\([0-9]*\)\.$2\.json$/\1/p" | sort -n | tail -n 1; } # DIR ROLE
edit() { # ROLE USE JQ-ARGUMENTS... -- KEYFILE...
  local role=$1 use=$2 now args=()
  shift 2
  while [ "$1" != -- ]; do args+=("$1"); shift; done
  shift
  now=$(newest "$REPO" "$role")
  jq "${args[@]}" "$REPO/$now.$role.json" >"$T/body.json"
  "$FORGE" "$use" "$@" <"$T/body.json" >"$T/envelope.json"
  mv "$T/envelope.json" "$REPO/$((now + 1)).$role.json"
}
public_of() { "$BIN/sluice-keys" show --json "$1" | jq -r .public; } # KEYFILE
key_id_of() { "$BIN/sluice-keys" show --json "$1" | jq -r .keyid; }
new_key() { # USE FILE: in the place of the old one
  rm "$2" "$2.pub"
  "$BIN/sluice-keys" generate --use "$1" --out "$2" --no-passphrase >/dev/null
}
custodians() { # USE NUMBER...: their key files
  local use=$1 n
  shift
  for n in "$@"; do printf '%s\n' "$T/keys/custodians/$use-$n"; done
}
served() { # ROLE VERSION: the outlet has it, and our own client is content
  [ -e "$T/outlet/tree/metadata/$2.$1.json" ] && pull "$T/site" >/dev/null
}

start_all
release CT05 01-road-works-clean.txt
first=$RELEASE
agree "first release" feed/head.json policy/approval-policy.json $(targets_of "$first")
present "rel/$first/1/manifest.json"
present policy/approval-policy.json

release CT07 06-secrecy-week-clean.txt
second=$RELEASE
agree "second release" feed/head.json $(targets_of "$first") $(targets_of "$second")
present "rel/$first/1/manifest.json"
present "rel/$second/1/attest.intoto.jsonl"

as SECRECY_1 sluice-review freeze --json "$first" --reason "附件需要复核" >/dev/null
gone() { pull "$T/site" >/dev/null && [ ! -e "$T/site/live/$first" ]; }
wait_until 60 gone || fail "the recall never arrived"
agree "recall" feed/head.json $(targets_of "$first") $(targets_of "$second")
absent "rel/$first/1/manifest.json"
present "rel/$second/1/manifest.json"

# New online keys of releaser and checker, through a new targets.json; the old ones no longer count.
stack_stop_one "$T/gateway.pid"
swap=()
map='{}'
for use in rel feed; do
  for who in releaser checker; do
    file=$T/keys/$who/$use
    old=$(key_id_of "$file")
    new_key "tuf-$use" "$file"
    map=$(jq -n --argjson map "$map" --arg old "$old" --arg new "$(key_id_of "$file")" \
      --arg public "$(public_of "$file")" '$map + {($old): {id: $new, public: $public}}')
  done
done
edit targets tuf-targets --argjson map "$map" '.signed | .version += 1
  | .delegations.keys |= with_entries($map[.key] as $n | if $n then
      .key = $n.id | .value.keyval.public = $n.public else . end)
  | .delegations.roles[].keyids |= (map($map[.].id // .) | sort)' -- $(custodians targets 1 2)
stack_start_gateway "$T"
wait_until 60 served targets 2 || fail "the new targets.json never arrived: $(pull "$T/site" 2>&1)"
release CT05 05-procurement-near-miss-clean.txt
third=$RELEASE
agree "key rotation" feed/head.json $(targets_of "$second") $(targets_of "$third")
present "rel/$second/1/manifest.json"
present "rel/$third/1/manifest.json"

# Root 2: the same keys. Root 3: one custodian is replaced. Root 4: new snapshot and timestamp keys.
edit root tuf-root '.signed | .version += 1' -- $(custodians root 1 2 3)
wait_until 60 served root 2 || fail "root 2 never arrived"
agree "root rotation 1" feed/head.json $(targets_of "$third")

replaced=$(key_id_of "$T/keys/custodians/root-5")
new_key tuf-root "$T/keys/custodians/root-5"
edit root tuf-root --arg old "$replaced" --arg new "$(key_id_of "$T/keys/custodians/root-5")" \
  --arg public "$(public_of "$T/keys/custodians/root-5")" '.signed | .version += 1
  | .keys[$new] = (.keys[$old] | .keyval.public = $public) | del(.keys[$old])
  | .roles.root.keyids |= (map(if . == $old then $new else . end) | sort)' \
  -- $(custodians root 1 2 3)
wait_until 60 served root 3 || fail "root 3 never arrived"
agree "root rotation 2" feed/head.json $(targets_of "$third")

stack_stop_one "$T/gateway.pid"
map='{}'
for use in snapshot timestamp; do
  file=$T/keys/$use
  old=$(key_id_of "$file")
  new_key "tuf-$use" "$file"
  map=$(jq -n --argjson map "$map" --arg old "$old" --arg new "$(key_id_of "$file")" \
    --arg public "$(public_of "$file")" '$map + {($old): {id: $new, public: $public}}')
done
edit root tuf-root --argjson map "$map" '.signed | .version += 1
  | .keys |= with_entries($map[.key] as $n | if $n then
      .key = $n.id | .value.keyval.public = $n.public else . end)
  | .roles[].keyids |= map($map[.].id // .)' -- $(custodians root 2 3 5)
stack_start_gateway "$T"
wait_until 60 served root 4 || fail "root 4 never arrived: $(pull "$T/site" 2>&1)"
agree "root rotation 3" feed/head.json policy/approval-policy.json $(targets_of "$second") $(targets_of "$third")
present "rel/$third/1/manifest.json"
[ -n "$have_js" ] || skip "tuf-js is not installed (Node.js 20 or later is needed): only sluice-pull has looked"
[ "$(jq .signed.version "$T/js-kept/root.json")" -eq 4 ] || fail "tuf-js has not followed the roots"
