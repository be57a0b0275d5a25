#!/usr/bin/env bash
# Goal: someone who owns the outlet can stop or delay, never forge: every file of the tree
# changed in one byte, an envelope left out, metadata rolled back - the platform refuses and
# keeps what it has.
. "$(dirname "$0")/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
first=$(draft_of <"$T/r.json")
approve_route_a "$first"
wait_until 30 pull_until_live "$T/site" "${first/D-/R-}" || fail "it never arrived"
cp -a "$T/outlet/tree" "$T/old-tree"
submit --type CT07 "$SAMPLES/06-secrecy-week-clean.txt" >"$T/r.json"
second=$(draft_of <"$T/r.json")
approve_route_a "$second"
wait_until 30 pull_until_live "$T/site" "${second/D-/R-}" || fail "the second never arrived"
stack_stop "$T"

# From now on a plain web server serves copies of the tree.
serve() { # DIR: sets URL
  port=$(stack_free_port)
  (cd "$1" && exec python3 -m http.server --bind 127.0.0.1 "$port" >/dev/null 2>&1) &
  server=$!
  SLUICE_DEMO_URL=http://127.0.0.1:$port
  answers() { curl -sf -o /dev/null "$SLUICE_DEMO_URL/metadata/timestamp.json"; }
  wait_until 20 answers || fail "the test server does not answer"
}
cp -a "$T/outlet/tree" "$T/tree"
chmod -R u+w "$T/tree" "$T/old-tree"
serve "$T/tree"
pull "$T/control" >"$T/out" || fail "the untouched copy is refused: $(cat "$T/out")"
[ -e "$T/control/live/${second/D-/R-}" ] || fail "the untouched copy does not show the release"

newest() { ls "$T/tree/metadata" | sed -n "s/^\([0-9]*\)\.$1\.json$/\1/p" | sort -n | tail -n 1; }
refused=0 unused=0
while read -r file; do
  case $file in
  index.html | feed.json | atom.xml) continue ;; # hints for people, never trusted
  esac
  cp "$T/tree/$file" "$T/saved"
  python3 - "$T/tree/$file" <<'P'
import sys
with open(sys.argv[1], "r+b") as f:
    data = bytearray(f.read())
    data[len(data) // 2] ^= 1
    f.seek(0)
    f.write(data)
P
  rm -rf "$T/victim"
  got=0
  pull "$T/victim" >"$T/events" 2>&1 || got=$?
  if [ $got -eq 0 ]; then
    # Only a file that this platform does not need today may change without notice: sets
    # without our releases, metadata that was superseded, the key of another policy version.
    case $file in
    metadata/*.rel-*.json | metadata/1.rel.json | targets/policy/*-1.json | metadata/1.root.json | targets/feed/*) ;;
    # Superseded checkpoints, and tiles, which only a second pull needs.
    targets/log/* | log/*) ;;
    metadata/*.snapshot.json | metadata/*.feed.json | metadata/*.targets.json | metadata/*.policy.json)
      role=${file#metadata/*.}
      [ "${file#metadata/}" != "$(newest "${role%.json}").$role" ] || fail "a changed $file was accepted"
      ;;
    *) fail "a changed $file was accepted" ;;
    esac
    unused=$((unused + 1))
    cmp -s "$SAMPLES/06-secrecy-week-clean.txt" "$T/victim/live/${second/D-/R-}/files/06-secrecy-week-clean.txt" ||
      fail "a changed $file changed what is shown"
  else
    refused=$((refused + 1))
    for id in "$first" "$second"; do
      shown=$T/victim/live/${id/D-/R-}/files
      [ ! -e "$shown" ] || for f in "$shown"/*; do
        cmp -s "$f" "$SAMPLES/$(basename "$f")" || fail "a changed $file is shown"
      done
    done
  fi
  cp "$T/saved" "$T/tree/$file"
done < <(cd "$T/tree" && find . -type f -printf '%P\n' | sort)
[ "$refused" -ge 10 ] || fail "only $refused changes were refused"
printf '%s changes refused, %s in files no longer used\n' "$refused" "$unused"

# An envelope left out of the attestations.
attest=$(cd "$T/tree" && find targets/rel -name '*.attest.intoto.jsonl' | head -n 1)
sed -i 2d "$T/tree/$attest"
expect_exit 1 pull "$T/without-envelope"

# The whole tree of yesterday, to a platform that has seen today's.
kill "$server"
serve "$T/old-tree"
expect_exit 1 pull "$T/site"
[ -e "$T/site/live/${second/D-/R-}" ] || fail "a rolled-back tree took down what was shown"
kill "$server"
