#!/usr/bin/env bash
# Goal: whatever is wrong with a set of rules, signed or not, it is refused with file, line, what
# is wrong and what to do; the running gateway keeps the set it has, no part of it restarts, and no
# draft is dropped, held or judged by anything else.
. "$(dirname "$0")/common.sh"
start_all
n=0
authors=()
VOUCH=${SLUICE_BUILD:-$SOURCE/build}/tests/vouch
rules() { "$BIN/sluiced" --config "$T/gateway.yaml" policy install "$1"; }
in_force() { jq -r .version "$T/gateway/policies/current"; }
# A copy of the rules that is version 2 and not signed yet.
fresh() {
  rm -rf "$T/set"
  cp -r "$T/policies" "$T/set"
  rm -rf "$T/set/signatures"
  sed -i 's/^version: .*/version: 2/' "$T/set/policy.yaml"
}
signed() { "$VOUCH" "$T/set" "${1:-2}" "$T/keys/secrecy-1" "$T/keys/secrecy-2"; }
# refused WHAT PATTERN: the set as it stands is refused in those words, and nothing happened.
refused() {
  expect_exit 1 rules "$T/set"
  grep -qE "$2" "$T/err" || fail "$1: the message does not say \"$2\": $(cat "$T/err")"
  grep -q -- '->' "$T/err" || fail "$1: it does not say what to do: $(cat "$T/err")"
  same "$(in_force)" 1 "$1: version in force"
  # Handed in while the next set is made and refused.
  n=$((n + 1))
  submit "$SAMPLES/01-road-works-clean.txt" >"$T/drafts/$n" 2>>"$T/drafts.err" &
  authors+=($!)
}
# broken WHAT FILE SED PATTERN: one edit, signed by two deceived officers.
broken() {
  fresh
  sed -i "$3" "$T/set/$2"
  cmp -s "$T/set/$2" "$T/policies/$2" && fail "$1: the edit changes nothing"
  signed
  refused "$1" "$4"
}

mkdir "$T/drafts"
# Some roles become ready late, and nobody waits for them.
all_ready() {
  "$BIN/sluiced" --config "$T/gateway.yaml" --json status | jq -e 'all(.roles[]; .state == "ready")' >/dev/null
}
wait_until 60 all_ready || fail "a role does not become ready"
ready_before=$(grep -c role.ready "$T/gateway.log")

first='0,/severity: S1/s//'
broken "YAML that ends too early" packs/pi.yaml '$a\    detect: [' 'set/packs/pi.yaml:[0-9]+: '
# The officers' own tool would not have signed it.
expect_exit 1 "$BIN/sluice-policy" sign --policy "$T/set" --key "$T/keys/secrecy-1"
err_says 'set/packs/pi.yaml:[0-9]+: '
broken "a tab in the indent" packs/pi.yaml '2s/^/\t/' 'set/packs/pi.yaml:[0-9]+: '
broken "an unknown key" packs/pi.yaml "${first}severity: S1\\n    colour: red/" 'set/packs/pi.yaml:[0-9]+: .*colour'
broken "a severity that is none" packs/pi.yaml "${first}severity: S7/" 'set/packs/pi.yaml:5: PI-001: .*"S7"'
broken "an expression that is none" packs/po.yaml "0,/regex: \\['/s//regex: ['(((青', '/" 'set/packs/po.yaml:[0-9]+: PO-001: .*\(\(\('
broken "an expression without an end" packs/po.yaml "0,/regex: \\['/s//regex: ['青.*', '/" 'set/packs/po.yaml:[0-9]+: PO-001: .*have an end'
broken "a monstrous expression" packs/po.yaml "0,/regex: \\['/s//regex: ['(青[^。]{1,100}禾){1,100}', '/" 'set/packs/po.yaml:[0-9]+: PO-001: .*too large'
broken "an id twice" packs/ws.yaml '0,/id: WS-002/s//id: WS-001/' 'set/packs/ws.yaml:[0-9]+: WS-001: .*twice'
broken "an id of another pack" packs/ws.yaml '0,/id: WS-002/s//id: PI-001/' 'PI-001: .*packs/pi.yaml|PI-001: .*packs/ws.yaml'
broken "no Chinese title" packs/cs.yaml 's/title: {en: Reserve price, zh: 标底}/title: {en: Reserve price}/' 'set/packs/cs.yaml:[0-9]+: .*zh'
broken "a detector that is none" packs/pi.yaml '0,/detector: id-number/s//detector: magic/' 'set/packs/pi.yaml:[0-9]+: PI-001: .*"magic"'
broken "a list that is none" packs/ws.yaml 's/"@inner-hosts"/"@outer-hosts"/' 'set/packs/ws.yaml:[0-9]+: WS-006: .*"outer-hosts"'
broken "a holiday that is none" calendars/2026.json 's/2026-10-01/2026-10-41/' 'set/calendars/2026.json:[0-9]+: .*2026-10-41'
broken "a holiday of another year" calendars/2026.json 's/2026-10-01/2028-10-01/' 'set/calendars/2026.json:[0-9]+: .*2028-10-01'
broken "a route of nobody" routes.yaml 's/role: legal, count: 1/role: legal, count: 0/' 'set/routes.yaml:[0-9]+: route C: .*legal'
broken "consent by silence" routes.yaml '0,/late: deputy}/s//late: deputy, silence: consents}/' 'set/routes.yaml:[0-9]+: .*never consent'
broken "a key that is none" policy.yaml 's/^hmac_key: .*/hmac_key: "secret"/' 'hmac_key is not 64 hex digits'
broken "own test: an untranslated text" packs/cs.yaml 's/zh: 泄露标底。/zh: Reserve price leaks./' 'own tests fail: .*set/packs/cs.yaml:[0-9]+: CS-002: .*Chinese'
broken "own test: too few examples" packs/cs.yaml 's/positives: \[本项目标底82.6万元，请勿公开, .*/positives: [标底为35万元]/' 'own tests fail: .*set/packs/cs.yaml:[0-9]+: CS-002: .*fewer than three'
broken "own test: finds a near-miss" packs/cs.yaml 's/near_misses: \[最高限价：86.40万元, /near_misses: [标底为35万元, /' 'own tests fail: .*set/packs/cs.yaml:[0-9]+: CS-002: .*标底为35万元'

# A file missing, a file too many, a signature missing, of another set, of nobody, of one person.
fresh && rm "$T/set/packs/rp.yaml" && "$VOUCH" "$T/set" 2 "$T/keys/secrecy-1" "$T/keys/secrecy-2" && cp "$T/policies/packs/rp.yaml" "$T/set/packs/"
refused "a file too many" 'packs/rp.yaml was added'
fresh && signed && rm "$T/set/packs/rp.yaml"
refused "a file missing" 'packs/rp.yaml is missing'
fresh && signed && sed -i 's/S1/S4/' "$T/set/packs/pi.yaml"
refused "a changed file" 'packs/pi.yaml was changed'
fresh
refused "no signature" 'signatures of 2 secrecy officers, and have 0'
signed && rm "$T/set/signatures/$(ls "$T/set/signatures" | head -n 1)"
refused "one signature" 'and have 1: p-[0-9]+'
fresh && "$VOUCH" "$T/set" 2 "$T/keys/secrecy-1" "$T/keys/liaison"
refused "a signature without the role" 'and have 1'
fresh && "$BIN/sluice-keys" generate --use dsse-reviewer --no-passphrase --out "$T/stranger" >/dev/null
"$VOUCH" "$T/set" 2 "$T/keys/secrecy-1" "$T/stranger"
refused "a stranger's signature" 'and have 1'
fresh && signed 3
refused "signed as another version" 'policy.yaml says version 2, the signatures say 3'
fresh && sed -i 's/^version: .*/version: 1/' "$T/set/policy.yaml" && printf '# other bytes\n' >>"$T/set/policy.yaml" && signed 1
refused "an older version" 'version 1 is not newer than version 1'
fresh && signed && ln -sf /etc/passwd "$T/set/packs/zz.yaml"
refused "a link" 'zz.yaml'
fresh && rm -r "$T/set/packs" && "$VOUCH" "$T/set" 2 "$T/keys/secrecy-1" "$T/keys/secrecy-2" 2>/dev/null || :
refused "no packs" 'packs'

wait "${authors[@]}" || fail "a draft was not accepted or not cleared: $(cat "$T/drafts.err")"
same "$(cat "$T"/drafts/* | jq -r '"\(.state) \(.report.files[0].policy.version)"' | sort -u)" "IN_REVIEW 1" "every draft"
[ "$n" -ge 25 ] || fail "too few drafts met the refusals: $n"
[ ! -s "$T/drafts.err" ] || fail "an author was told: $(cat "$T/drafts.err")"
same "$(grep -c role.ready "$T/gateway.log")" "$ready_before" "roles that became ready"
same "$(ls "$T/gateway/policies" | grep -c '^[0-9]')" 1 "sets that were kept"

# The same set made right is taken.
fresh && signed
expect_exit 0 rules "$T/set"
same "$(in_force)" 2 "version in the end"
