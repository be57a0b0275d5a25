#!/usr/bin/env bash
# Goal: the guide's commands work as they stand there: the first ceremony, the rehearsal, each
# change of the approval policy in its table, a substitution whose end is signed together with its
# beginning, renewal.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/ceremony.sh"
PATH=$BIN:$PATH
stack_set "$T"
C=$T/keys/custodians
cp -r "$T/repository" "$T/work"
cd "$T/work"
cp "$T/trust/root.json" root.json
ln -s "$T/repository" repository

# The rehearsal, word for word, in another place and without anybody to say yes.
sed -n '/^## Rehearsal/,/^## /p' "$SOURCE/docs/ceremony.md" | sed -n '/^```sh/,/^```/p' | grep -v '```' |
  sed "s#/tmp/rehearsal#$T/rehearsal#g; s/ceremony sign/ceremony sign --yes/" >"$T/rehearsal.sh"
[ "$(wc -l <"$T/rehearsal.sh")" -eq 7 ] || fail "the rehearsal is not where the guide had it"
bash -e <(sed 's/ceremony status.*/& || :/' "$T/rehearsal.sh") >"$T/out" 2>"$T/err" || fail "the rehearsal fails: $(cat "$T/err")"
grep -q 'policy: 2 of 2' "$T/out" || fail "the rehearsal was not merged"
same "$(sed -n '/^## 演练/,/^## /p' "$SOURCE/docs/ceremony.zh-CN.md" | grep '^sluice-keys' | md5sum)" \
  "$(sed -n '/^## Rehearsal/,/^## /p' "$SOURCE/docs/ceremony.md" | grep '^sluice-keys' | md5sum)" "the rehearsal in Chinese"

# The first ceremony, word for word: one custodian, one person and the operator go by the guide,
# the others do the same beside them.
commands() { sed -n "/^## $1/,/^## /p" "$2" | sed -n '/^```sh/,/^```/p' | grep -v '```'; } # HEADING GUIDE
F=$T/first
stack_set "$F"
rm -r "$F/repository" "$F/trust" "$F"/keys/{releaser,checker,snapshot,timestamp,gateway,inspector}{,.pub} 2>/dev/null || :
mkdir -p "$F/media/mine" "$F/media/others"
for n in 2 3 4 5; do make_key tuf-root "$F/media/others/root-$n"; done
for n in 2 3; do make_key tuf-targets "$F/media/others/targets-$n" && make_key tuf-policy "$F/media/others/policy-$n"; done
make_key dsse-author "$F/p-01"
for n in 04 11 12; do make_key dsse-reviewer "$F/p-$n"; done
others_bring() { cp media/others/*.pub media/mine/*.pub media/stick/keys/; }
others_sign() {
  local key
  for key in mine/targets-1 mine/policy-1 others/{root-2,root-3,targets-3,policy-2}; do
    sluice-keys ceremony sign --yes media/stick --key "media/$key" >/dev/null
  done
}
export -f others_bring others_sign
commands 'The first ceremony' "$SOURCE/docs/ceremony.md" | sed "s#/media/#$F/media/#g; s#/srv/sluice#$F#g
  s/^sluice-keys ceremony sign.*/& --yes\nothers_sign/; s/^sluice-keys ceremony init/others_bring\n&/
  s/--out [^ ]*mine.*/& --no-passphrase/; s#^sluice-keys roster new.*#cp keys/{gateway,inspector}.pub .\n&#" >"$T/first.sh"
(cd "$F" && bash -e "$T/first.sh") >"$T/out" 2>"$T/err" || fail "the first ceremony fails: $(tail -n 4 "$T/out" "$T/err")"
grep -q 'trust .*root 1, targets 1, policy 1; approval policy version 1' "$T/out" || fail "check says: $(tail -n 12 "$T/out")"
tail -n 1 "$T/out" | grep -q 'is in the audit log' || fail "it was not recorded: $(tail -n 2 "$T/out")"
same "$(commands '首次仪式' "$SOURCE/docs/ceremony.zh-CN.md" | md5sum)" \
  "$(commands 'The first ceremony' "$SOURCE/docs/ceremony.md" | md5sum)" "the first ceremony in Chinese"

# Each row of the table of changes, as it stands, in both guides.
for key in p-21 p-21-2028 new; do make_key dsse-reviewer "$key"; done
mv "$T/repository/approval-policy.json" "$T/real.json"
cp approval-policy.json base.json
sluice-keys roster join base.json --draft --person p-21 --unit u-03 --role author --key p-21.pub --from 2026-01-01 >/dev/null
first=$(sluice-keys show p-21.pub --json | jq -r '.keyid[0:8]')
rows=0
while IFS= read -r line; do
  cp base.json approval-policy.json
  case $line in
  *' join '*) line=${line/p-21 --unit/p-31 --unit} && line=${line/p-21.pub/new.pub} ;;
  *' role '*) line=${line/--drop-role desk/--drop-role author} ;;
  esac
  rm -f next.json after.json
  expect_exit 0 bash -c "${line//63d00ee3/$first}"
  sluice-keys roster check next.json >/dev/null || fail "not a policy: $line"
  rows=$((rows + 1))
done < <(sed -n 's/^|.*`\(sluice-keys roster [^`]*\)` |$/\1/p' "$SOURCE/docs/ceremony.md")
same "$rows" 8 "rows of the table"
same "$(sed -n 's/^|.*`\(sluice-keys roster [^`]*\)` |$/\1/p' "$SOURCE/docs/ceremony.zh-CN.md" | md5sum)" \
  "$(sed -n 's/^|.*`\(sluice-keys roster [^`]*\)` |$/\1/p' "$SOURCE/docs/ceremony.md" | md5sum)" "the table in Chinese"
same "$(sluice-keys roster check after.json --json | jq -c '[.version, (.persons[] | select(.pid == "p-21").roles)]')" '[3,["author"]]' "the end of a substitution"
jq -e '.persons[] | select(.pid == "p-21").roles | index("desk")' next.json >/dev/null || fail "the substitute is none"

# The substitution through two ceremonies on one day; then everything renewed.
mv "$T/real.json" "$T/repository/approval-policy.json"
policy_ceremony() { # STICK POLICY
  sluice-keys ceremony init "$T/$1" --repository repository --root root.json --approval-policy "$2" >/dev/null
  sluice-keys ceremony sign "$T/$1" --key "$C/policy-1" --root root.json --yes >/dev/null
  sluice-keys ceremony sign "$T/$1" --key "$C/policy-3" --root root.json --yes >/dev/null
  sluice-keys ceremony merge "$T/$1" >/dev/null
}
policy_ceremony stick-1 next.json
install_result "$T/stick-1" "$T/repository"
policy_ceremony stick-2 after.json
install_result "$T/stick-2" "$T/repository"
same "$(jq -r '[.signed.targets | keys[] | select(test("approval-policy"))] | length' "$T/repository/metadata/3.policy.json")" 4 "policies that stay listed"
sluice-keys ceremony init "$T/stick-3" --repository repository --root root.json --renew root --renew targets --renew policy >/dev/null
sign "$T/stick-3" root-1 root-2 root-3 targets-1 targets-2 policy-1 policy-2
sluice-keys ceremony merge "$T/stick-3" >"$T/out"
grep -q 'root: 3 of 3 (old) · 3 of 3 (new)' "$T/out" || fail "renewal counts differently: $(cat "$T/out")"
install_result "$T/stick-3" "$T/repository"
expect_exit 0 "$BIN/sluiced" --config "$T/gateway.yaml" check
grep -q 'root 2, targets 2, policy 4; approval policy version 3' "$T/out" || fail "check says: $(cat "$T/out")"
