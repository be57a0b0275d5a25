#!/usr/bin/env bash
# Goal: kill -9 of sender, receiver and installer at random instants, over a wire that also
# loses and repeats datagrams: nothing is lost, nothing is installed twice, and whoever reads the
# tree meanwhile sees whole files only.
#
#   SLUICE_LINK_FULL=1: 200 kills while 400 units flow; otherwise 12 and 40.
. "$(dirname "$0")/bed.sh"
if [ "${SLUICE_LINK_FULL:-0}" = 1 ]; then KILLS=200 UNITS=400 PATIENCE=180; else KILLS=12 UNITS=40 PATIENCE=60; fi
SEED=${SLUICE_LINK_SEED:-$(($(date +%s) % 100000))}
RANDOM=$SEED
results=${SLUICE_LINK_RESULTS:-/dev/null}

# keep ROLE NAMESPACE CONFIG: as a supervisor does, started again whenever it ends.  An end that
# was not our kill is a crash.
keep() {
  local pid code
  while [ ! -e "$T/over" ]; do
    code=0
    setpriv --pdeathsig KILL $(inside "$2") "$BUILD/libexec/sluice/sluice-$1" --config "$T/$3.yaml" \
      >>"$T/$1.log" 2>&1 </dev/null &
    pid=$!
    echo $pid >"$T/$1.now"
    mv "$T/$1.now" "$T/$1.role"
    wait $pid 2>/dev/null || code=$?
    [ $code -eq 137 ] || [ -e "$T/over" ] || echo "$1: exit $code" >>"$T/crashes"
  done
}
next_installed() { jq .next "$T/outlet/state/installer.json" 2>/dev/null || echo 1; }
all_installed() { [ "$(next_installed)" -gt "$UNITS" ]; }

printf 'seed %s: %s kills while %s units flow\n' "$SEED" "$KILLS" "$UNITS"
mkdir -p "$T/made" "$T/gateway/outbox" "$T/outlet/tree"
"$BUILD/tests/link_releases" "$T/made" "$SEED" "$UNITS"
for each in root.json link signer.pub; do cp -p "$T/made/$each" "$T/$each"; done
bed_open
bed_set "$WIRE" 100Mbit 3 "1s, 1s, 2s, 4s, 8s, 15s, 30s"
start_relay "seed=$SEED" loss=1 duplicate=1
start watch python3 "$SOURCE/tests/link/watch.py" "$T/made/allowed" "$T/outlet/tree"
: >"$T/crashes"
for each in "receiver outlet outlet" "installer outlet outlet" "sender gateway gateway"; do
  keep $each &
done

roles=(sender receiver installer)
serial=0 killed=0
declare -A times=([sender]=0 [receiver]=0 [installer]=0)
while [ $killed -lt "$KILLS" ]; do
  # A share of the units for each kill, so that something is always on its way.
  until [ $serial -ge $((UNITS * (killed + 1) / KILLS)) ]; do
    serial=$((serial + 1))
    name=$(printf '%020d.5.unit' $serial)
    mv "$T/made/units/$name" "$T/gateway/outbox/$name"
  done
  read -r -t "0.$((RANDOM % 5))$((RANDOM % 10))" <> <(:) || :
  role=${roles[RANDOM % 3]}
  if [ -e "$T/$role.role" ] && kill -KILL "$(cat "$T/$role.role")" 2>/dev/null; then
    killed=$((killed + 1)) times[$role]=$((times[$role] + 1))
  fi
done
wait_until "$PATIENCE" all_installed || fail "unit $(next_installed) of $UNITS is not installed"
touch "$T/over"
for role in "${roles[@]}"; do kill -TERM "$(cat "$T/$role.role")" 2>/dev/null || :; done
stop watch || fail "the watcher ended early"
stop relay || fail "the relay crashed"

wrong=$(jq '.wrong | length' "$T/watch.out")
crashes=$(wc -l <"$T/crashes")
# The log tells of a unit before its progress is durable: one killed in between does it again, to
# the same files.  So it may be told twice, at most once more for each kill.
told=$(grep -c '\]: installed ' "$T/installer.log" || :)
left=$(diff -rq "$T/made/tree" "$T/outlet/tree" | wc -l)
back=$(bed_counts)
once=0
"$BIN/sluice-pull" log verify "$T/outlet/tree" --trust "$T/root.json" --json >"$T/verified" 2>&1 &&
  [ "$(jq '.releases' "$T/verified")" = $((UNITS - 1)) ] && once=1
jq -c --arg case kills --arg way "$WAY" --argjson units "$UNITS" --argjson kills "$killed" \
  --argjson sender "${times[sender]}" --argjson receiver "${times[receiver]}" --argjson installer "${times[installer]}" \
  --argjson told "$told" --argjson left "$left" --argjson once $once --argjson crashes "$crashes" \
  --argjson back "$back" \
  '{case: $case, way: $way, units: $units, kills: {all: $kills, sender: $sender, receiver: $receiver, installer: $installer},
    crashes: $crashes, told_installed: $told, trees_differ: $left, log_holds: ($once == 1), watched: .} + $back' \
  "$T/watch.out" | tee -a "$results"
[ "$wrong" -eq 0 ] || fail "half visible: $(jq -c .wrong "$T/watch.out")"
[ "$crashes" -eq 0 ] || fail "$(cat "$T/crashes")"
[ "$left" -eq 0 ] || fail "the outlet's tree differs: $(diff -rq "$T/made/tree" "$T/outlet/tree" | head -n 5)"
[ $once -eq 1 ] || fail "the log does not hold each release once: $(cat "$T/verified")"
[ "$told" -le $((UNITS + times[installer])) ] || fail "$told installations of $UNITS units"
case $back in *'"returned":0,'* | *null*) ;; *) fail "packets went back: $back" ;; esac
