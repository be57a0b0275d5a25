#!/usr/bin/env bash
# Goal: a freeze overtakes everything that waits for the link: with a long queue it is the
# first thing that the outlet installs, and what waited still arrives whole and in order.
. "$(dirname "$0")/common.sh"
queue=8
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
first=$(draft_of <"$T/r.json")
approve_route_a "$first"
wait_until 30 pull_until_live "$T/site" "${first/D-/R-}" || fail "it never arrived"
stack_stop_one "$T/outlet.pid"

released() { local s; s=$(state_of "$1"); [ "$s" = RELEASED ] || [ "$s" = SENT ]; }
for n in $(seq $queue); do
  sed "s/5月20日/5月$((n + 10))日/" "$SAMPLES/01-road-works-clean.txt" >"$T/notice-$n.txt"
  submit --type CT05 "$T/notice-$n.txt" >"$T/r.json"
  waiting[n]=$(draft_of <"$T/r.json")
  approve_route_a "${waiting[n]}"
  wait_until 30 released "${waiting[n]}" || fail "${waiting[n]} was not released"
done
[ "$(ls "$T/gateway/outbox" | grep -c '\.5\.unit$')" -ge $((queue - 1)) ] || fail "there is no queue: $(ls "$T/gateway/outbox")"
as SECRECY_1 sluice-review freeze --json "${first/D-/R-}" --reason "先撤下" >/dev/null
ordered() { compgen -G "$T/gateway/outbox/*.0.unit" >/dev/null; }
wait_until 20 ordered || fail "no unit for the freeze"
recall=$(basename "$T"/gateway/outbox/*.0.unit .0.unit | sed 's/^0*//')

: >"$T/outlet.log"
stack_start_outlet "$T"
gone() { pull "$T/site" >/dev/null 2>&1 || :; [ ! -e "$T/site/live/${first/D-/R-}" ]; }
wait_until 30 gone || fail "the freeze did not arrive"
for n in $(seq $queue); do
  wait_until 60 pull_until_live "$T/site" "${waiting[n]/D-/R-}" || fail "${waiting[n]} did not arrive after the freeze"
done
sed -n 's/.* installed serial=\([0-9]*\) kind=\([a-z]*\) .*/\1 \2/p' "$T/outlet.log" >"$T/order"
# Of what waited, at most the unit that was on its way already may come before it.
position=$(grep -n "^$recall notice\$" "$T/order" | cut -d: -f1)
[ -n "$position" ] && [ "$position" -le 2 ] || fail "the freeze was number ${position:-none}: $(tr '\n' ',' <"$T/order")"
printf 'the freeze was number %s of %s units that waited\n' "$position" "$(wc -l <"$T/order")"
grep -v "^$recall " "$T/order" | cut -d' ' -f1 | sort -nc || fail "the others are out of order: $(tr '\n' ',' <"$T/order")"
[ ! -e "$T/site/live/${first/D-/R-}" ] || fail "what came after the freeze undid it"
