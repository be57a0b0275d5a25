# queue.sh - the reviewers' terminal over 100,000 waiting drafts: first paint from the start of
# the program, key to screen, bytes drawn a key, and windows of the list; tig over as many
# commits and mutt over as many mails, measured the same way, where they are installed.
fresh_stack
QUEUE_DRAFTS=${QUEUE_DRAFTS:-100000}
"$build/tests/many_drafts" "$S/gateway" "$QUEUE_DRAFTS" >"$T/windows"
head_row "A queue of $QUEUE_DRAFTS drafts"
paint() { # NAME WANTED KEYS COMMAND...
  local name=$1 out
  shift
  out=$(python3 tests/bench/paint.py "$@")
  row "$name" "$(sed 's/first_ms=\([0-9.]*\).*/\1 ms/' <<<"$out")" \
    "$(sed 's/.*key_median_ms=\([0-9.]*\) key_worst_ms=\([0-9.]*\).*/\1 (\2) ms/' <<<"$out")" \
    "$(sed 's/.*bytes_per_key=//' <<<"$out") B"
  record "{\"measure\":\"queue\",\"program\":\"$name\",$(sed 's/\([a-z_]*\)=\([0-9.]*\)/"\1":\2/g; s/ /,/g' <<<"$out")}"
}
row "program" "first paint" "key (worst)" "a key"
for _ in 1 2 3; do
  paint sluice-review 'D-[0-9]{4}-0' 'jjjjjjjjjjkkkkkGgGg' \
    "$build/bin/sluice-review" --config "$SLUICE_DEMO_LIAISON"
  if command -v tig >/dev/null; then
    if [ ! -d "$T/commits" ]; then
      git init -q "$T/commits"
      for ((i = 1; i <= QUEUE_DRAFTS; i++)); do
        printf 'commit refs/heads/main\ncommitter a <a@example> %d +0000\ndata 8\nnotice %d\n' \
          $((1700000000 + i)) $((i % 10))
      done | git -C "$T/commits" fast-import --quiet
      git -C "$T/commits" symbolic-ref HEAD refs/heads/main
    fi
    paint tig 'notice' 'jjjjjjjjjjkkkkk' env HOME="$T" tig -C "$T/commits" main
  fi
  if command -v mutt >/dev/null; then
    if [ ! -e "$T/mails" ]; then
      mkdir -p "$T/Mail" # mutt asks for it otherwise
      for ((i = 1; i <= QUEUE_DRAFTS; i++)); do
        printf 'From a@example Fri Nov 27 09:00:00 2026\nFrom: a@example\nSubject: notice %d\nDate: Fri, 27 Nov 2026 09:00:00 +0000\n\nbody\n\n' "$i"
      done >"$T/mails"
    fi
    paint mutt 'notice [0-9]' 'jjjjjjjjjjkkkkk' env HOME="$T" mutt -n -R -f "$T/mails"
  fi
done
while read -r window total us; do
  row "window ${window#window=} (store only)" "${us#us=} us" "" ""
  record "{\"measure\":\"queue-window\",\"window\":\"${window#window=}\",\"rows\":${total#total=},\"us\":${us#us=}}"
done <"$T/windows"
