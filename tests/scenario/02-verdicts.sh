#!/usr/bin/env bash
# Goal: every sample gets its verdict and state through the real gateway; a spilled draft
# shows nothing of itself to its author or to reviewers, and leaves no plaintext.
. "$(dirname "$0")/common.sh"
start_all
want() { # FILE TYPE EXIT STATE
  expect_exit "$3" submit --type "$2" "$1"
  same "$(jq -r .state "$T/out")" "$4" "state of $(basename "$1")"
}
want "$SAMPLES/01-road-works-clean.txt" CT05 0 IN_REVIEW
want "$SAMPLES/02-lost-and-found-leak.txt" CT04 1 BLOCKED
want "$SAMPLES/04-internal-notice-blocked.txt" CT05 1 BLOCKED
want "$SAMPLES/05-procurement-near-miss-clean.txt" CT10 0 IN_REVIEW
want "$SAMPLES/06-secrecy-week-clean.txt" CT07 0 IN_REVIEW
want "$SAMPLES/07-full-width-evasion.txt" CT07 1 BLOCKED
want "$SAMPLES/03-marked-paper-spill.txt" CT05 4 SPILL
spill=$(draft_of <"$T/out")
secret=$(sed -n 9p "$SAMPLES/03-marked-paper-spill.txt")
if grep -qF "$secret" "$T/out"; then fail "the author is shown the body of a spilled draft"; fi
expect_exit 0 as LIAISON sluice-review list --json
if grep -qF "$secret" "$T/out"; then fail "reviewers are shown the title of a spilled draft"; fi
expect_exit 1 as LIAISON sluice-review show --json "$spill"
sha=$(sha256sum "$SAMPLES/03-marked-paper-spill.txt" | cut -d' ' -f1)
[ ! -e "$T/gateway/objects/${sha:0:2}/$sha" ] || fail "the plaintext object is still there"
if grep -rqF "$secret" "$T/gateway/store" "$T/gateway/objects" "$T/gateway/uploads"; then
  fail "some plaintext of the spilled draft is left"
fi
[ -n "$(ls "$T/gateway/sealed")" ] || fail "no sealed copy for the secrecy officers"

# The samples handed to every builder of such a gateway, when they are beside the project.
shared=$SOURCE/../shared/samples
if [ -d "$shared" ]; then
  want "$shared/01-traffic-control-clean.txt" CT05 0 IN_REVIEW
  want "$shared/02-case-bulletin-victim-id.txt" CT06 1 BLOCKED
  want "$shared/03-procurement-clean-nearmiss.txt" CT10 0 IN_REVIEW
  want "$shared/05-reply-clean.txt" CT16 0 IN_REVIEW
  want "$shared/07-classified-residue.txt" CT05 4 SPILL
  want "$shared/08-secrecy-law-education-clean.txt" CT07 0 IN_REVIEW
  want "$shared/09-operation-preview-weibo.txt" CT15 1 BLOCKED
fi

printf '%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR' '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >"$T/notice.txt"
want "$T/notice.txt" CT05 1 BLOCKED
head -c 5000 /dev/urandom >"$T/unknown.bin"
want "$T/unknown.bin" CT05 1 HELD
