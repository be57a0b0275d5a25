#!/usr/bin/env bash
# P31: units that no honest gateway makes, put into the link of a running outlet: hostile names,
# lengths that lie, a thousand million files, manifests that do not match, other keys, a bomb.
# Each is refused with its reason in the status or has no effect, the tree never changes by a
# byte, no process dies or grows, and the true unit that comes next is installed.
. "$(dirname "$0")/../scenario/common.sh"
MAKER=${BIN%/bin}/tests/hostile-unit
SLUICE_LINK=directory
stack_set "$T"
office /nonexistent
# True units without end; the test carries them over, and its own among them.
printf 'timestamp_seconds: 1\n' >>"$T/gateway.yaml"
mkdir "$T/in"
sed -i "s|^  directory: .*|  directory: \"$T/in\"|" "$T/outlet.yaml"
stack_start_outlet "$T"
stack_start_gateway "$T"
. "$T/env"
ring() {
  while :; do
    touch "$T/gateway/run/wake/releaser/bell" 2>/dev/null || :
    read -r -t 0.2 <> <(:) || :
  done
}
ring &
ringer=$!
trap 'code=$?; kill $ringer 2>/dev/null; finish $code' EXIT

status() { cat "$T/outlet/status/installer.json"; }
next() { status | jq -r .next; }
refused() { status | jq -r .refused; }
tree() { (cd "$T/outlet/tree" && find . -printf '%P %y %m\n' | sort && find . -type f -exec sha256sum {} + | sort) | sha256sum; }
name_of() { printf '%020d.5.unit' "$1"; }
carry() { # SERIAL FILE: as an exchange platform does, whole or not at all
  cp "$2" "$T/in/.coming" && mv "$T/in/.coming" "$T/in/$(name_of "$1")"
}
there() { [ -e "$T/link/$(name_of "$1")" ]; }
at() { [ "$(next)" -ge "$1" ]; }
true_unit() { # SERIAL
  wait_until 30 there "$1" || fail "the gateway made no unit $1"
  carry "$1" "$T/link/$(name_of "$1")"
  wait_until 15 at $(($1 + 1)) || fail "the true unit $1 was not installed after $name: $(status)"
}
installer=$(pgrep -f "sluice-installer --config $T/outlet.yaml")
receiver=$(pgrep -f "sluice-receiver --config $T/outlet.yaml")
name="nothing"
serial=1
true_unit $serial
serial=2
n=0
while read -r name end says; do
  # The unit test tries all of them; here are some of those that are alike.
  case $name in
  name-dotdot | name-absolute | name-nul | name-overlong | name-right-to-left) ;;
  cut-1-of-64 | cut-33-of-64) ;;
  name-* | cut-*) continue ;;
  esac
  before=$(refused)
  picture=$(tree)
  rm -f "$T/unit"
  "$MAKER" "$name" "$serial" "$T/keys/gateway" "$T/keys/link-outlet.pub" 1<>"$T/unit" || fail "$name cannot be made"
  carry "$serial" "$T/unit"
  if [ "$end" = void ]; then
    wait_until 15 at $((serial + 1)) || fail "$name was not dealt with: $(status)"
  else
    more() { [ "$(refused)" -gt "$before" ]; }
    wait_until 15 more || fail "$name was not refused: $(status)"
    status | jq -e --arg says "$says" '.last_refusal | contains($says)' >/dev/null ||
      fail "$name: the status does not say \"$says\": $(status)"
  fi
  same "$(tree)" "$picture" "the tree after $name"
  [ "$end" = open ] || serial=$((serial + 1))
  same "$(next)" "$serial" "the next unit after $name"
  n=$((n + 1))
  # The true one, under the same number where that is still open.
  [ "$end" != open ] || [ $((n % 4)) -eq 0 ] || continue
  true_unit "$serial"
  serial=$((serial + 1))
done < <("$MAKER" list)
[ "$n" -ge 45 ] || fail "only $n hostile units were tried"
same "$(pgrep -f "sluice-installer --config $T/outlet.yaml")" "$installer" "the installer was started again"
same "$(pgrep -f "sluice-receiver --config $T/outlet.yaml")" "$receiver" "the receiver was started again"
peak=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$installer/status")
[ "$peak" -lt 40000 ] || fail "the installer grew to $peak kB"
"$BIN/sluice-outlet" --config "$T/outlet.yaml" status | grep -q 'refused units: ' || fail "people are not told"
"$BIN/sluice-pull" --from "$SLUICE_DEMO_URL" --trust "$SLUICE_DEMO_TRUST" --into "$T/site" --once >"$T/said" ||
  fail "a platform refuses the tree: $(cat "$T/said")"
name="all of them"
true_unit "$serial"
printf '%s hostile units, the last true one is %s; peak of the installer %s kB\n' "$n" "$serial" "$peak"
