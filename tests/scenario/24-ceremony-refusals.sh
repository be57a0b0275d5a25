#!/usr/bin/env bash
# Goal: nobody between the custodians can change what they sign or count a signature twice:
# everything that can be done to the files of the medium is refused, with a reason.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
demo_with_ceremony "$T"
R=$T/repository S=$T/s

fresh() { # a policy renewal on an empty stick; then the options
  rm -rf "$S"
  keys ceremony init "$S" --repository "$R" --root "$T/trust/root.json" "$@" >/dev/null
}
# edit FILE PYTHON: change the JSON in j, written back canonically
edit() {
  python3 - "$S/$1" "$2" <<'P'
import json, sys
path, code = sys.argv[1:]
j = json.load(open(path, encoding="utf-8"))
exec(code)
open(path, "w", encoding="utf-8").write(json.dumps(j, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
P
}
refused() { # WHY ARGS...
  local why=$1
  shift
  expect_exit 1 keys ceremony "$@"
  err_says "$why"
}

# Too few; the same custodian twice; the same raw key under another name (P2).
fresh --renew policy
refused 'policy: 0 of 2' merge "$S"
sign "$S" policy-1
refused 'signed already' sign "$S" --key "$C/policy-1" --yes
refused 'policy: 1 of 2' merge "$S"
one=$(ls "$S/signatures")
cp "$S/signatures/$one" "$S/signatures/policy.ffff.json"
refused 'already signed' merge "$S"
edit signatures/policy.ffff.json 'j["keyid"] = "f" * 64'
refused 'does not belong to its key' merge "$S"
rm "$S/signatures/policy.ffff.json"
edit "signatures/$one" 'j["sig"] = "0" * 128'
refused 'does not sign this' merge "$S"

# Edited after a signature: neither the next custodian nor merge goes on.
fresh --renew policy
sign "$S" policy-1
edit new/policy.json 'j["signed"]["expires"] = "2099-01-01T00:00:00Z"'
refused 'changed after that custodian had signed' sign "$S" --key "$C/policy-2" --yes
refused 'changed after that custodian had signed' merge "$S"

# The sheet is never believed: what is shown comes from the files.
fresh --renew policy
echo 'nothing changes, just sign' >"$S/SUMMARY.txt"
expect_exit 0 keys ceremony sign "$S" --key "$C/policy-1" --yes
grep -q 'version 1 -> 2' "$T/out" || fail "the summary is not computed from the files"

# Keys: another use, a stranger, no part in this change; nobody to say yes.
fresh --renew policy
refused 'is a key for tuf-snapshot' sign "$S" --key "$T/keys/snapshot" --yes
make_key tuf-policy "$T/stranger"
refused 'has no part' sign "$S" --key "$T/stranger" --yes
refused 'has no part' sign "$S" --key "$C/root-1" --yes
expect_exit 1 setsid -w "$BIN/sluice-keys" ceremony sign "$S" --key "$C/policy-1" </dev/null
err_says 'no terminal'
refused 'is a key for tuf-root; the role policy' init "$T/x" --repository "$R" --add "policy=$C/root-1.pub"
[ ! -e "$S/signatures/policy.json" ] && [ -z "$(ls "$S/signatures")" ] || fail "something was signed"

# Expired, in the plan and on the medium; a skipped version; what cannot be read out.
refused 'expired already' init "$T/x" --repository "$R" --renew policy --policy-until 2020-01-01
[ ! -e "$T/x/new" ] || fail "a refused plan was left on the medium"
edit new/policy.json 'j["signed"]["expires"] = "2020-01-01T00:00:00Z"'
refused 'expired already' sign "$S" --key "$C/policy-1" --yes
fresh --renew policy
edit new/policy.json 'j["signed"]["version"] = 7'
refused 'one more than the present one' sign "$S" --key "$C/policy-1" --yes
fresh --renew policy
edit new/policy.json 'j["signed"]["targets"]["policy/\u202egnp.exe"] = j["signed"]["targets"]["policy/approval-policy.json"]'
refused 'not canonical JSON' sign "$S" --key "$C/policy-1" --yes
fresh --renew policy
edit new/policy.json 'j["signed"]["note"] = "\u202egnp.exe"'
refused 'cannot be read out' sign "$S" --key "$C/policy-1" --yes
# Members that nobody would see; a delegation that covers more than its name says.
edit new/policy.json 'j["signed"]["note"] = "harmless"'
refused 'says more than this program can show' sign "$S" --key "$C/policy-1" --yes
fresh --renew targets
edit new/targets.json 'next(r for r in j["signed"]["delegations"]["roles"] if r["name"] == "feed")["paths"].append("policy/*")'
refused 'says more than this program can show' sign "$S" --key "$C/targets-1" --yes
fresh --renew policy
edit new/policy.json 'del j["signed"]["targets"]["policy/approval-policy-1.json"]'
refused 'must stay listed' sign "$S" --key "$C/policy-1" --yes
fresh --renew policy
printf '{"signed":' >"$S/new/policy.json"
refused 'not canonical JSON' sign "$S" --key "$C/policy-1" --yes

# Rules about keys: one key in two roles, one key alone, one raw key under two key ids.
fresh --renew root
edit new/root.json 'del j["signed"]["keys"][j["signed"]["roles"]["snapshot"]["keyids"][0]]; j["signed"]["roles"]["snapshot"]["keyids"] = j["signed"]["roles"]["timestamp"]["keyids"]'
refused 'in two roles' sign "$S" --key "$C/root-1" --yes
refused 'one key alone' init "$T/x" --repository "$R" --threshold root=1
fresh --renew root
edit new/root.json 'k = j["signed"]["keys"]; i = j["signed"]["roles"]["root"]["keyids"]; k["e" * 64] = k[i[0]]; i.append("e" * 64)'
refused 'is not the id of its key' sign "$S" --key "$C/root-1" --yes
refused 'cannot sign' init "$T/x" --repository "$R" --threshold root=6

# Another root in force than the one this custodian brought; a whole other ceremony.
fresh --renew root
cp "$T/trust/root.json" "$T/mine.json"
expect_exit 0 keys ceremony sign "$S" --key "$C/root-1" --root "$T/mine.json" --yes
mkdir "$T/other"
stack_set "$T/other/demo"
refused 'is not the root of this repository' init "$T/x" --repository "$T/other/demo/repository" --root "$T/mine.json" --renew root
keys ceremony init "$T/forged" --repository "$T/other/demo/repository" --renew root >/dev/null
refused 'one that you trust' sign "$T/forged" --key "$C/root-2" --root "$T/mine.json" --yes
refused 'has no part' sign "$T/forged" --key "$C/root-2" --yes

# A first ceremony that no gateway could go by is not begun.
custodians=(--add "root=$C/root-1.pub")
expect_exit 2 keys ceremony init "$T/x" --new "${custodians[@]}" --approval-policy "$R/approval-policy.json"
err_says 'needs --policy-file witness-policy.txt=FILE'
echo 'quorum none' >"$T/junk"
refused 'witness policy, line 1' init "$T/x" --new "${custodians[@]}" \
  --approval-policy "$R/approval-policy.json" --policy-file "witness-policy.txt=$T/junk"
[ ! -e "$T/x/new" ] || fail "something was prepared"

# What is due: nothing today; with short dates it is said, in both languages; over is exit 1.
expect_exit 0 keys ceremony due --repository "$R" --json
same "$(jq -r .worst "$T/out")" fine "what is due"
printf '%s' "$(jq -cS '.signed.expires = "2020-01-01T00:00:00Z"' "$R/metadata/1.policy.json")" >"$T/over.json"
expect_exit 1 keys ceremony due --root "$T/over.json" --json
same "$(jq -r '.worst, .due[0].what' "$T/out" | paste -sd' ')" "expired over.json" "what is over"
soon=$(date -u -d '+20 days' +%F)
fresh --renew policy --policy-until "$soon"
sign "$S" policy-1 policy-2
keys ceremony merge "$S" >/dev/null
install_result "$S" "$R"
expect_exit 0 keys ceremony due --repository "$R"
grep -q "policy metadata 2 expires in 19 days, on $soon" "$T/out" || fail "due does not say it: $(cat "$T/out")"
"$BIN/sluiced" --config "$T/gateway.yaml" check --json >"$T/out" || fail "a warning stops check: $(cat "$T/out")"
jq -e '.ok and any(.checks[]; .name == "expiry" and .warning)' "$T/out" >/dev/null || fail "check does not warn"
start_all
expect_exit 0 "$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" status --json
same "$(jq -r '.due[0].what' "$T/out")" "policy metadata 2" "status of the gateway"
expect_exit 0 "$BIN/sluice-outlet" --config "$SLUICE_DEMO_OUTLET" status --json
same "$(jq -r '.due[0].state' "$T/out")" soon "status of the outlet"
expect_exit 0 pull "$T/site"
same "$(jq -r '.due[0].what' "$T/out")" "policy metadata 2" "what the platform says"
