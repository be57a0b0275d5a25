#!/usr/bin/env bash
# demo.sh BUILD - the main job end to end in one directory, in plain words.  Exit 0 when
# everything that must happen happened, and nothing else did.
set -euo pipefail
cd "$(dirname "$0")/../.."
BIN=$1/bin
export LC_ALL=${LC_ALL:-C.UTF-8}
. tests/support/stack.sh
. tests/support/people.sh
dir=$(mktemp -d /tmp/sluice-demo.XXXXXX)
trap 'stack_stop "$dir"; rm -rf "$dir"' EXIT

samples=tests/corpus/samples
clean=$samples/01-road-works-clean.txt leak=$samples/02-lost-and-found-leak.txt
marked=$samples/03-marked-paper-spill.txt

bold() { printf '\n\033[1m%s\033[0m\n' "$*"; }
tell() { printf '   %s\n' "$*"; }
fail() { printf '\nDEMO FAILED: %s\n' "$*" >&2; exit 1; }

bold "Sluice demo: everything runs in $dir and is removed at the end"
tell "!! The keys are public and the antivirus signatures know two test files: NO PROTECTION."
stack_start "$dir"
. "$dir/env"
site=$dir/site
tell "A gateway (inside) and an outlet (outside) are running; one link between them, one way."

bold "1. A clean notice goes out"
submit --type CT05 --column 公示公告 "$clean" >"$dir/r.json" || fail "the clean notice was not accepted"
id=$(draft_of <"$dir/r.json")
tell "The author hands in \"$(head -n 1 "$clean")\": $id, $(jq -r .verdict "$dir/r.json"), route $(jq -r .route "$dir/r.json")."
pull "$site" >/dev/null
is_live "$site" "${id/D-/R-}" && fail "published before anyone signed"
read_and_approve LIAISON liaison "$id" | jq -r '"   liaison signed; still missing: " + (.missing | join(", "))'
if as LIAISON sluice-review approve --json "$id" --role unit-leader >/dev/null 2>"$dir/why"; then
  fail "one person signed twice"
fi
tell "The liaison tries a second signature in another role: refused ($(head -n 1 "$dir/why" | cut -d: -f3- | sed 's/^ *//'))."
read_and_approve UNIT_LEADER unit-leader "$id" | jq -r '"   unit leader signed; still missing: " + (.missing | join(", "))'
started=$(date +%s%N)
read_and_approve DESK desk "$id" >/dev/null
wait_until 30 pull_until_live "$site" "${id/D-/R-}" || fail "the notice did not arrive"
tell "The disclosure desk signed; $((($(date +%s%N) - started) / 1000000)) ms later a platform has pulled it, checked every signature and shows it:"
tell "  $(head -n 1 "$site/live/${id/D-/R-}/files/$(basename "$clean")")"
cmp -s "$clean" "$site/live/${id/D-/R-}/files/$(basename "$clean")" || fail "the bytes differ"

bold "2. A leak comes back with reasons"
set +e
as AUTHOR sluice submit --type CT04 "$leak" >"$dir/leak.txt"
code=$?
set -e
[ $code -eq 1 ] || fail "the leak was not stopped (exit $code)"
sed 's/^/   /' "$dir/leak.txt" | head -n 24

bold "3. A marked paper spills"
set +e
submit "$marked" >"$dir/spill.json"
code=$?
set -e
[ $code -eq 4 ] || fail "the marked paper did not spill (exit $code)"
tell "$(draft_of <"$dir/spill.json"): sealed to the secrecy officers at once; the author sees only that it happened."
if grep -rqF "$(sed -n 9p "$marked")" "$dir/gateway/objects" "$dir/gateway/store" 2>/dev/null; then
  fail "the plaintext of the spilled draft is still there"
fi
tell "No plaintext of it is left in the gateway's store."

bold "4. Malware is stopped"
printf '%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR' '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >"$dir/notice.txt"
set +e
submit "$dir/notice.txt" >"$dir/eicar.json"
code=$?
set -e
[ $code -eq 1 ] || fail "the EICAR test file was not stopped (exit $code)"
tell "The EICAR test file: $(jq -r .verdict "$dir/eicar.json") ($(jq -r '[.report.files[]?.findings[]?.rule] | unique | join(", ")' "$dir/eicar.json"))."

bold "5. A forged package is refused by the platform"
tree=$dir/outlet/tree
blob=$(jq -r '.blobs[0].sha256' "$site/live/${id/D-/R-}/manifest.json")
tell "Someone who owns the outlet replaces the text behind the release."
chmod u+w "$tree/blobs/${blob:0:2}/$blob" 2>/dev/null || :
sed -i 's/22时/23时/' "$tree/blobs/${blob:0:2}/$blob"
set +e
pull "$dir/second-site" >"$dir/forged.jsonl"
code=$?
set -e
[ $code -eq 1 ] && [ ! -e "$dir/second-site/live/${id/D-/R-}" ] || fail "the forged text was shown (exit $code)"
tell "A platform that pulls it: $(jq -r 'select(.event=="refused") | .event + ": " + .reason' "$dir/forged.jsonl" | head -n 1)"

bold "The demo did what it promised."
