# pipeline.sh - 1,000 mixed documents from submission to verdict, against a shell loop of the
# usual tools on the same files: clamdscan --fdpass, file, grep -f, minisign -S.
count=${BENCH_DOCUMENTS:-1000}
documents "$count"
head_row "Whole pipeline, $count mixed documents of up to 100 KB, two workers"
fresh_stack

submit_share() { # FIRST STEP: a call a document, as the peer's loop has it
  local files=("$T"/documents/*) i
  for ((i = $1; i < ${#files[@]}; i += $2)); do
    submit --type CT04 --no-wait "${files[i]}" >"$T/last-$1"
  done
}
last_judged() { # FIRST: drafts are inspected in the order in which they came
  [[ $(state_of "$(draft_of <"$T/last-$1")") != @(SUBMITTED|INSPECTING) ]]
}
all_read() { # pages of PDFs wait in a queue of their own
  "$BIN/sluiced" status --config "$S/gateway.yaml" --json >"$T/status.json" || :
  jq -e '.pictures == {"reading":0,"waiting":0}' "$T/status.json" >/dev/null
}
start=$(now)
submit_share 0 2 &
submit_share 1 2
wait $!
wait_until 900 last_judged 0
wait_until 900 last_judged 1
wait_until 900 all_read
ours=$(calc "$(now) - $start")

# One call for all: every document still is a draft of its own.
stack_stop "$S"
part=pipeline-each
fresh_stack
submit_each() { # FIRST STEP
  local files=("$T"/documents/*) mine=() i
  for ((i = $1; i < ${#files[@]}; i += $2)); do mine+=("${files[i]}"); done
  submit --each --type CT04 "${mine[@]}" >/dev/null || echo "   some were stopped" >&2
}
start=$(now)
submit_each 0 2 &
submit_each 1 2
wait $!
each=$(calc "$(now) - $start")

# The same documents as drafts of many files, the way a unit hands in a batch.
stack_stop "$S"
part=pipeline-batches
fresh_stack
submit_batches() { # FIRST STEP: 32 files a draft
  local files=("$T"/documents/*) i
  for ((i = $1 * 32; i < ${#files[@]}; i += 32 * $2)); do
    submit --type CT04 "${files[@]:i:32}" >/dev/null || echo "   a draft was stopped" >&2
  done
}
start=$(now)
submit_batches 0 2 &
submit_batches 1 2
wait $!
batched=$(calc "$(now) - $start")

# The peer: a resident clamd with the same signatures, everything else as people script it.
database=$(yaml_value "$S/gateway.yaml" database)
mkdir -p "$T/clamd"
cat >"$T/clamd/clamd.conf" <<CONF
DatabaseDirectory $database
LocalSocket $T/clamd/clamd.sock
Foreground yes
MaxThreads 2
CONF
clamd -c "$T/clamd/clamd.conf" >"$T/clamd/log" 2>&1 &
clamd_pid=$!
wait_until 60 test -S "$T/clamd/clamd.sock" || { cat "$T/clamd/log"; exit 1; }
printf '%s\n' 绝密★ 机密★ 秘密★ 内部资料 请勿外传 不得复印 >"$T/words"
minisign -GWf -p "$T/mini.pub" -s "$T/mini.key" >/dev/null
peer_share() { # FIRST STEP
  local files=("$T"/documents/*) i f
  for ((i = $1; i < ${#files[@]}; i += $2)); do
    f=${files[i]}
    clamdscan --fdpass --no-summary -c "$T/clamd/clamd.conf" "$f" >/dev/null
    file -b --mime-type "$f" >/dev/null
    if grep -qf "$T/words" "$f"; then echo "$f has a word" >&2; fi
    minisign -S -s "$T/mini.key" -x "$T/peer-$1.minisig" -m "$f" >/dev/null
  done
}
start=$(now)
peer_share 0 2 &
peer_share 1 2
wait $!
peer=$(calc "$(now) - $start")
kill "$clamd_pid"
clamd_pid=''
row "seconds, a draft and a call a document" "$ours" "$peer" "$(calc "$peer / $ours")x"
row "seconds, a draft a document, two calls (aim 3x)" "$each" "$peer" "$(calc "$peer / $each")x"
row "seconds, drafts of 32 files" "$batched" "$peer" "$(calc "$peer / $batched")x"
record "{\"measure\":\"pipeline\",\"documents\":$count,\"sluice_s\":$ours,\"each_s\":$each,\"batched_s\":$batched,\"peer_s\":$peer}"
stack_stop "$S"
