#!/usr/bin/env bash
# Goal: Go's note and tlog packages accept every checkpoint, tile and proof that we write,
# we accept every one that they write, and each refuses what was changed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ours=${1:-$here/../../build/tests/crosscheck_logs}
mod=/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog

skip() { printf 'skipped: %s\n' "$*"; exit 77; }
command -v go >/dev/null || skip "Go is not installed (golang-go)"
[ -d "$mod" ] || skip "Go's tlog package is not installed (golang-golang-x-mod-dev)"

T=$(mktemp -d /tmp/sl-test.XXXXXX)
trap 'rm -rf "$T"' EXIT
export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$T/cache GOFLAGS= GOTOOLCHAIN=local
go build -o "$T/theirs" "$here/logs.go"

mkdir "$T/ours" "$T/go"
"$ours" write "$T/ours"
"$T/theirs" check "$T/ours"
"$T/theirs" write "$T/go"
"$ours" check "$T/go"

# One bit of each kind of file, and neither believes it any more.
flip() { # FILE: the lowest bit of the byte in the middle
  python3 - "$1" <<'PY'
import sys
with open(sys.argv[1], "r+b") as f:
    data = bytearray(f.read())
    data[len(data) // 2] ^= 1
    f.seek(0)
    f.write(data)
PY
}
changed=0
for side in ours go; do
  for file in log/tile/0/000 log/tile/1/000.p/2 log/tile/entries/001 checkpoint.600 record.600.3.tlog-proof tree.256.600; do
    rm -rf "$T/bad"
    cp -r "$T/$side" "$T/bad"
    flip "$T/bad/$file"
    cmp -s "$T/bad/$file" "$T/$side/$file" && { echo "FAILED: nothing changed in $file" >&2; exit 1; }
    reader=$ours
    [ $side = ours ] && reader=$T/theirs
    if "$reader" check "$T/bad" >"$T/out" 2>&1; then
      printf 'FAILED: a changed %s is accepted\n' "$file" >&2
      exit 1
    fi
    changed=$((changed + 1))
  done
done
printf '%s changed files refused\n' "$changed"
