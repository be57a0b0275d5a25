#!/usr/bin/env python3
"""Compare reports of `sluice-policy scan --json` with expected.json, sample by sample.

  compare-findings.py EXPECTED.json SAMPLES-DIR arguments NAME
      prints the scan options of a sample, one a line
  compare-findings.py EXPECTED.json SAMPLES-DIR compare NAME < report
      exit 1 and one line for each difference

Strict: every expected finding with its rule and severity at an overlapping span;
nothing of must_not_fire; no other finding of S0 to S2; the verdict; and line and
column that agree with the offset.
"""
import json
import re
import sys

VERDICTS = {"PASS": "clean", "RETURN": "review", "REJECT": "block", "SPILL": "spill"}


def arguments(sample):
    s = sample["submission"]
    out = ["--type", s["content_type"], "--column", s["column"], "--disclosure", s["disclosure_attribute"]]
    for channel in s["channels"]:
        out += ["--channel", channel]
    return out


def overlap(a, b):
    return a[0] < b[1] and b[0] < a[1]


def span(finding):
    return finding["offset"], finding["offset"] + max(finding["length"], 1)


def occurrences(text, word):
    at = text.find(word)
    while at >= 0:
        yield at, at + len(word)
        at = text.find(word, at + 1)


def shown(finding):
    return "%s %s at %d+%d (line %d) %s" % (finding["rule"], finding["severity"], finding["offset"],
                                            finding["length"], finding["line"], finding["excerpt"])


def compare(sample, text, report):
    body = [f for f in report["findings"] if f["where"] == "body" and f["object"] == "0"]
    elsewhere = [f for f in report["findings"] if f not in body]
    optional = {tuple(m.groups()) for o in sample["optional"] if (m := re.match(r"(\S+) (S\d)\b", o))}
    wanted = [(e, (e["offset"], e["offset"] + len(e["evidence"]))) for e in sample["findings"]]

    if report["verdict"] != VERDICTS[sample["verdict"]]:
        yield "verdict %s instead of %s" % (report["verdict"], VERDICTS[sample["verdict"]])
    for e, where in wanted:
        if not any((f["rule"], f["severity"]) == (e["rule"], e["severity"]) and overlap(span(f), where)
                   for f in body):
            at = [shown(f) for f in body if overlap(span(f), where)]
            yield "missing %s %s on %r; there is %s" % (e["rule"], e["severity"], e["evidence"], at or "nothing")
    for n in sample["must_not_fire"]:
        for where in occurrences(text, n["evidence"]):
            for f in body:
                if f["rule"] in n["rules"] and overlap(span(f), where):
                    yield "must not fire on %r: %s" % (n["evidence"], shown(f))
    for f in body + elsewhere:
        known = any((f["rule"], f["severity"]) == (e["rule"], e["severity"]) and overlap(span(f), where)
                    for e, where in wanted) and f in body
        if f["severity"] <= "S2" and not known and (f["rule"], f["severity"]) not in optional:
            yield "unexpected: %s in %s" % (shown(f), f["where"])
    for f in body:
        before = text[:f["offset"]]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        if (f["line"], f["column"]) != place:
            yield "stands at line %d, column %d: %s" % (*place, shown(f))


def main():
    expected, folder, what, name = sys.argv[1:5]
    with open(expected, encoding="utf-8") as f:
        samples = json.load(f)["samples"]
    if what == "arguments":
        print("\n".join(arguments(samples[name])))
        return 0
    with open("%s/%s" % (folder, name), encoding="utf-8", newline="") as f:
        text = f.read()
    differences = list(compare(samples[name], text, json.load(sys.stdin)))
    for d in differences:
        print("%s: %s" % (name, d))
    return 1 if differences else 0


sys.exit(main())
