#!/usr/bin/env bash
# Goal: a Chinese reviewer at a gateway of an English host is told everything in Chinese, and an
# English one at a Chinese host in English: lists, drafts, steps of a route, refusals.
. "$(dirname "$0")/common.sh"
# Not through a pipe: grep leaves at the first match, and locale then fails.
grep -qi '^zh_CN.utf8$' <<<"$(locale -a)" || skip "the Chinese locale is not installed"
command -v msgattrib >/dev/null || skip "gettext is not installed"
# Sentences of ours, long enough not to be somebody's title, in both languages.
python3 - "$SOURCE/po/zh_CN.po" "$T" <<'PY'
import re, subprocess, sys
po = subprocess.run(["msgattrib", "--no-obsolete", "--translated", "--no-wrap", sys.argv[1]],
                    check=True, capture_output=True, text=True).stdout
pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', po, re.M)
piece = re.compile(r"%[-0-9.*]*(?:l|ll|z)?[a-z]|\\n|\\\"")
for column, name, least in ((0, "en", 12), (1, "zh", 5)):
    # Commands and names are the same in both.
    words = {w for p in pairs for w in [max(piece.split(p[column]), key=len).strip()]
             if w not in p[1 - column]}
    with open(f"{sys.argv[2]}/{name}.words", "w", encoding="utf-8") as f:
        f.write("".join(w + "\n" for w in sorted(words)
                        if len(w) >= least and (name == "zh" or " " in w)))
PY
in_zh() { LC_ALL=zh_CN.UTF-8 "$@"; }
in_en() { LC_ALL=C.UTF-8 "$@"; }
none_of() { # LANGUAGE FILE WHAT
  ! grep -oFf "$T/$1.words" "$2" | grep -vxF -f "$T/not-ours" >"$T/found" || { cat "$2" >&2; fail "$3 says: $(sort -u "$T/found")"; }
}
# Rule names and titles of documents stand in both languages' files on purpose.
printf '通知公告\n' >"$T/not-ours"

everything() { # LANGUAGE-NOT-WANTED RUN DRAFT WORDS-OF-THE-DESK: what an officer meets
  local run=$2 id=$3 n=0
  for view in "list" "show $id" "audit $id" "codes" "list --filter zebra:1" "list --sort weight" \
    "show D-2026-999999" "approve $id --role desk" "approve $id --role legal" \
    "refuse $id --role unit-leader --code wording --reason x" "return $id --role unit-leader --code nothing --reason x" \
    "refer $id --to x --question y" "answer $id --opinion x" "decide-appeal $id --uphold --reason x" \
    "freeze R-2026-000009 --reason x" "extend $id nothing --reason x" "spill list" "form D-2026-999999" \
    "alerts" "suppress list"; do
    n=$((n + 1))
    # shellcheck disable=SC2086 # words are meant to be split
    $run as UNIT_LEADER sluice-review $view >"$T/view" 2>&1 || :
    [ -s "$T/view" ] || fail "$view says nothing"
    none_of "$1" "$T/view" "$view"
    cat "$T/view" >>"$T/views.$1"
  done
  grep -qF "$4" "$T/views.$1" || fail "the desk's own words are not in $1: $4 is missing"
  $run as AUTHOR sluice show "$id" >"$T/view" 2>&1 || :
  none_of "$1" "$T/view" "the author's show"
}

start_all
id=$(submit --type CT05 --title "夜间施工通告" "$SAMPLES/01-road-works-clean.txt" | draft_of)
everything en in_zh "$id" "拟稿单位"
stack_stop_one "$T/gateway.pid"
LC_ALL=zh_CN.UTF-8 stack_start_gateway "$T"
# The other language first: what the desk remembers for the one is not told to the other.
everything en in_zh "$id" "拟稿单位"
everything zh in_en "$id" "of the author's unit"
