#!/usr/bin/env bash
# Goal: the rules that ship pass their own tests and find in the sample drafts what is there and
# nothing else; an officer can check, test, explain, try out and sign them without a gateway.
. "$(dirname "$0")/common.sh"
# A copy, so that every step sees the same rules while someone writes on them.
POLICIES=$T/shipped
mkdir "$POLICIES"
cp -r "$SOURCE"/policies/*.yaml "$SOURCE"/policies/{packs,lists,calendars,av-demo} "$POLICIES"
policy() { "$BIN/sluice-policy" "$@"; }
scan() { policy scan --policy "$POLICIES" --demo-signatures --json "$@" 2>"$T/err"; }
says() { grep -qE "$1" "$T/out" || fail "the output does not say \"$1\": $(head -c 600 "$T/out")"; }

# The rules load, and each rule finds its positives and leaves its near-misses alone.
expect_exit 0 policy check "$POLICIES"
says 'digest +[0-9a-f]{64}'
digest=$(policy check --json "$POLICIES" | jq -r .sha256)
policy test "$POLICIES" >"$T/out" 2>"$T/err" || fail "rules fail their own tests: $(cat "$T/out" "$T/err")"
says '^[1-9][0-9]* rules, [1-9][0-9]* positives, [1-9][0-9]* near-misses, 0 failed$'
same "$(policy test --json "$POLICIES" | jq .failed)" 0

# The table in the manual is what the tool prints; every list is used and says how it is edited.
columns() { cut -d'|' -f2-5; } # how many tests a rule has may be told later
policy list --policy "$POLICIES" --markdown | columns >"$T/table"
columns <"$SOURCE/docs/rules.md" >"$T/manual"
grep -vxFf "$T/manual" "$T/table" && fail "docs/rules.md is behind: sluice-policy list --markdown"
for list in "$POLICIES"/lists/*.yaml; do
  name=$(basename "$list" .yaml)
  head -n 1 "$list" | grep -q '修改' || fail "$name does not say how it is edited"
  grep -qE "\"@?$name\"" "$POLICIES"/packs/*.yaml "$SOURCE"/gateway/policy/*.c || fail "no rule uses the list $name"
done

# What a clock gives and what a year has, for a person and for a script.
same "$(policy clock outer --policy "$POLICIES" --json --from 2025-01-20 | jq -r .due)" 2025-02-21T16:00:00Z
expect_exit 0 policy clock reply-complaint --policy "$POLICIES" --from 2026-09-18
says 'it ends at 2026-09-29 24:00' && says 'received \(the question came in\)'
expect_exit 0 policy clock --policy "$POLICIES" --from 2150-12-24
says '^route-b +3 working days +2150-12-[0-9]+ 24:00 provisional'
same "$(policy clock --policy "$POLICIES" --json | jq '.clocks | length')" 18
expect_exit 1 policy clock nonsense --policy "$POLICIES"
expect_exit 2 policy clock --policy "$POLICIES" --from yesterday
same "$(policy calendar 2024 --policy "$POLICIES" --json | jq '.working_days, ([.months[]] | add)' | tr '\n' ' ')" "251 251 "
expect_exit 0 policy calendar 2025 --policy "$POLICIES"
says '^2025: 248 working days' && says '2025-10-01 Wed +holiday'
expect_exit 0 policy calendar 2150 --policy "$POLICIES"
says 'There is no .*calendars/2150.json'
expect_exit 2 policy calendar MMXXVI --policy "$POLICIES"

# Why a finding stands in a report, in both languages.
scan "$SAMPLES/07-full-width-evasion.txt" >"$T/report.json" || :
expect_exit 0 policy explain --policy "$POLICIES" --report "$T/report.json" PI-001
says 'the check character is right.*hidden: full-width' && says 'How it is found'
LANGUAGE=zh_CN LC_ALL=zh_CN.UTF-8 policy explain --policy "$POLICIES" --report "$T/report.json" >"$T/out" || fail "no explanation in Chinese"
if locale -a 2>/dev/null | grep -qi zh_cn; then says '校验码正确'; fi
same "$(policy explain --report "$T/report.json" --json | jq -r .rule | sort -u | tr '\n' ' ')" "PI-001 PI-004 "
expect_exit 1 policy explain --report "$T/report.json" PI-016
err_says 'no such finding'
expect_exit 2 policy explain
printf 'no report\n' >"$T/no.json"
expect_exit 1 policy explain --report "$T/no.json"
err_says 'no report in JSON'

# A key for hashes is made once; check says when there is none.
cp -r "$POLICIES" "$T/keyed"
policy check "$T/keyed" >"$T/out"
says 'no hmac_key.*sluice-policy key'
expect_exit 0 policy key "$T/keyed"
key=$(grep '^hmac_key' "$T/keyed/policy.yaml")
expect_exit 0 policy key "$T/keyed"
says 'already'
same "$(grep '^hmac_key' "$T/keyed/policy.yaml")" "$key" "the key"
same "$(policy check --json "$T/keyed" | jq .own_key)" true

# A rule in words, and as JSON; a rule that is not there.
expect_exit 0 policy explain --policy "$POLICIES" PI-001
says 'PI-001' && says 'S1' && says 'GB 11643'
same "$(policy explain --policy "$POLICIES" --json PI-001 | jq -r '.rule + " " + .pack')" "PI-001 PI"
expect_exit 0 policy explain pi-001 # of the directory this program comes with
expect_exit 0 policy explain --policy "$POLICIES" AV-001 # the gateway's own, in no pack
expect_exit 1 policy explain --policy "$POLICIES" XX-999
err_says 'PI-001'

# A broken pack is refused with file and line; a rule that no longer finds is named.
cp -r "$POLICIES" "$T/policies"
sed -i '0,/severity: S0/s//severity: S9/' "$T/policies/packs/sm.yaml"
line=$(grep -n 'severity: S9$' "$T/policies/packs/sm.yaml" | cut -d: -f1)
expect_exit 1 policy check "$T/policies"
err_says "sm\.yaml:$line: SM-001: .*S9"
cp "$POLICIES/packs/sm.yaml" "$T/policies/packs/sm.yaml"
cat >"$T/policies/packs/zz.yaml" <<'YAML'
pack: ZZ
title: Made for this test
rules:
  - id: ZZ-001
    severity: S2
    title: {en: Word, zh: 词}
    message: {en: A word., zh: 词。}
    basis: none
    fix: {action: return, en: Ask., zh: 请示。}
    detect:
      - words: [蓝色汽车]
    positives: [一辆蓝色汽车, 一辆红色汽车, 蓝色汽车]
    near_misses: [绿色汽车, 蓝色汽车停在路边]
YAML
expect_exit 1 policy test "$T/policies"
says 'zz\.yaml:[0-9]+: ZZ-001: .*一辆红色汽车'
says 'zz\.yaml:[0-9]+: ZZ-001: .*蓝色汽车停在路边'
says 'ZZ-001: .*fewer than three near-misses'
says ' 3 failed$'

# Sample drafts through all filters.
code=0
scan "$SAMPLES"/*.txt >"$T/reports" || code=$?
same "$code" 4 "exit code of a scan with a spill"
same "$(jq -r '.input.name[0:2] + " " + .verdict' "$T/reports" | tr '\n' ' ')" \
  '01 clean 02 block 03 spill 04 block 05 clean 06 clean 07 block ' 'verdicts of the samples'
grep -q 'DEMONSTRATION' "$T/err" || fail "demonstration signatures are used in silence"
scan "$SAMPLES/01-road-works-clean.txt" >"$T/clean" || fail "a clean draft gives exit $?"
code=0
scan "$SAMPLES/02-lost-and-found-leak.txt" >"$T/block" || code=$?
same "$code" 1 "exit code of a blocked draft"
grep -q '34990219' "$T/block" && fail "the report shows an identity number"
# The same bytes, rules and signatures give the same report.
scan "$SAMPLES/01-road-works-clean.txt" | cmp -s - "$T/clean" || fail "two scans differ"
# In plain words for a person.
code=0
policy scan --policy "$POLICIES" --demo-signatures "$SAMPLES/02-lost-and-found-leak.txt" >"$T/out" 2>"$T/err" || code=$?
same "$code" 1
says 'PI-001'

# The bureau's samples, with everything that is expected of them.
shared=$SOURCE/../shared/samples
if [ -e "$shared/expected.json" ]; then
  compare() { python3 "$SOURCE/tests/support/compare-findings.py" "$shared/expected.json" "$shared" "$@"; }
  bad=0
  for name in $(jq -r '.samples | keys[]' "$shared/expected.json"); do
    mapfile -t options < <(compare arguments "$name")
    scan "${options[@]}" "$shared/$name" >"$T/report" || :
    compare compare "$name" <"$T/report" >&2 || bad=1
  done
  [ $bad -eq 0 ] || fail "samples and expectations differ"
fi

# Without signatures nothing is inspected, and both ways out are named.
mkdir "$T/none"
expect_exit 3 policy scan --policy "$POLICIES" --av-database "$T/none" "$SAMPLES/01-road-works-clean.txt"
err_says 'freshclam' && err_says 'demo-signatures'
expect_exit 1 scan "$T/no-such-file"

# A signature by a person over digest and version; no other key will do.
"$BIN/sluice-keys" generate --use dsse-reviewer --no-passphrase --out "$T/officer.key" >/dev/null
expect_exit 0 policy sign --policy "$POLICIES" --key "$T/officer.key" --out "$T/policy.sig.json"
same "$(jq -r '.payload | @base64d | fromjson | .schema + " " + .digest' "$T/policy.sig.json")" \
  "sluice-rules/1 $digest" 'what was signed'
"$BIN/sluice-keys" generate --use dsse-author --no-passphrase --out "$T/author.key" >/dev/null
expect_exit 1 policy sign --policy "$POLICIES" --key "$T/author.key" --out "$T/other.json"
[ ! -e "$T/other.json" ] || fail "a wrong key signed"

# Stopped in the middle, a scan leaves neither its directory nor a process.
many=()
for _ in $(seq 300); do many+=("$SAMPLES/01-road-works-clean.txt"); done
"$BIN/sluice-policy" scan --policy "$POLICIES" --demo-signatures --json "${many[@]}" >"$T/many" 2>/dev/null &
outer=$!
begun() { [ -s "$T/many" ]; }
wait_until 60 begun || fail "the scan does not begin"
inner=$(pgrep -P "$outer")
private=$(tr '\0' '\n' <"/proc/$(pgrep -P "$inner" | head -n 1)/cmdline" | sed -n 's#/[a-z]*\.sock$##p')
[ -d "$private" ] || fail "no private directory: $private"
same "$(stat -c %a "$private")" 700
kill -TERM "$outer"
code=0
wait "$outer" || code=$?
same "$code" 143 "exit code after SIGTERM"
[ ! -e "$private" ] || fail "$private is left behind"
[ -z "$(pgrep -g "$inner" || :)" ] || fail "processes are left behind"
