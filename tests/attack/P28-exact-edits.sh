#!/usr/bin/env bash
# P28: the gateway says that a revision is exactly what a reviewer's signed edits make of the one
# before, and it is not: another word in the file, other edits than were signed, a declaration
# changed beside them. Each machine makes the edits once more, says what differs, and approves
# nothing of it.
. "$(dirname "$0")/../scenario/common.sh"
start_all
review() { as "$1" sluice-review "${@:2}"; }
here() { review LIAISON show --json "$id" | jq -r .edits_here; }
# claim DRAFT EDITS-JSON: the record of the fix names the newest revision's files as its own.
claim() {
  python3 - "$T/gateway/store/sluice.db" "$1" "${2-}" <<'END'
import hashlib, json, sqlite3, sys
path, draft, edits = sys.argv[1:]
db = sqlite3.connect(path, timeout=20)
number, revision, title = db.execute("SELECT number, revision, title FROM draft WHERE id = ? AND newest = 1", (draft,)).fetchone()
sha, = db.execute("SELECT record FROM fix WHERE number = ? AND revision = ?", (number, revision - 1)).fetchone()
record = json.loads(db.execute("SELECT bytes FROM object WHERE sha256 = ?", (sha,)).fetchone()[0])
record["title"] = title
for row in record["files"]:
    row["after"], = db.execute("SELECT sha256 FROM file WHERE number = ? AND revision = ? AND name = ?", (number, revision, row["name"])).fetchone()
if edits:
    record["edits"] = json.loads(edits)
data = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
digest = hashlib.sha256(data).hexdigest()
db.execute("INSERT INTO object (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, data))
db.execute("UPDATE fix SET record = ? WHERE number = ? AND revision = ?", (digest, number, revision - 1))
db.commit()
END
}
approve() {
  review LIAISON show --json "$id" >/dev/null
  review LIAISON approve --json "$id" --role liaison --ack DH-016=x
}
returned() { # NUMBER: a draft with a signed return of one edit; $id and $T/notice.txt
  fresh_notice "$1" >"$T/notice.txt"
  id=$(submit --type CT05 "$T/notice.txt" | draft_of)
  review LIAISON return --json "$id" --role liaison --code wording --reason 请改 --edit 特此通告=现予通告 >/dev/null
}
revise() { as AUTHOR sluice revise --json "$id" --type CT05 "$@" >/dev/null 2>&1; }

# ---- control ----
returned 281
expect_exit 0 as AUTHOR sluice accept --json --yes "$id"
same "$(here)" bytes "what was accepted"
expect_exit 0 approve

not_exact() { # WHY
  same "$(here)" not "$1"
  review LIAISON show "$id" | grep -q "NOT the edits that were signed.*$1" ||
    fail "the reviewer is not told: $(review LIAISON show "$id" | grep -i edits)"
  expect_exit 1 approve
  err_says "NOT the edits that were signed, though the gateway says so: .*$1"
}

# ---- one word more than was signed ----
returned 282
expect_exit 0 as AUTHOR sluice accept --json "$id"
sed 's/特此通告/现予通告/; s/暂停/永久停止/' "$T/notice.txt" >"$T/more.txt"
mkdir "$T/more" && mv "$T/more.txt" "$T/more/notice.txt"
revise "$T/more/notice.txt"
claim "$id"
not_exact 'notice.txt is something else'

# ---- other edits than were signed ----
returned 283
expect_exit 0 as AUTHOR sluice accept --json "$id"
sed 's/特此通告/现予停止/' "$T/notice.txt" >"$T/more/notice.txt"
revise "$T/more/notice.txt"
claim "$id" '[{"applied": true, "from": "特此通告", "occurrence": 1, "part": "file:0", "to": "现予停止"}]'
not_exact 'notice.txt is something else'

# ---- the right words, and another source declared beside them ----
returned 284
expect_exit 0 as AUTHOR sluice accept --json "$id"
sed 's/特此通告/现予通告/' "$T/notice.txt" >"$T/more/notice.txt"
printf 'source_name: 别的来源\n' >"$T/meta.yaml"
revise --meta "$T/meta.yaml" "$T/more/notice.txt"
claim "$id"
not_exact 'source_name" was declared otherwise'

# ---- control again: handed in by hand, word for word ----
returned 285
expect_exit 0 as AUTHOR sluice accept --json "$id"
sed 's/特此通告/现予通告/' "$T/notice.txt" >"$T/more/notice.txt"
revise "$T/more/notice.txt"
same "$(here)" bytes "the same words by hand"
expect_exit 0 approve

# ---- an office document: its words, though the cleaner writes it anew; nothing new beside them ----
D=$SOURCE/tests/corpus/documents
document() { # a draft of a document, returned with two edits and taken over; $id
  id=$(submit --type CT05 --title 关于中秋期间交通管制的通告 "$D/clean.docx" | draft_of)
  review LIAISON return --json "$id" --role liaison --code wording --reason 请改 \
    --edit 特此通告=现予通告 --edit title:中秋期间=中秋灯会期间 >/dev/null
}
document
expect_exit 0 as AUTHOR sluice accept --json --yes "$id"
same "$(here)" words "a document"
expect_exit 0 approve
document
expect_exit 0 as AUTHOR sluice accept --json "$id"
cp "$D/comments.docx" "$T/more/clean.docx"
as AUTHOR sluice revise --json "$id" --type CT05 --title 关于中秋灯会期间交通管制的通告 "$T/more/clean.docx" >/dev/null 2>&1 || :
claim "$id"
same "$(here)" not "another document under its name"
