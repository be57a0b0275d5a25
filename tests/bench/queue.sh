# queue.sh - the reviewers' terminal over 100,000 waiting drafts, beside tig over as many commits
# and mutt over as many mails: from the start or a key until the screen with what was asked for
# is complete.  The long draft of 200 pages is a docx and a PDF here, a commit and a mail of the
# same text there.  The desk reviews for every unit.  LONG_DRAFT=docx leaves the PDF out, which
# takes minutes to inspect.
QUEUE_DRAFTS=${QUEUE_DRAFTS:-100000} QUEUE_ROUNDS=${QUEUE_ROUNDS:-5}
fresh_stack
Q=$T/queue-files
mkdir -p "$Q/Mail" # mutt asks for it otherwise
python3 tests/bench/make-long.py "$Q/long.fodt" 200 tests/corpus
# Sentences in an order of their own pair a name with a number here and there.
sed -i -e 's/身份证/证件/g; s/姓名/名称/g' \
  -e 's#</office:text>#<text:p>全文到此为止，标记XYZZY</text:p></office:text>#' "$Q/long.fodt"
sed 's/<[^>]*>//g' "$Q/long.fodt" >"$Q/long.txt"
kinds=(${LONG_DRAFT:-docx pdf})
for kind in "${kinds[@]}"; do
  soffice -env:UserInstallation="file://$T/office" --headless --convert-to "$kind" \
    --outdir "$Q" "$Q/long.fodt" >"$Q/soffice.log" 2>&1
  "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" submit --json --type CT05 --title "第200页$kind" \
    "$Q/long.$kind" >"$Q/$kind.json" || :
done
in_review() { [ "$("$BIN/sluice-review" --config "$SLUICE_DEMO_DESK" list --json | grep -o '第200页[a-z]*' | sort -u | wc -l)" -eq ${#kinds[@]} ]; }
wait_until 900 in_review || { echo "bench: the long drafts do not come to review" >&2; cat "$Q"/*.json >&2; exit 1; }
"$build/tests/many_drafts" "$S/gateway" $((QUEUE_DRAFTS - ${#kinds[@]})) >"$Q/windows"

if command -v tig >/dev/null; then
  git init -q --bare "$Q/commits"
  {
    for ((i = 1; i < QUEUE_DRAFTS; i++)); do
      subject="notice $i"
      printf 'commit refs/heads/main\ncommitter a <a@example> %d +0000\ndata %d\n%s\n' \
        $((1700000000 + i)) ${#subject} "$subject"
    done
    printf 'commit refs/heads/main\ncommitter a <a@example> 1800000000 +0000\ndata 4\nlong\n'
    printf 'M 644 inline long.txt\ndata %d\n' "$(wc -c <"$Q/long.txt")"
    cat "$Q/long.txt"
  } | git -C "$Q/commits" fast-import --quiet
  git -C "$Q/commits" symbolic-ref HEAD refs/heads/main
fi
if command -v mutt >/dev/null; then
  mail() { printf 'From a@example Fri Nov 27 09:00:00 2026\nFrom: a@example\nSubject: %s\nDate: Fri, 27 Nov 2026 09:00:00 +0000\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n' "$1"; }
  {
    for ((i = 1; i < QUEUE_DRAFTS; i++)); do
      mail "notice $i"
      printf 'body\n\n'
    done
    mail long
    cat "$Q/long.txt"
    printf '\n'
  } >"$Q/mails"
fi

# Steps of paint.py: name, keys, what stands there then, on how many rows.
line() { printf '%s\t%s\t%s\t%s\n' "$@"; }
moves=jjjjjjjjjjkkkkkjjjjjkkkkk far=$((QUEUE_DRAFTS * 3 / 4))
{
  line first '' 'D-[0-9]{4}-[0-9]{6}' 20
  line keys $moves '' 0
  line end G 'D-[0-9]{4}-[0-9]{6}' 20
  line home g 'D-[0-9]{4}-[0-9]{6}' 20
  line sort s 'D-[0-9]{4}-[0-9]{6}' 10
  line - S 'D-[0-9]{4}-[0-9]{6}' 10
  line find "/第 $far 号\\n" "第 $far 号[一-龥]" 1
  line filter '&unit:u-07\n' 'D-[0-9]{4}-[0-9]{6}' 15
  for kind in "${kinds[@]}"; do
    line - "&^U200页$kind\\n" "第200页$kind" 1
    line "open_$kind" '\n' '\[summary\]' 1
    line "text_$kind" ']' '[一-龥]{10}' 10
    line "search_$kind" '/XYZZY\n' '为止，标记XYZZY' 1
    line "end_$kind" G '[一-龥]{10}' 10
    line - h 'D-[0-9]{4}-[0-9]{6}' 1
  done
} >"$Q/sluice.steps"
{
  line first '' 'notice [0-9]' 20
  line keys $moves '' 0
  line open_docx '\eOH\n' '^diff --git' 1
  line search_docx '/XYZZY\n' '为止，标记XYZZY' 1
  line - q 'notice [0-9]' 10
  line find "/notice $far\\n" "[0-9] .*notice $far" 1
  line end '\eOF' 'notice [0-9]' 20
  line home '\eOH' 'notice [0-9]' 20
} >"$Q/tig.steps"
{
  line first '' 'notice [0-9]' 20
  line keys $moves '' 0
  line end '*' 'notice [0-9]' 5
  line home = 'notice [0-9]' 20
  line find "/$far\\n" "notice $far" 1
  line filter 'l~s 777\n' 'notice [0-9]*777' 15
  line - 'lall\n*' 'long' 1
  line open_docx '\n' '[一-龥]{10}' 10
  line search_docx '/XYZZY\n' '为止，标记XYZZY' 1
} >"$Q/mutt.steps"

paint() { # NAME COMMAND...
  local name=$1 out
  shift
  out=$(python3 tests/bench/paint.py "$Q/$name.steps" "$@")
  printf '%s %s\n' "$name" "$out" >>"$Q/painted"
  record "{\"measure\":\"queue\",\"drafts\":$QUEUE_DRAFTS,\"program\":\"$name\",\"load\":$(cut -d' ' -f1 /proc/loadavg),${out#\{}"
}
for ((round = 0; round < QUEUE_ROUNDS; round++)); do # in turns: all meet the same machine
  paint sluice "$BIN/sluice-review" --config "$SLUICE_DEMO_DESK"
  [ ! -d "$Q/commits" ] || paint tig env HOME="$Q" tig -C "$Q/commits" main
  [ ! -e "$Q/mails" ] || paint mutt env HOME="$Q" mutt -n -R -f "$Q/mails"
done
printf '\nA queue of %d drafts (milliseconds: least, middle, most of %d)\n' "$QUEUE_DRAFTS" "$QUEUE_ROUNDS"
python3 tests/bench/painted.py "$Q/painted"
while read -r window total us; do
  row "window ${window#window=} (store only)" "${us#us=} us" "" ""
  record "{\"measure\":\"queue-window\",\"window\":\"${window#window=}\",\"rows\":${total#total=},\"us\":${us#us=}}"
done <"$Q/windows"
