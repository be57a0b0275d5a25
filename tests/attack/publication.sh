# publication.sh - give a forged tree to the real programs; sourced by the P*.sh files.
#
# Each attack is tried against a platform that pulls, against the offline proof of the same
# package, and against an outlet whose gateway sends it as a signed unit.
. "$(dirname "${BASH_SOURCE[0]}")/../scenario/common.sh"
D=$T
attack_finish() { # also the outlet of the last forged tree, whatever ended the script
  local code=$?
  set +e
  stack_stop_one "$D/outlet.pid"
  (exit $code)
  finish
}
trap attack_finish EXIT
ATTACK_ID=R-2026-000002 HONEST_ID=R-2026-000001

forge() { # NAME: $D has tree and units
  D=$T/$1
  rm -rf "$D" && mkdir -p "$D"
  "${SLUICE_BUILD:-$SOURCE/build}/tests/attack_forge" "$1" "$D" ${NOW:-} || fail "forge $1"
}
pull_tree() { # INTO [DIR [options...]]
  "$BIN/sluice-pull" --from "file://${2:-$D/tree}" --trust "$D/tree/metadata/1.root.json" --into "$1" --once --json "${@:3}"
}
# package DIR: the attack's release as a package directory.
package() {
  local rel=$D/tree/targets/rel/$ATTACK_ID/1 blob
  mkdir -p "$1/tuf" "$1/files"
  cp "$rel"/*.manifest.json "$1/manifest.json"
  cp "$rel"/*.attest.intoto.jsonl "$1/attest.intoto.jsonl"
  blob=$(jq -r '.blobs[0].sha256' "$1/manifest.json")
  cp "$D/tree/blobs/${blob:0:2}/$blob" "$1/files/$(jq -r '.blobs[0].name' "$1/manifest.json")"
  cp "$D/tree/metadata/1.targets.json" "$1/tuf/targets.json"
  cp "$D/tree/metadata/1.policy.json" "$1/tuf/policy.json"
  cp "$D"/tree/targets/policy/*.approval-policy.json "$1/tuf/approval-policy.json"
}

# platform_refuses NAME WHY: the honest release is shown, the attack's is not, and said why.
platform_refuses() {
  forge "$1"
  expect_exit 1 pull_tree "$D/site"
  jq -e --arg id "$ATTACK_ID" --arg why "$2" \
    'select(.event == "refused" and .id == $id and (.reason | test($why)))' "$T/out" >/dev/null ||
    fail "$1: refused for another reason than \"$2\": $(cat "$T/out")"
  [ ! -e "$D/site/live/$ATTACK_ID" ] && [ ! -e "$D/site/releases/$ATTACK_ID" ] || fail "$1 is held by the platform"
  [ -e "$D/site/live/$HONEST_ID" ] || fail "$1: the honest release went with it"
}
package_refused() { # WHY: of the forged tree in $D
  package "$D/package"
  expect_exit 1 "$BIN/sluice-pull" verify "$D/package" --trust "$D/tree/metadata/1.root.json"
  err_says "$1"
}
# outlet_refuses WHY: a whole outlet gets the two units of $D.
outlet_refuses() {
  mkdir -p "$D/link"
  cat >"$D/outlet.yaml" <<Y
data: "$D/outlet"
trust_root: "$D/tree/metadata/1.root.json"
link:
  mode: directory
  directory: "$D/link"
  key: "$D/link-key"
  signer: "$D/gateway.pub"
http:
  address: "127.0.0.1"
  port: $(stack_free_port)
Y
  cp "$D/1.unit" "$D/link/00000000000000000001.5.unit"
  cp "$D/2.unit" "$D/link/00000000000000000002.5.unit"
  stack_start_outlet "$D"
  dealt_with() { compgen -G "$D/outlet/quarantine/refused/*.reason" >/dev/null || [ -e "$D/outlet/tree/targets/rel/$ATTACK_ID" ]; }
  wait_until 30 dealt_with || fail "the outlet did not decide"
  stack_stop_one "$D/outlet.pid"
  cat "$D"/outlet/quarantine/refused/*.reason >"$T/err" 2>/dev/null || fail "the outlet installed the attack"
  err_says "$1"
  [ ! -e "$D/outlet/tree/targets/rel/$ATTACK_ID" ] || fail "the attack's files are in the tree"
  [ -e "$D/outlet/tree/targets/rel/$HONEST_ID" ] || fail "the honest release is not in the tree"
}
everyone_refuses() { # NAME WHY
  platform_refuses "$1" "$2"
  package_refused "$2"
  outlet_refuses "$2"
}
accepted() { # NAME: without its flaw the same material is good
  forge "$1"
  expect_exit 0 pull_tree "$D/site"
  [ -e "$D/site/live/$ATTACK_ID" ] || fail "$1 is not shown: $(cat "$T/out")"
}
