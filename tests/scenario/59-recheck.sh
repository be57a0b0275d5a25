#!/usr/bin/env bash
# Goal: a reviewer's machine inspects again what the gateway inspected. An honest gateway's
# report is the same for every sample; one that leaves out a finding, lowers a severity, tells
# another type or shows another text is found out, named, and nobody there can approve it.
. "$(dirname "$0")/common.sh"
start_all
# A draft that came before it would be held for its pictures, which this machine can read.
wait_until 90 grep -q "role.ready role=see" "$T/gateway.log" || fail "pictures are not read here"
recheck() { as LIAISON sluice-review recheck --json "$@"; }
state() { jq -r .state "$T/out"; }
what() { jq -r '.differences[0].what' "$T/out"; }
with() { # PERSON MODE: this person's configuration, with another switch
  local var=SLUICE_DEMO_$1
  sed "s/^recheck: .*/recheck: \"$2\"/" "${!var}" >"$T/$1-$2.yaml"
  printf '%s' "$T/$1-$2.yaml"
}
lie() { python3 "$SOURCE/tests/support/lie.py" "$T/gateway/store" "$@"; } # DRAFT KIND
acks=()
approve() { "$BIN/sluice-review" --config "$1" approve --json "$2" --role liaison "${acks[@]}"; }

# Everything that is lawful, leaks, or lies in another format; a second copy of a draft, whose
# likeness only the gateway knows; a reply, whose clock runs.
D=$SOURCE/tests/corpus/documents
cat >"$T/reply.yaml" <<'YAML'
question: 请问北环路何时恢复通行？
received_on: "2026-01-05"
due_on: "2026-01-12"
YAML
submit "$SAMPLES"/0[12456]*.txt "$SOURCE"/tests/corpus/lawful/*.txt >"$T/one" || :
submit "$D"/{clean,comments,hidden,tracked-changes}.docx "$D"/{hidden.odt,hidden.ods,hidden.xlsx,hidden.pptx} \
  "$D"/{page.html,gb18030.txt,utf16.txt,hidden.rtf} >"$T/two" || :
submit --type CT05 "$SAMPLES/05-procurement-near-miss-clean.txt" >"$T/three"
submit --type CT16 --meta "$T/reply.yaml" "$SAMPLES/06-secrecy-week-clean.txt" >"$T/five" || :
for n in one two three five; do
  expect_exit 0 recheck "$(draft_of <"$T/$n")"
  same "$(state)" same "what this machine finds in $n: $(cat "$T/out")"
done

# Fetched for a machine, nothing counts as read by a person.
id=$(draft_of <"$T/three")
expect_exit 1 as LIAISON sluice-review approve --json "$id" --role liaison
err_says 'report|manifest|05-procurement'
as LIAISON sluice-review show --json "$id" >/dev/null

# Required: it is done before the signature, and the signature is given.
expect_exit 0 approve "$(with LIAISON required)" "$id"

# Published, its copy has a finding out of the gateway's memory, which is left out here.
read_and_approve UNIT_LEADER unit-leader "$id" >/dev/null
read_and_approve DESK desk "$id" >/dev/null
is_out() { case $(state_of "$id") in RELEASED | SENT) ;; *) false ;; esac; }
wait_until 30 is_out || fail "$id was never released"
other=$(submit --type CT05 "$SAMPLES/05-procurement-near-miss-clean.txt" | draft_of)
as LIAISON sluice-review show --json "$other" | jq -e '[.report.files[].findings[].rule] | index("DH-016")' >/dev/null ||
  fail "the copy is not known as one"

# Other rules here are no difference and are said to be others; required, that is not enough.
cp -r "$T/policies" "$T/other-rules"
sed -i 's/^version: .*/version: 77/' "$T/other-rules/policy.yaml"
for mode in required when-possible; do
  sed -i "s#^policies: .*#policies: \"$T/other-rules\"#" "$(with LIAISON $mode)"
done
acks=(--ack DH-016=copy)
expect_exit 1 approve "$T/LIAISON-required.yaml" "$other"
err_says 'rules here are not those'
expect_exit 3 "$BIN/sluice-review" --config "$T/LIAISON-required.yaml" recheck --json "$other"
same "$(state)" other-rules "under other rules"
sed -i "s#^policies: .*#policies: \"$T/none\"#" "$T/LIAISON-required.yaml"
expect_exit 3 "$BIN/sluice-review" --config "$T/LIAISON-required.yaml" recheck "$other"
grep -q 'no rules are installed' "$T/out" || fail "it does not say what is missing: $(cat "$T/out")"
expect_exit 0 approve "$T/LIAISON-when-possible.yaml" "$other"
err_says 'rules here are not those'
expect_exit 0 recheck "$other"
same "$(state)" same "a copy of something published"

leaking() { # it is blocked, which the command's exit code says
  submit --type CT05 "$SAMPLES/04-internal-notice-blocked.txt" "$SAMPLES/01-road-works-clean.txt" >"$T/leak" || :
  draft_of <"$T/leak"
}
# Somebody owns the gateway's store and has the report say less.
leak=$(leaking)
for kind in drop severity type text; do
  copy=$leak
  [ $kind = drop ] || copy=$(leaking)
  expect_exit 0 recheck "$copy"
  lie "$copy" $kind
  expect_exit 1 recheck "$copy"
  same "$(state)" differs "a gateway that lies about $kind"
  case $kind in
    drop) want=finding-missing ;;
    severity) want=finding-changed ;;
    *) want=$kind ;;
  esac
  same "$(what)" "$want" "what is said of $kind: $(cat "$T/out")"
done
# It stands on the first line, and nobody approves it from here, whatever the configuration.
as LIAISON sluice-review show "$leak" >"$T/shown"
head -n 1 "$T/shown" | grep -q 'differs from what your machine finds: 04-internal-notice' ||
  fail "not on the first line: $(head -n 2 "$T/shown")"
expect_exit 1 as LIAISON sluice-review approve "$leak" --role liaison --ack DH-016=x
err_says 'differs from what your machine finds'
err_says '(WS|PI|CS|PO|DH|SM|RP)-[0-9]+'
# A person who never asked for it is told the same when it is switched on.
as DESK sluice-review show --json "$leak" >/dev/null
expect_exit 1 "$BIN/sluice-review" --config "$(with DESK when-possible)" approve "$leak" --role desk --ack DH-016=x
err_says 'differs from what your machine finds'
