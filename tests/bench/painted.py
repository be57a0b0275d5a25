#!/usr/bin/env python3
"""painted.py FILE - a table of what paint.py measured: lines "PROGRAM {JSON}" of several rounds."""
import json
import statistics
import sys

rounds = {}
with open(sys.argv[1], encoding="utf-8") as f:
    for line in f:
        program, text = line.split(" ", 1)
        rounds.setdefault(program, []).append(json.loads(text))


def three(program, name):
    values = [r[name] for r in rounds.get(program, []) if name in r]
    return (min(values), statistics.median(values), max(values)) if values else None


ROW = "%-14s %26s %26s %26s %14s"
print(ROW % ("", "sluice", "tig", "mutt", "tig, mutt / us"))
for name in rounds["sluice"][0]:
    found = [three(program, name) for program in ("sluice", "tig", "mutt")]
    texts = ["%.1f  %.1f  %.1f" % v if v else "" for v in found]
    ratios = ["%.1f" % (v[1] / found[0][1]) if v and found[0][1] else "-" for v in found[1:]]
    print(ROW % (name, *texts, ", ".join(ratios)))
