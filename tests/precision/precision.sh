#!/usr/bin/env bash
# precision.sh BUILD [--own | FOLDER] - every finding of the rules in lawful public text: the
# project's own texts, those of installed distribution packages, and the *.txt and *.md
# below FOLDER; --own: the project's only.  Prints a table; FINDINGS=FILE keeps every finding with its place.
# Fails when the own texts have a finding of S0 to S2, or any text one of S0.
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
T=$(mktemp -d "${TMPDIR:-/tmp}/sluice-precision.XXXXXX")
trap 'rm -rf "$T"' EXIT
policies=policies

find_all() { "$build/tests/all_findings" "$policies" "$@"; }
summary() { # NAME BYTES < findings
  awk -F'\t' -v name="$1" -v bytes="$2" '
    { s[$2]++; c = $3; sub(/,.*/, "", c); k[c]++ }
    END { printf "%-28s %8.2f MB  S0 %d  S1 %d  S2 %d  S3 %d  S4 %d   weak %d  medium %d  strong %d\n",
      name, bytes / 1e6, s["S0"], s["S1"], s["S2"], s["S3"], s["S4"], k["score:weak"],
      k["score:medium"], k["score:strong"] }'
}

bad=0
find_all tests/corpus/lawful/*.txt >"$T/own.tsv"
summary "own texts" "$(cat tests/corpus/lawful/*.txt | wc -c)" <"$T/own.tsv"
awk -F'\t' '$2 <= "S2"' "$T/own.tsv" >"$T/wrong"
cat "$T/wrong" >&2
[ ! -s "$T/wrong" ] || bad=1

if [ "${2:-}" = --own ]; then
  exit $bad
fi

mkdir "$T/packages"
python3 tests/precision/gather.py "$T/packages" >/dev/null
if compgen -G "$T/packages/*.txt" >/dev/null; then
  find_all "$T"/packages/*.txt >"$T/all.tsv"
  for text in "$T"/packages/*.txt; do
    grep -F "$text:" "$T/all.tsv" >"$T/found.tsv" || :
    summary "$(basename "$text" .txt)" "$(wc -c <"$text")" <"$T/found.tsv"
  done
  awk -F'\t' '{ print $1 "\t" $2 }' "$T/all.tsv" | sort | uniq -c | sort -rn | sed 's/^/    /'
fi
if [ $# -gt 1 ]; then
  find "$2" \( -name '*.txt' -o -name '*.md' \) -print0 | sort -z | xargs -0 cat -- >"$T/more.txt"
  split -C 40M "$T/more.txt" "$T/part."
  find_all "$T"/part.* >"$T/more.tsv"
  summary "$(basename "$2")" "$(wc -c <"$T/more.txt")" <"$T/more.tsv"
  awk -F'\t' '{ print $1 "\t" $2 }' "$T/more.tsv" | sort | uniq -c | sort -rn | sed 's/^/    /'
  cat "$T/more.tsv" >>"$T/all.tsv"
fi
touch "$T/all.tsv"
grep -q $'\tS0\t' "$T/all.tsv" "$T/own.tsv" && bad=1
[ -z "${FINDINGS:-}" ] || cat "$T/own.tsv" "$T/all.tsv" >"$FINDINGS"
exit $bad
