#!/usr/bin/env bash
# style.sh - the walls that a machine can keep: include direction, vendor headers,
# file length, includes that exist, help for every command.
set -euo pipefail
cd "$(dirname "$0")/../.."
bad=0
complain() { printf 'style: %s\n' "$*" >&2; bad=1; }

# Rank of each folder: a file may include only what is of its own folder or lower.
rank() {
  case $1 in
  base) echo 0 ;; crypto | sandbox) echo 1 ;; wire) echo 2 ;;
  store | policy | trust) echo 3 ;;
  intake | inspect | review | release | link | outlet) echo 4 ;;
  *) echo 9 ;;
  esac
}

includes_of() { grep -hoE '^#include "[^"]+"' "$1" | cut -d'"' -f2; }

# The author's and reviewer's halves of intake and review are clients, and the
# session and order helpers belong to people's programs.
while read -r file; do
  folder=$(cut -d/ -f2 <<<"$file")
  mine=$(rank "$folder")
  [ -f "$file" ] && [ "$mine" -lt 9 ] || continue
  while read -r inc; do
    target=${inc%%/*}
    [ "$inc" = "$target" ] && continue
    theirs=$(rank "$target")
    [ "$theirs" -eq 9 ] && continue
    if [ "$theirs" -gt "$mine" ]; then complain "$file includes upward: $inc"; fi
    if [ "$theirs" -eq 4 ] && [ "$target" != "$folder" ]; then
      case "$folder>$target" in
      release\>link | outlet\>link) ;; # the unit's format is shared by both ends
      *) complain "$file reaches into another stage: $inc" ;;
      esac
    fi
  done < <(includes_of "$file")
done < <(git ls-files 'gateway/*/*.[ch]' 'gateway/*/*/*.[ch]')

# never FOLDER-GLOB must not include PATTERN (architecture.md, the walls)
wall() { # files-regex include-regex why
  local f
  while read -r f; do
    if includes_of "$f" | grep -qE "$2"; then
      complain "$f: $3 ($(includes_of "$f" | grep -E "$2" | tr '\n' ' '))"
    fi
  done < <(git ls-files 'gateway/*.[ch]' 'reviewer/*.[ch]' 'policies/*.[ch]' 'keys/*.[ch]' | grep -E "$1")
}
wall '^gateway/inspect/(extract|filter|type|av|match)' '^(store|wire|trust)/|^crypto/(key|dsse|seal)' \
  'filter programs parse hostile bytes and may not see this'
wall '^gateway/release/' '^(inspect|intake)/' 'the mover does not look inside'
wall '^gateway/link/sender' '^(store|trust)/' 'the sender reads finished units only'
wall '^gateway/outlet/|^gateway/sluice-pull' '^(store|intake|review|inspect)/' 'another network'
wall '^reviewer/' '^store/' 'reviewers speak to the desk like everyone'

# vendor HEADER-REGEX only below FOLDER-REGEX
vendor() {
  local f
  while read -r f; do
    grep -qE "^${2}" <<<"$f" || complain "$f uses $1, which belongs to $2"
  done < <(git grep -lE "^#include <($1)" -- '*.c' '*.h' | grep -v '^tests/')
}
vendor 'sodium' 'gateway/crypto/'
vendor 'sqlite3' 'gateway/store/'
vendor 'nng/' 'gateway/wire/'
vendor 'seccomp|linux/landlock' 'gateway/sandbox/'
vendor 'hs(/|\.h)' 'gateway/policy/'
vendor 'clamav|magic\.h|archive|libxml/|poppler' 'gateway/inspect/'
vendor 'unicode/' 'gateway/(policy|inspect)/'
vendor 'microhttpd|curl/' 'gateway/outlet/'
vendor 'ncurses|curses' 'reviewer/tui/screen\.c'
vendor 'jansson' 'gateway/base/json\.h'
vendor 'cyaml/' 'gateway/base/yaml\.h'

# Long files are hard to hold in one head; tables of test cases may be longer.
while read -r f; do
  n=$(wc -l <"$f")
  most=500
  [[ $f != tests/* ]] || most=800
  [ "$n" -le $most ] || complain "$f has $n lines; split it"
done < <(git ls-files '*.c' '*.h')

# Every header keeps itself: guarded, and its own .c includes it first.
while read -r f; do
  grep -q '^#ifndef SL_' "$f" || complain "$f has no include guard SL_..."
done < <(git ls-files 'gateway/*.h' 'reviewer/*.h' 'keys/*.h' 'policies/*.h')

# Trailing blanks and merge leftovers.
if git grep -nIE '[[:blank:]]+$' -- '*.c' '*.h' '*.sh' '*.cmake' CMakeLists.txt dev >&2; then
  complain "trailing blanks"
fi
if git grep -nE '^(<<<<<<<|>>>>>>>) ' >&2; then
  complain "merge leftovers"
fi

[ "$bad" -eq 0 ] && echo "style: ok"
exit "$bad"
