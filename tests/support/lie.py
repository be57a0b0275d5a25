#!/usr/bin/env python3
"""lie.py STORE DRAFT KIND [MARK] - what somebody does who owns the gateway's store: the report (or the
text) of a draft is exchanged for one that says less, with every sum and digest mended.  KIND
"suppress" marks every finding that counts with MARK, a JSON object."""
import hashlib
import json
import sqlite3
import sys

ORDER = ["clean", "review", "hold", "block", "spill"]


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha(value):
    return hashlib.sha256(value).hexdigest()


def mend(report):
    """A careful liar's sums."""
    for f in report["files"]:
        verdict = "hold" if any(o["state"] == "failed" for o in f["objects"]) else "clean"
        f["counts"] = {"S%d" % s: 0 for s in range(5)}
        for x in f["findings"]:
            if "suppressed" in x:
                continue
            f["counts"][x["severity"]] += 1
            one = {"S0": "spill", "S1": "block"}.get(x["severity"], "review")
            verdict = max(verdict, one, key=ORDER.index)
        f["verdict"] = verdict
        f["content_sha256"] = sha(canonical({k: v for k, v in f.items() if k not in ("content_sha256", "filters")}))
    report["counts"] = {"S%d" % s: sum(f["counts"]["S%d" % s] for f in report["files"]) for s in range(5)}
    report["verdict"] = max((f["verdict"] for f in report["files"]), key=ORDER.index)
    report["content_sha256"] = sha("".join(f["content_sha256"] for f in report["files"]).encode())


def put(db, data):
    digest = sha(data)
    db.execute("INSERT INTO object (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, data))
    return digest


store, draft, kind = sys.argv[1:4]
db = sqlite3.connect(store + "/sluice.db", timeout=20)
number, report_sha = db.execute("SELECT number, report FROM draft WHERE id = ? AND newest = 1", (draft,)).fetchone()
report = json.loads(db.execute("SELECT bytes FROM object WHERE sha256 = ?", (report_sha,)).fetchone()[0])
first = report["files"][0]
if kind == "drop":
    first["findings"] = [f for f in first["findings"] if f["severity"] == "S4"]
elif kind == "severity":
    first["findings"][0]["severity"] = "S4"
elif kind == "type":
    first["objects"][0]["type"] = "text/html"
elif kind == "rules":
    for f in report["files"]:
        f["policy"]["sha256"] = "0" * 64
elif kind == "suppress":
    for x in first["findings"]:
        if x["severity"] != "S4":
            x["suppressed"] = json.loads(sys.argv[4])
elif kind == "text":
    text = db.execute("SELECT body FROM file WHERE number = ? AND position = 0", (number,)).fetchone()[0]
    other = db.execute("SELECT body FROM file WHERE number <> ? AND body <> '' AND body <> ?", (number, text)).fetchone()[0]
    db.execute("UPDATE file SET body = ? WHERE number = ? AND position = 0", (other, number))
if kind != "text":
    mend(report)
    db.execute("UPDATE draft SET report = ? WHERE id = ? AND newest = 1", (put(db, canonical(report)), draft))
db.commit()
