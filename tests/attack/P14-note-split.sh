#!/usr/bin/env bash
# P14: a checkpoint with a second empty line could be read as a short signed note or as a longer
# one; the real programs split at the last and refuse what then is not signed.
. "$(dirname "$0")/../scenario/common.sh"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
release=$(draft_of <"$T/r.json")
approve_route_a "$release"
release=${release/D-/R-}
wait_until 30 pull_until_live "$T/site" "$release" || fail "the release never arrived"
package=$(realpath "$T/site/live/$release")
trust=$SLUICE_DEMO_TRUST
expect_exit 0 "$BIN/sluice-pull" verify "$package" --trust "$trust"

# The note of a proof: origin, size, root, empty line, signatures.
cp -a "$package" "$T/package"
chmod -R u+w "$T/package"
proof=$T/package/log.tlog-proof
cp "$proof" "$T/proof"
bend() { # WHAT PYTHON: `note` is what stands behind the hashes
  python3 - "$T/proof" "$proof" "$2" <<'P'
import sys
head, note = open(sys.argv[1], encoding="utf-8").read().split("\n\n", 1)
text, signatures = note.rsplit("\n\n", 1)
values = dict(text=text, signatures=signatures, note=note)
exec(sys.argv[3], values)
open(sys.argv[2], "w", encoding="utf-8").write(head + "\n\n" + values["note"])
P
  if cmp -s "$T/proof" "$proof"; then fail "$1 changes nothing"; fi
  expect_exit 1 "$BIN/sluice-pull" verify "$T/package" --trust "$trust"
  err_says 'log.tlog-proof'
}
bend "more text behind the signatures" 'note = text + "\n\n" + signatures + "\nand more\n"'
bend "the signed note in front of another one" 'note = text + "\n\n" + signatures + "\n" + text.replace(text.split("\n")[1], "999") + "\n\n" + signatures'
bend "another size behind the signed text" 'note = text + "\n\n999\n\n" + signatures'
bend "an empty line inside the text" 'note = text.replace("\n", "\n\n", 1) + "\n\n" + signatures'
bend "no empty line" 'note = text + "\n" + signatures'
cp "$T/proof" "$proof"
expect_exit 0 "$BIN/sluice-pull" verify "$T/package" --trust "$trust"

# The checkpoint that people read is compared with the one that the feed lists.
checkpoint=$T/outlet/tree/log/checkpoint
cp "$checkpoint" "$T/good"
python3 - "$checkpoint" <<'P'
import sys
note = open(sys.argv[1], encoding="utf-8").read()
text, signatures = note.rsplit("\n\n", 1)
open(sys.argv[1], "w", encoding="utf-8").write(text + "\n\n" + signatures + "\n" + note)
P
expect_exit 1 "$BIN/sluice-pull" log verify "$T/outlet/tree" --trust "$trust" --json
cp "$T/good" "$checkpoint"
expect_exit 0 "$BIN/sluice-pull" log verify "$T/outlet/tree" --trust "$trust" --json
