#!/usr/bin/env bash
# P19: a log forked by a restored backup, or resting on a flipped bit, is signed no further: the
# real releaser stops with the reason, nothing leaves, and put right it goes on.
. "$(dirname "$0")/../scenario/common.sh"
D=$T/gateway
publish() { # SAMPLE: sets RELEASE once everybody has signed
  submit --type CT05 "$SAMPLES/$1" >"$T/r.json"
  RELEASE=$(draft_of <"$T/r.json")
  approve_route_a "$RELEASE"
  RELEASE=${RELEASE/D-/R-}
}
log_size() { sed -n 2p "$T/outlet/tree/log/checkpoint"; }
says() { grep -qF "$1" "$T/gateway.log"; }
refuses() { # WHAT REASON: the release waits, the public log stands still, the reason is said
  local before
  before=$(log_size)
  wait_until 60 says "$2" || fail "$1: the releaser does not say \"$2\": $(tail -n 5 "$T/gateway.log")"
  pull "$T/site" >/dev/null
  # By its file: an old store gives numbers again that were published before.
  [ -z "$(find -L "$T/site/live" -name 06-secrecy-week-clean.txt)" ] || fail "$1: $RELEASE is published"
  same "$(log_size)" "$before" "$1: entries of the public log"
}
restart() {
  stack_stop_one "$T/gateway.pid"
  "$@"
  stack_start_gateway "$T"
}
start_all
publish 01-road-works-clean.txt
wait_until 30 pull_until_live "$T/site" "$RELEASE" || fail "the first release never arrived"

# A backup takes everything but log-signed/, as the operator guide says.
keep() { mkdir "$T/backup" && cp -a "$D"/. "$T/backup/" && rm -r "$T/backup/log-signed"; }
restart keep
publish 05-procurement-near-miss-clean.txt
wait_until 30 pull_until_live "$T/site" "$RELEASE" || fail "the second release never arrived"

# The disk is lost, the backup comes back; what is outside backups is still there.
whole() { cp -a "$D" "$T/whole"; }
old() { whole && find "$D" -mindepth 1 -maxdepth 1 ! -name log-signed -exec rm -r {} + && cp -a "$T/backup"/. "$D/"; }
restart old
publish 06-secrecy-week-clean.txt
refuses "a restored backup" "this is an old copy: DATA/release knows"

# The newer state again, with one bit of the last tile turned.
flip() {
  rm -r "$D" && cp -a "$T/whole" "$D"
  tile=$(find "$D/release/repo/log/tile/0" -type f | sort -V | tail -n 1)
  python3 - "$tile" <<'P'
import sys
with open(sys.argv[1], "r+b") as f:
    byte = f.read(1)[0]
    f.seek(0)
    f.write(bytes([byte ^ 1]))
P
}
restart flip
publish 06-secrecy-week-clean.txt
refuses "a flipped bit" "are not those of the last signed checkpoint"
mend() { cp "$T/outlet/tree/log/${tile#"$D"/release/repo/log/}" "$tile"; }
restart mend
wait_until 30 pull_until_live "$T/site" "$RELEASE" || fail "put right, it does not go on"
