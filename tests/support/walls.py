#!/usr/bin/env python3
"""walls.py - the walls that a machine can keep: direction of includes, vendors' headers in
one folder each, what hostile-input programs may not see, length of files, include guards."""
import re
import subprocess
import sys

RANK = {"base": 0, "crypto": 1, "sandbox": 1, "wire": 2, "store": 3, "policy": 3, "trust": 3,
        "intake": 4, "inspect": 4, "review": 4, "release": 4, "link": 4, "outlet": 4, "form": 4}
STAGE = 4
# The unit's format is shared by both ends of the link.
BETWEEN_STAGES = {("release", "link"), ("outlet", "link")}
# files, includes they may not have, why
WALLS = [
    (r"^gateway/inspect/(extract|clean|filter|type|av|match|see|office|draw)", r"^(store|wire|trust)/|^crypto/(key|dsse|seal)",
     "filter programs parse hostile bytes and may not see this"),
    (r"^gateway/release/", r"^(inspect|intake)/", "the mover does not look inside"),
    (r"^gateway/link/sender", r"^(store|trust)/", "the sender reads finished units only"),
    (r"^gateway/(outlet/|sluice-pull|sluice-outlet)", r"^(store|intake|review|inspect)/", "another network"),
    (r"^reviewer/", r"^store/", "reviewers speak to the desk like everyone"),
]
# vendor's header, where it may be used
VENDORS = [
    (r"sodium|nettle", r"gateway/crypto/"), (r"sqlite3", r"gateway/store/"), (r"nng/", r"gateway/wire/"),
    (r"seccomp|linux/landlock", r"gateway/sandbox/"), (r"hs(/|\.h)", r"gateway/policy/"),
    (r"clamav|magic\.h|archive|libxml/|poppler", r"gateway/inspect/"),
    (r"isa-l", r"gateway/link/(field|repair)\.c"),
    (r"zip\.h", r"gateway/inspect/clean/"),
    (r"qpdf/", r"gateway/inspect/(extract|clean)/"), (r"tesseract/|zbar", r"gateway/inspect/see/"), (r"leptonica/", r"gateway/inspect/(see|draw)/"),
    (r"chafa", r"gateway/inspect/draw/"),
    (r"LibreOfficeKit/", r"gateway/inspect/office/"),
    (r"unicode/", r"gateway/(policy|inspect)/"), (r"microhttpd|curl/", r"gateway/outlet/"),
    (r"pango|fontconfig|cairo-pdf", r"gateway/form/"),
    (r"n?curses", r"reviewer/tui/screen\.c"), (r"jansson", r"gateway/base/json\.h"),
    (r"cyaml/", r"gateway/base/yaml\.h"),
]
LINES = {"tests/": 800, "": 500}  # tables of test cases may be longer

complaints = []


def complain(text):
    complaints.append(text)


def files():
    out = subprocess.run(["git", "ls-files", "-z", "*.c", "*.h"], check=True, capture_output=True).stdout
    return [f for f in out.decode().split("\0") if f]


def check_direction(path, own):
    parts = path.split("/")
    if parts[0] != "gateway" or parts[1] not in RANK:
        return
    mine = parts[1]
    for inc in own:
        theirs = inc.split("/")[0]
        if "/" not in inc or theirs not in RANK or theirs == mine:
            continue
        if RANK[theirs] > RANK[mine]:
            complain("%s includes upward: %s" % (path, inc))
        elif RANK[theirs] == STAGE and RANK[mine] == STAGE and (mine, theirs) not in BETWEEN_STAGES:
            complain("%s reaches into another stage: %s" % (path, inc))


def check(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    own = re.findall(r'^#include "([^"]+)"', text, re.M)
    vendor = re.findall(r"^#\s*include <([^>]+)>", text, re.M)
    check_direction(path, own)
    for where, what, why in WALLS:
        if re.search(where, path):
            for inc in own:
                if re.search(what, inc):
                    complain("%s: %s (%s)" % (path, why, inc))
    if not path.startswith("tests/"):
        for what, where in VENDORS:
            for inc in vendor:
                if re.match(what, inc) and not re.match(where, path):
                    complain("%s uses <%s>, which belongs to %s" % (path, inc, where))
    most = next(n for prefix, n in LINES.items() if path.startswith(prefix))
    if text.count("\n") > most:
        complain("%s has %d lines; split it" % (path, text.count("\n")))
    if path.endswith(".h") and not path.startswith("tests/") and "#ifndef SL_" not in text:
        complain("%s has no include guard SL_..." % path)
    if re.search(r"[ \t]+$", text, re.M):
        complain("%s has trailing blanks" % path)
    if re.search(r"^(<<<<<<<|>>>>>>>) ", text, re.M):
        complain("%s has merge leftovers" % path)


for each in files():
    check(each)
for line in complaints:
    print("style: " + line, file=sys.stderr)
if complaints:
    sys.exit(1)
print("style: ok")
