#!/usr/bin/env bash
# Goal: a reviewer decides with an OpenSSH key that ssh-keygen holds; the signature is taken
# by desk, releaser, checker, installer and platform, and ssh-keygen itself verifies it.
. "$(dirname "$0")/common.sh"
command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
ssh-keygen -q -t ed25519 -N '' -C desk -f "$T/id"
start_all --ssh-key "desk=$T/id.pub"
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
release=${id/D-/R-}
# Its name in the roster is the fingerprint that OpenSSH shows, in hex.
same "$("$BIN/sluice-keys" show "$T/id.pub" | jq -r .keyid)" \
  "$(ssh-keygen -l -E sha256 -f "$T/id.pub" | sed 's/^[0-9]* SHA256:\([^ ]*\) .*/\1=/' | base64 -d | od -An -vtx1 | tr -d ' \n')" "key id"
# The key that opens the desk's session cannot decide.
grep -v '^approval_key' "$SLUICE_DEMO_DESK" >"$T/session-only.yaml"
SLUICE_DEMO_SESSION=$T/session-only.yaml
as SESSION sluice-review show --json "$id" >/dev/null
expect_exit 1 as SESSION sluice-review approve --json "$id" --role desk
err_says "not signed with your reviewer key"
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "$release" || fail "it never arrived"
"$BIN/sluice-pull" verify "$T/site/releases/$release/1" --trust "$SLUICE_DEMO_TRUST" >"$T/out" || fail "the package is not proved"

# The envelope of the desk, checked by OpenSSH alone.
python3 - "$T/site/releases/$release/1/attest.intoto.jsonl" "$T" <<'P'
import base64, json, sys
for line in open(sys.argv[1]):
    e = json.loads(line)
    sig = base64.b64decode(e["signatures"][0]["sig"])
    if not sig.startswith(b"SSHSIG"):
        continue
    payload = base64.b64decode(e["payload"])
    with open(sys.argv[2] + "/pae", "wb") as f:
        f.write(b"DSSEv1 %d %s %d " % (len(e["payloadType"]), e["payloadType"].encode(), len(payload)) + payload)
    with open(sys.argv[2] + "/sig", "w") as f:
        f.write("-----BEGIN SSH SIGNATURE-----\n")
        text = base64.b64encode(sig).decode()
        f.writelines(text[i : i + 70] + "\n" for i in range(0, len(text), 70))
        f.write("-----END SSH SIGNATURE-----\n")
P
printf 'desk %s\n' "$(cat "$T/id.pub")" >"$T/allowed"
ssh-keygen -q -Y verify -f "$T/allowed" -I desk -n sluice-approval@v1 -s "$T/sig" <"$T/pae" >/dev/null ||
  fail "ssh-keygen does not verify the approval"

# Two orders about a freeze are decisions too: one by this key, one by an ordinary one.
as SECRECY_1 sluice-review freeze --json "$release" --reason "复核" >/dev/null
gone() { pull "$T/site" >/dev/null && [ ! -e "$T/site/live/$release" ]; }
wait_until 30 gone || fail "the freeze did not arrive"
expect_exit 1 as SESSION sluice-review restore --json "$release" --reason "无误"
as DESK sluice-review restore --json "$release" --reason "无误" >/dev/null
as LIAISON sluice-review restore --json "$release" --reason "无误" >/dev/null
wait_until 30 pull_until_live "$T/site" "$release" || fail "it did not come back"
