# routes.sh - walking a draft along its route; sourced after common.sh and start_all.
status() { as AUTHOR sluice status --json "$1"; }
steps() { status "$1" | jq -r '[.steps[] | "\(.role):\(.state)"] | join(" ")'; }
modifiers() { status "$1" | jq -r '[.modifiers[] | "\(.id):\(.state)"] | join(" ")'; }
# hand_in ROUTE TYPE NUMBER [options...]: a lawful notice; sets $id.
hand_in() {
  local want=$1 type=$2
  fresh_notice "$3" >"$T/notice.txt"
  shift 3
  hand_in_file "$want" "$type" "$T/notice.txt" "$@"
}
# hand_in_file ROUTE TYPE FILE [options...]
hand_in_file() {
  local want=$1 type=$2 file=$3
  shift 3
  submit --type "$type" "$@" "$file" >"$T/r.json"
  id=$(draft_of <"$T/r.json")
  same "$(jq -r '.state + " " + .route' "$T/r.json")" "IN_REVIEW $want" \
    "$type with $(jq -c '[.report.files[].findings[] | [.rule, .severity] + .evidence]' "$T/r.json")"
}
# walk PERSON:ROLE...: sign one after the other.
walk() {
  local step
  for step in "$@"; do
    sign "${step%:*}" "${step#*:}" "$id" >"$T/v.json" || fail "$step is refused"
  done
}
# The same; the last one completes it.
walk_out() {
  walk "$@"
  same "$(jq -c '[.missing, .state]' "$T/v.json")" '[[],"APPROVED"]' "after the last signature"
}
too_early() { # PERSON ROLE WHOSE-TURN
  expect_exit 1 sign "$1" "$2" "$id"
  err_says "it is the turn of $3; $2 comes after that"
}
refused_by() { # PERSON ROLE
  as "$1" sluice-review refuse --json "$id" --role "$2" --code state-secret --reason "不宜公开" >/dev/null
  same "$(state_of "$id")" REFUSED "refused by $2"
}
