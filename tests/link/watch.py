#!/usr/bin/env python3
"""watch.py ALLOWED TREE - reads an outlet's tree all the time, as a platform could.

ALLOWED has "SERIAL SHA256 PATH" for each file of each unit.  At every instant each file that has
a name is one of those, whole; and all files of the units up to the one whose timestamp.json
is there are there.  Ends with SIGTERM; prints one JSON object."""
import hashlib
import json
import os
import signal
import sys

stopping = False
TIMESTAMP = "metadata/timestamp.json"


def stop(_signal, _frame):
    global stopping
    stopping = True


def digest(path):
    try:
        with open(path, "rb") as f:
            return hashlib.sha256(f.read()).hexdigest()
    except FileNotFoundError:
        return None


def names(tree):
    for folder, _, files in os.walk(tree):
        for name in files:
            if not name.startswith("."):
                yield os.path.relpath(os.path.join(folder, name), tree)


def main():
    allowed, first, state_of = {}, {}, {}
    for line in open(sys.argv[1], encoding="utf-8"):
        serial, sha256, path = line.rstrip("\n").split(" ", 2)
        allowed.setdefault(path, set()).add(sha256)
        first.setdefault(path, int(serial))
        if path == TIMESTAMP:
            state_of[sha256] = int(serial)
    tree = sys.argv[2]
    passes = read = 0
    states, wrong = set(), []
    while not stopping or passes == 0:
        stamp = digest(os.path.join(tree, TIMESTAMP))
        state = 0 if stamp is None else state_of.get(stamp, -1)
        if state < 0:
            wrong.append("a timestamp that no unit brought")
        states.add(state)
        for path in names(tree):
            if path not in allowed:
                wrong.append("%s: nobody sent it" % path)
        for path, may in allowed.items():
            sha256 = digest(os.path.join(tree, path))
            if sha256 is None:
                if first[path] <= state:
                    wrong.append("%s: missing although unit %d is installed" % (path, state))
            elif sha256 not in may:
                wrong.append("%s: not what was sent" % path)
            else:
                read += 1
        passes += 1
        if len(wrong) > 100:
            break
    print(json.dumps({"passes": passes, "states": len(states), "read": read, "last": state, "wrong": wrong[:100]}))


signal.signal(signal.SIGTERM, stop)
main()
