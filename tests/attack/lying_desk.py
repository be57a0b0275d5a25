#!/usr/bin/env python3
"""lying_desk.py STORE DRAFT PID:ROLE:FILE... - what a desk does that somebody owns: it records
approvals that it should have refused, and says that nothing is missing."""
import hashlib
import json
import base64
import sqlite3
import sys
from datetime import datetime

store, draft = sys.argv[1:3]
db = sqlite3.connect(store + "/sluice.db", timeout=20)
number, revision = db.execute("SELECT number, revision FROM draft WHERE id = ? AND newest = 1", (draft,)).fetchone()
for each in sys.argv[3:]:
    pid, role, path = each.split(":")
    line = open(path, "rb").read()
    digest = hashlib.sha256(line).hexdigest()
    said = json.loads(base64.b64decode(json.loads(line)["payload"]))["predicate"]["time"]
    when = int(datetime.fromisoformat(said.replace("Z", "+00:00")).timestamp())
    db.execute("INSERT INTO object (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, line))
    db.execute("INSERT INTO vote (number, revision, pid, role, decision, envelope, code, reason, time, counts)"
               " VALUES (?, ?, ?, ?, 'approve', ?, '', '', ?, 1)", (number, revision, pid, role, digest, when))
db.execute("UPDATE draft SET state = 'APPROVED' WHERE number = ? AND revision = ?", (number, revision))
db.commit()
