#!/usr/bin/env bash
# Goal: every bomb comes to the verdict and the reason that docs/bombs.md states; a notice handed
# in while one keeps a worker busy does not wait for it, and after all of them the gateway works
# as if there had been none.
#
# SLUICE_BOMBS_ALL=1 (./dev soak bombs) sends those as well that cost seconds each.
. "$(dirname "$0")/common.sh"
table=$SOURCE/docs/bombs.md
slow=txt-digits # decided by time alone
mkdir "$T/bombs"

# "KIND WHEN VERDICT REASON" of each row of the table; WHEN is test or soak.
sed -n 's/^| `\([a-z0-9-]*\)` |[^|]*| \([a-z]*\) | \([a-z]*\) | \([^ |]*\) |$/\1 \2 \3 \4/p' "$table" | sort >"$T/rows"
for maker in "$SOURCE"/tests/support/make-bomb-*.py; do
  python3 "$maker" --list | sed "s|\$|\t$maker|"
done | sort >"$T/kinds"
same "$(cut -f1 "$T/kinds" | xargs)" "$(cut -d' ' -f1 "$T/rows" | xargs)" "kinds that are made and kinds in docs/bombs.md"
[ "${SLUICE_BOMBS_ALL:-}" = 1 ] || sed -i '/^[^ ]* soak /d' "$T/rows"
while read -r maker; do
  join -t $'\t' -o 1.1 <(awk -F'\t' -v m="$maker" '$3 == m' "$T/kinds") <(cut -d' ' -f1 "$T/rows") |
    xargs -r python3 "$maker" --into "$T/bombs" &
done < <(cut -f3 "$T/kinds" | sort -u)
wait

stack_set "$T"
office /nonexistent
printf 'limits: {inspect_seconds: 40}\n' >>"$T/gateway.yaml"
stack_start "$T"
. "$T/env"

# While the slow one keeps its worker busy.
kept=$(submit --no-wait --type CT05 "$T/bombs/$slow".* | draft_of)
taken() { [ "$(state_of "$kept")" != SUBMITTED ]; }
wait_until 30 taken || fail "nobody takes $slow"
same "$(submit --type CT05 "$SAMPLES/01-road-works-clean.txt" | jq -r .state)" IN_REVIEW "the notice behind $slow"
same "$(state_of "$kept")" INSPECTING "$slow, when the notice was decided"

: >"$T/drafts"
while read -r kind when verdict reason; do
  id=$kept
  [ "$kind" = "$slow" ] || id=$(submit --no-wait --type CT05 --title "附件$kind" "$T/bombs/$kind".* | draft_of)
  printf '%s %s %s %s %s\n' "$kind" "$when" "$id" "$verdict" "$reason" >>"$T/drafts"
done <"$T/rows"

is_decided() { case $(state_of "$1") in SUBMITTED | INSPECTING) return 1 ;; esac }
wrong=0
while read -r kind when id verdict reason; do
  wait_until 200 is_decided "$id" || fail "$kind is not decided: $(state_of "$id")"
  as AUTHOR sluice show --json "$id" >"$T/shown"
  # The reason is that of an object, or the rule of a finding; "-": all of it was read.  What
  # costs seconds may be held for time where others work.
  jq -e --arg verdict "$verdict" --arg reason "$reason" --arg when "$when" '
    ([.report.files[] | .objects[].reason, .findings[].rule] | map(select(. != null))) as $said |
    .verdict == $verdict and ($reason == "-" or any($said[]; . == $reason)) or
    $when == "soak" and .verdict == "hold" and any($said[]; endswith("-timeout"))' \
    "$T/shown" >"$T/out" || {
    wrong=1
    jq -r --arg kind "$kind" '[$kind, .verdict, ([.report.files[] | .objects[].reason, .findings[].rule] | map(select(. != null)) | unique | join(","))] | @tsv' "$T/shown" >&2
  }
done <"$T/drafts"
[ $wrong = 0 ] || fail "the kinds above did not come to what docs/bombs.md says"

fresh_notice 54 >"$T/notice.txt"
same "$(submit --type CT05 "$T/notice.txt" | jq -r .state)" IN_REVIEW "a notice after the bombs"
printf '%s bombs\n' "$(wc -l <"$T/drafts")"
