#!/usr/bin/env bash
# Goal: the envelopes of a pulled package are what design section 4 says, and openssl and
# sha256sum alone verify each of them, and of the notice after a recall.
. "$(dirname "$0")/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
release=${id/D-/R-}
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "$release" || fail "it never arrived"
p=$T/site/releases/$release/1
policy=$p/tuf/approval-policy.json

# check LINE: prints kind and subject when openssl finds the signature good.
check() {
  local type
  printf '%s' "$1" >"$T/line"
  type=$(jq -r .payloadType "$T/line")
  jq -rj .payload "$T/line" | base64 -d >"$T/payload"
  { printf 'DSSEv1 %d %s %d ' ${#type} "$type" "$(wc -c <"$T/payload")"; cat "$T/payload"; } >"$T/pae"
  jq -rj '.signatures[0].sig' "$T/line" | base64 -d >"$T/sig"
  hex=$(jq -r --arg id "$(jq -r '.signatures[0].keyid' "$T/line")" \
    '.persons[].keys[] | select(.keyid == $id).public' "$policy")
  printf '302a300506032b6570032100%s' "$hex" | tr a-f A-F | basenc -d --base16 >"$T/key.der"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$T/key.der" -rawin -in "$T/pae" -sigfile "$T/sig" \
    >/dev/null 2>&1 || fail "openssl does not verify: $1"
  jq -r '[.predicateType, .subject[0].digest.sha256, (.predicate | keys | join(","))] | join(" ")' "$T/payload"
}
base=https://sluice.invalid/attestation
subject=$(sha256sum <"$p/manifest.json" | cut -d' ' -f1)
previous= inputs=()
while read -r line; do
  digest=$(printf '%s' "$line" | sha256sum | cut -d' ' -f1)
  [[ $previous < $digest ]] || fail "lines are not sorted by their SHA-256"
  previous=$digest
  check "$line" >>"$T/kinds"
  case $(jq -r .predicateType "$T/payload") in
  */release/v1) jq -r '.predicate.inputs[]' "$T/payload" >"$T/inputs" ;;
  *) inputs+=("$digest") ;;
  esac
done <"$p/attest.intoto.jsonl"
sort "$T/kinds" | uniq -c | sed 's/^ *//' >"$T/counted"
sort >"$T/wanted" <<W
1 $base/inspection/v1 $subject filters,report_sha256,rules_sha256,time,verdict
1 $base/release/v1 $subject inputs,policy,proved,serial,time
1 $base/submission/v1 $subject author,draft,revision,submitter,time
3 $base/approval/v1 $subject acknowledged,decision,draft,expires,inspection_sha256,nonce,policy,revision,role,shown_sha256,time
W
sort "$T/counted" | diff "$T/wanted" - || fail "the envelopes are not those of section 4"
printf '%s\n' "${inputs[@]}" | sort | diff - "$T/inputs" || fail "the release does not name exactly its inputs"

as SECRECY_1 sluice-review freeze --json "$release" --reason "复核" >/dev/null
gone() { pull "$T/site" >/dev/null && [ ! -e "$T/site/live/$release" ]; }
wait_until 30 gone || fail "the freeze did not arrive"
notice=$(find "$T/outlet/tree/targets/notice" -name '*.json')
same "$(check "$(cat "$notice")")" \
  "$base/notice/v1 $subject action,orders,policy,reason_code,release,serial,text_sha256,time,version" notice
cp "$T/payload" "$T/notice"
same "$(jq -r .predicate.text_sha256 "$T/notice")" "$(printf 复核 | sha256sum | cut -d' ' -f1)" "digest of the reason"
same "$(jq '.predicate.orders | length' "$T/notice")" 1 "orders in the notice"
same "$(check "$(jq -cSj '.predicate.orders[0]' "$T/notice")" | cut -d' ' -f1)" "$base/order/v1" "order"
