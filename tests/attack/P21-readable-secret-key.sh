#!/usr/bin/env bash
# P21: a secret key file that others on the host can read is refused by every program that
# would use it: it must be taken as known.
. "$(dirname "$0")/../scenario/common.sh"
stack_set "$T"
. "$T/env"
mkdir -p "$T/gateway"
LIBEXEC=${BIN%/bin}/libexec/sluice

# refused FILE SAYS COMMAND...: with each group or world bit; afterwards the file is as before.
refused() {
  local file=$1 says=$2 mode
  shift 2
  for mode in 0640 0604 0620 0602 0610 0601; do
    chmod "$mode" "$file"
    expect_exit 1 "$@"
    grep -qE "$says" "$T/out" "$T/err" || fail "$* says nothing of $file: $(cat "$T/out" "$T/err")"
  done
  chmod 0600 "$file"
}

known='others may read it|others on this host can read it'
refused "$T/keys/author" "$known" as AUTHOR sluice status --json
refused "$T/keys/liaison" "$known" as LIAISON sluice-review list --json
refused "$T/keys/custodians/root-1" "$known" "$BIN/sluice-keys" show "$T/keys/custodians/root-1"
for key in desk-identity inspector gateway releaser/rel releaser/feed checker/rel checker/feed \
  snapshot timestamp; do
  refused "$T/keys/$key" "$known" "$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" check
done
refused "$T/keys/link-outlet" "$known" "$BIN/sluice-outlet" --config "$SLUICE_DEMO_OUTLET" check
# Not only the check at the start: the processes that read the keys refuse on their own.
refused "$T/keys/releaser/rel" "$known" "$LIBEXEC/sluice-releaser" --config "$SLUICE_DEMO_GATEWAY"
refused "$T/keys/checker/feed" "$known" "$LIBEXEC/sluice-checker" --config "$SLUICE_DEMO_GATEWAY"
refused "$T/keys/timestamp" "$known" "$LIBEXEC/sluice-releaser" --config "$SLUICE_DEMO_GATEWAY"

# Untouched they are taken: nobody answers at the desk's address, which is another matter.
expect_exit 3 as AUTHOR sluice status --json
expect_exit 0 "$BIN/sluice-keys" show "$T/keys/custodians/root-1"
expect_exit 0 "$BIN/sluiced" --config "$SLUICE_DEMO_GATEWAY" check
