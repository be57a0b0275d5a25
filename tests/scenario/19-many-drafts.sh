#!/usr/bin/env bash
# Goal: one call hands in many drafts; each gets its own number and verdict, what fails does
# not hold up the others, and the answer names every file.
. "$(dirname "$0")/common.sh"
start_all
printf '不在这里的文件' >"$T/gone.txt"
rm "$T/gone.txt"
head -c 3000000 /dev/zero | tr '\0' 'a' >"$T/large.txt" # too large to ride on a request
expect_exit 4 submit --each --type CT05 "$SAMPLES/01-road-works-clean.txt" \
  "$SAMPLES/02-lost-and-found-leak.txt" "$T/gone.txt" "$SAMPLES/03-marked-paper-spill.txt" \
  "$T/large.txt"
cp "$T/out" "$T/many.json"
err_says 'gone.txt'
states() { jq -r '.drafts[] | "\(.file | split("/") | last) \(.state)"' "$T/many.json" | paste -sd, -; }
same "$(states)" '01-road-works-clean.txt IN_REVIEW,02-lost-and-found-leak.txt BLOCKED,03-marked-paper-spill.txt SPILL,large.txt IN_REVIEW' "states"
same "$(jq -r '.drafts | map(.draft) | unique | length' "$T/many.json")" 4 "numbers given"
secret=$(sed -n 9p "$SAMPLES/03-marked-paper-spill.txt")
if grep -qF "$secret" "$T/many.json"; then fail "the answer shows the body of a spilled draft"; fi

# Files of one draft: all on one request, or all uploaded; the same bytes either way.
expect_exit 0 submit --type CT05 "$SAMPLES/01-road-works-clean.txt" "$SAMPLES/06-secrecy-week-clean.txt"
id=$(draft_of <"$T/out")
as LIAISON sluice-review show --json "$id" >/dev/null
as LIAISON sluice-review get "$id" --into "$T/got" >/dev/null
cmp "$SAMPLES/01-road-works-clean.txt" "$(find "$T/got" -name 01-road-works-clean.txt)"
cmp "$SAMPLES/06-secrecy-week-clean.txt" "$(find "$T/got" -name 06-secrecy-week-clean.txt)"

expect_exit 2 submit --each --title T "$SAMPLES/01-road-works-clean.txt"
err_says 'each'
# Without the gateway everything is said to be unreachable, and nothing pretends otherwise.
stack_stop "$T"
expect_exit 3 submit --each --type CT05 "$SAMPLES/01-road-works-clean.txt"
same "$(jq -c .drafts "$T/out")" '[]' "drafts without a gateway"
