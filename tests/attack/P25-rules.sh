#!/usr/bin/env bash
# P25: the gateway inspects by other rules than the officers signed: rules that nobody signed, or
# yesterday's, in which today's rule is not yet. Whatever `recheck` says, no machine approves a
# report by rules without two officers' signatures; and one that knows newer rules approves what
# older ones made only when its own newer ones find nothing more.
. "$(dirname "$0")/../scenario/common.sh"
start_all
with() { # PERSON MODE POLICIES: this person's configuration, with another switch and rules
  local var=SLUICE_DEMO_$1
  sed "s/^recheck: .*/recheck: \"$2\"/; s#^policies: .*#policies: \"$3\"#" "${!var}" >"$T/$1-$2.yaml"
  printf '%s' "$T/$1-$2.yaml"
}
approve() { # CONFIG DRAFT
  "$BIN/sluice-review" --config "$1" show --json "$2" >/dev/null
  "$BIN/sluice-review" --config "$1" approve --json "$2" --role liaison --ack DH-016=x
}
lie() { python3 "$SOURCE/tests/support/lie.py" "$T/gateway/store" "$@"; }
hand_in() { # NUMBER [TEXT]: a notice with these words in it
  fresh_notice "$1" | sed "s/^特此通告。/${2-}特此通告。/" >"$T/notice.txt"
  submit --type CT05 "$T/notice.txt" | draft_of
}

# ---- rules that nobody signed ----
id=$(hand_in 251)
lie "$id" rules
for mode in off when-possible required; do
  expect_exit 1 approve "$(with LIAISON $mode "$T/policies")" "$id"
  err_says 'rules it names are not signed by two secrecy officers'
done

# ---- yesterday's: the officers signed version 2, the gateway goes on with version 1 ----
cp -r "$T/policies" "$T/next"
rm -f "$T"/next/signatures/*
sed -i 's/^version: .*/version: 2/' "$T/next/policy.yaml"
cat >"$T/next/packs/zz.yaml" <<'YAML'
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
      - words: [蓝色飞艇]
    positives: [蓝色飞艇, 一蓝色飞艇, 蓝色飞艇一]
    near_misses: [绿色汽车, 红色汽车, 蓝色自行车]
YAML
for who in secrecy-1 secrecy-2; do
  "$BIN/sluice-policy" sign --policy "$T/next" --key "$T/keys/$who" >/dev/null
done
bad=$(hand_in 252 蓝色飞艇) good=$(hand_in 253) later=$(hand_in 254)
for mode in when-possible required; do
  expect_exit 1 approve "$(with LIAISON $mode "$T/next")" "$bad"
  err_says 'differs from what your machine finds: .*a finding is left out.*ZZ-001'
done
# What the newer rules find nothing in is approved as before.
expect_exit 0 approve "$(with LIAISON required "$T/next")" "$good"
# Without them at hand this machine still knows that there are newer ones.
expect_exit 1 approve "$(with LIAISON when-possible "$T/policies")" "$later"
err_says 'inspected by rules of version 1, and version 2 is known here'
expect_exit 1 approve "$(with LIAISON required "$T/none")" "$later"
expect_exit 0 approve "$(with LIAISON off "$T/none")" "$later"
err_says 'inspected by rules of version 1, and version 2 is known here'
# Newer rules that one officer alone signed are no rules.
rm "$T/next/signatures/$(ls "$T/next/signatures" | head -n 1)"
rm -r "$T/clients/cache"
expect_exit 0 approve "$(with LIAISON when-possible "$T/next")" "$(hand_in 255)"
err_says 'rules here are not those'
