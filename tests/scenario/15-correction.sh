#!/usr/bin/env bash
# Goal: a correction goes through the whole review, takes the place of what it corrects on the
# platform, and the author can recall it.
. "$(dirname "$0")/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
first=$(draft_of <"$T/r.json")
approve_route_a "$first"
wait_until 30 pull_until_live "$T/site" "${first/D-/R-}" || fail "it never arrived"

sed 's/5月20日/5月25日/' "$SAMPLES/01-road-works-clean.txt" >"$T/corrected.txt"
as AUTHOR sluice correct --json --type CT05 "${first/D-/R-}" "$T/corrected.txt" >"$T/r.json"
second=$(draft_of <"$T/r.json")
[ "$second" != "$first" ] || fail "a correction is a draft of its own"
[ -e "$T/site/live/${first/D-/R-}" ] || fail "the old one went before the correction was approved"
approve_route_a "$second"
corrected() { pull "$T/site" >>"$T/events" && is_live "$T/site" "${second/D-/R-}"; }
wait_until 30 corrected || fail "the correction never arrived"
grep -q '"event":"corrected"' "$T/events" || fail "the platform is not told of a correction: $(cat "$T/events")"
[ ! -e "$T/site/live/${first/D-/R-}" ] || fail "old and corrected text are shown side by side"
same "$(jq -r .replaced_by "$T/site/tombstones/${first/D-/R-}.json")" "${second/D-/R-}" "tombstone"
# Linked both ways: the new manifest names the old, the old one's notice names the new.
same "$(jq -r .supersedes "$T/site/live/${second/D-/R-}/manifest.json")" "${first/D-/R-}" "manifest of the correction"
noticed() { pull "$T/site" >>"$T/events" && [ "$(jq -r .notice.action "$T/site/tombstones/${first/D-/R-}.json")" = correct ]; }
wait_until 30 noticed || fail "the old release has no notice: $(cat "$T/site/tombstones/${first/D-/R-}.json")"
same "$(jq -r '[.status, .replaced_by, .notice.replaced_by.id] | join(" ")' "$T/site/tombstones/${first/D-/R-}.json")" \
  "replaced ${second/D-/R-} ${second/D-/R-}" "tombstone with its notice"
! grep -q '"event":"withdrawn"' "$T/events" || fail "a correction is told as a withdrawal: $(cat "$T/events")"
same "$(state_of "$first")" CORRECTED "state of the old draft"
grep -q "rel=\"successor-version\" href=\"urn:sluice:${second/D-/R-}\"" "$T/outlet/tree/atom.xml" || fail "atom.xml does not name the successor"
pull "$T/fresh" >/dev/null
[ ! -e "$T/fresh/live/${first/D-/R-}" ] && is_live "$T/fresh" "${second/D-/R-}" || fail "a new platform shows the old text"
cmp "$T/corrected.txt" "$T/site/live/${second/D-/R-}/files/corrected.txt"

as AUTHOR sluice recall --json "${second/D-/R-}" --reason "活动取消" >/dev/null
gone() { pull "$T/site" >/dev/null && [ ! -e "$T/site/live/${second/D-/R-}" ]; }
wait_until 30 gone || fail "the author's recall does not reach the platform"
