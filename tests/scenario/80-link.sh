#!/usr/bin/env bash
# Goal: the same job over each of the three links (SLUICE_LINK), with the same words of the
# programs and the same bytes at the end: a notice goes out, a recall overtakes a large release
# while the outlet is away, and a unit that the link lost is named and sent again.
. "$(dirname "$0")/common.sh"
: "${SLUICE_LINK:?udp, stream or directory}"
tls=()
if [ "$SLUICE_LINK" = stream ]; then
  command -v openssl >/dev/null || skip "openssl is not installed"
  tls=(--tls)
fi
stack_set "$T" "${tls[@]}"
office /nonexistent
# The test says when something is sent again.
sed -i 's/^link:$/link:\n  repeat: [never]/' "$T/gateway.yaml"
stack_start "$T"
. "$T/env"
outlet() { "$BIN/sluice-outlet" --config "$SLUICE_DEMO_OUTLET" "$@"; }
gateway() { "$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" "$@"; }
released() { case $(state_of "$1") in RELEASED | SENT) ;; *) return 1 ;; esac; }
publish() { # FILE: the draft, when the gateway has released it
  submit --type CT05 "$1" >"$T/r.json"
  draft_of <"$T/r.json"
  approve_route_a "$(draft_of <"$T/r.json")"
  wait_until 60 released "$(draft_of <"$T/r.json")" || fail "$1 was not released"
}
missing() { outlet status --json | jq -c .receiver.missing; }
none_missing() { [ "$(missing)" = '[]' ]; }
outlet status | grep -q 'no unit is missing' || fail "something is missing before anything was lost"
grep -q "^ *mode: \"$SLUICE_LINK\"" "$T/gateway.yaml" "$T/outlet.yaml" || fail "this is another link"
same "$(outlet status --json | jq -r .receiver.mode)" "$SLUICE_LINK" "mode in the outlet's status"

first=$(publish "$SAMPLES/01-road-works-clean.txt")
wait_until 30 pull_until_live "$T/site" "${first/D-/R-}" || fail "the notice never arrived"

# The outlet is away; a large release, then a freeze. What is on its way is lost by a diode, waits
# at the gateway, or lies in the exchange platform's folder.
stack_stop_one "$T/outlet.pid"
{ fresh_notice 8001; for n in $(seq 8002 8200); do fresh_notice "$n" | sed -n '3,32p'; done; } >"$T/large.txt"
printf '\n特此通告。\n\n云汀市公安局\n2024年4月29日\n\n（此件公开发布）\n' >>"$T/large.txt"
large=$(publish "$T/large.txt")
as SECRECY_1 sluice-review freeze --json "${first/D-/R-}" --reason "先撤下" >/dev/null
highest() { find "$T/gateway/outbox" -name '*.unit' -printf '%f\n' | sort -n | tail -n 1 | sed 's/^0*\([0-9]*\)\..*/\1/'; }
# The newest unit that was made.
recall_made() { compgen -G "$T/gateway/outbox/*.0.unit" >/dev/null || compgen -G "$T/gateway/outbox/sent/*.0.unit" >/dev/null; }
wait_until 30 recall_made || fail "there is no unit for the freeze"
large_unit=$(($(highest) - 1))
stack_start_outlet "$T"
gone() { pull "$T/site" >/dev/null 2>&1 || :; [ ! -e "$T/site/live/${first/D-/R-}" ]; }
if [ "$SLUICE_LINK" = udp ]; then
  # The heartbeat tells what there is; nobody asks for it but a person, or the schedule.
  named() { [ "$(missing | jq 'length')" = 2 ]; }
  wait_until 20 named || fail "two units were lost, and missing are $(missing)"
  outlet status | grep -q "missing units: $large_unit[ -]$((large_unit + 1))" || fail "people are not told: $(outlet status)"
  gateway link resend "$large_unit-$((large_unit + 1))" >"$T/said" || fail "cannot send again: $(cat "$T/said")"
fi
wait_until 40 gone || fail "the freeze did not arrive"
wait_until 60 pull_until_live "$T/site" "${large/D-/R-}" || fail "the large release did not arrive"
sed -n 's/.* installed serial=\([0-9]*\) .*/\1/p' "$T/outlet.log" >"$T/order"
place=$(grep -n "^$((large_unit + 1))\$" "$T/order" | cut -d: -f1)
# A connection that breaks may have one unit on its way already.
[ "${place:-9}" -le "$([ "$SLUICE_LINK" = stream ] && echo 2 || echo 1)" ] ||
  fail "the recall was number ${place:-none} of $(tr '\n' ' ' <"$T/order")"
[ ! -e "$T/site/live/${first/D-/R-}" ] || fail "what came after the freeze undid it"

# A unit that is lost for good: it is named, what came behind it waits whole, and a person sends
# it again.
if [ "$SLUICE_LINK" = stream ]; then
  # Nothing is lost on this connection: it is taken from the quarantine of an installer that sleeps.
  installer=$(pgrep -f "sluice-installer --config $T/outlet.yaml")
  kill -STOP "$installer"
else
  stack_stop_one "$T/outlet.pid"
fi
fresh_notice 8301 >"$T/second.txt"
second=$(publish "$T/second.txt")
lost=$(highest)
name=$(printf '%020d.5.unit' "$lost")
case $SLUICE_LINK in
stream)
  wait_until 20 [ -e "$T/outlet/quarantine/$name" ] || fail "unit $lost is not in the quarantine"
  rm "$T/outlet/quarantine/$name"
  kill -CONT "$installer"
  ;;
directory)
  wait_until 20 [ -e "$T/link/$name" ] || fail "unit $lost is not in the folder"
  rm "$T/link/$name"
  stack_start_outlet "$T"
  ;;
*) stack_start_outlet "$T" ;;
esac
fresh_notice 8302 >"$T/third.txt"
third=$(publish "$T/third.txt")
named() { [ "$(missing)" = "[$lost]" ]; }
wait_until 30 named || fail "unit $lost was lost, and missing are $(missing)"
outlet status >"$T/said"
grep -q "missing units: $lost\$" "$T/said" || fail "people are not told: $(cat "$T/said")"
! pull_until_live "$T/site" "${third/D-/R-}" || fail "a unit was installed before the one it builds on"
outlet status --json >"$T/missing.json"
gateway link resend --missing "$T/missing.json" >"$T/said" || fail "cannot send again: $(cat "$T/said")"
wait_until 40 pull_until_live "$T/site" "${second/D-/R-}" || fail "the lost unit did not come again"
wait_until 30 pull_until_live "$T/site" "${third/D-/R-}" || fail "what waited behind it did not arrive"
wait_until 20 none_missing || fail "still missing: $(missing)"

# The same bytes: at the gateway, on the outlet, at the platform.
(cd "$T/outlet/tree" && find targets metadata -type f | sort) >"$T/files"
[ "$(wc -l <"$T/files")" -ge 20 ] || fail "there are only $(wc -l <"$T/files") files in the tree"
while read -r file; do
  cmp "$T/gateway/release/repo/$file" "$T/outlet/tree/$file" || fail "$file is another one than the gateway's"
done <"$T/files"
find "$T/outlet/tree/blobs" -type f -printf '%f  %p\n' | sha256sum --check --quiet || fail "a blob is not what its name says"
for part in large:$large second:$second third:$third; do
  cmp "$T/${part%%:*}.txt" "$T"/site/live/"${part/#*:D-/R-}"/files/* || fail "${part%%:*} is not what was handed in"
done
printf '%s: %s units\n' "$SLUICE_LINK" "$(highest)"
