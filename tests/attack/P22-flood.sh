#!/usr/bin/env bash
# P22: garbage before the signatures, and 10,000 of them: refused at once, in bounded memory.
. "$(dirname "$0")/publication.sh"
platform_refuses p22-garbage-first "not a DSSE envelope"
package_refused "not a DSSE envelope"
# Twice the address space that a pull needs; it must not come near it.
(ulimit -v 1500000; platform_refuses p22-many-lines "is too large") || exit 1
forge p22-many-lines
package_refused "size|cannot be read"

forge p22-many-signatures
mv "$D/tree/many-signatures.json" "$D/tree/metadata/timestamp.json"
expect_exit 1 pull_tree "$D/site"
[ -z "$(ls "$D/site/live")" ] || fail "something is shown on 10,000 signatures"
