#!/usr/bin/env bash
# install-tuf-js.sh BUILD - tuf-js, a test dependency, below BUILD/tests/node.  Nothing happens
# without a Node.js that is new enough for it, or when it is there already.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
into=$1/tests/node
command -v npm >/dev/null || exit 0
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || exit 0
mkdir -p "$into"
cmp -s "$here/package-lock.json" "$into/installed" && exit 0
cp "$here/package.json" "$here/package-lock.json" "$into/"
(cd "$into" && npm ci --silent --no-audit --no-fund --ignore-scripts)
cp "$here/package-lock.json" "$into/installed"
