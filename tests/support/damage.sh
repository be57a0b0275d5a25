# damage.sh - break a database of SQLite on purpose; sourced by scenarios.

# damage_table FILE TABLE: overwrite the root page of one table; all others stay whole.
damage_table() {
  python3 - "$1" "$2" <<'P'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
(root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (sys.argv[2],)).fetchone()
(size,) = db.execute("PRAGMA page_size").fetchone()
db.close()
with open(sys.argv[1], "r+b") as f:
    f.seek((root - 1) * size)
    f.write(b"\xff" * 64)
P
}

# damage_everywhere FILE: no page but the first keeps its head, which holds the schema's pages.
damage_everywhere() {
  python3 - "$1" <<'P'
import sys
with open(sys.argv[1], "r+b") as f:
    size = f.seek(0, 2)
    for at in range(4096, size, 4096):
        f.seek(at)
        f.write(b"\xff" * 64)
P
}

damage_sum() { sha256sum <"$1"; }
