#!/usr/bin/env python3
"""killer.py - the other hand on the file that killer.h describes.

  new FILE                       a plan that kills nobody
  record FILE on|off             write down every call that changes a file, and who made it
  points FILE [PROGRAM]          what was recorded, each point once, in order of the first call
  arm FILE PROGRAM [POINT...]    die before these, one after the other
  left FILE                      "PROGRAM: POINT" for each that was armed and did not kill
  unreached FILE BUILD SOURCE... functions of these files that change files and were never on
                                 the stack of a recorded call; exit 1 when there is one"""
import mmap
import os
import re
import struct
import subprocess
import sys

PROGRAMS, QUEUE, NAME, POINT, LOG = 16, 8, 32, 224, 4 << 20
HEAD = 8
PROGRAM = NAME + 8 + QUEUE * POINT
SIZE = HEAD + PROGRAMS * PROGRAM + LOG
# The names that the chain may use, in this order of their slots.
NAMES = ["sluice-desk", "sluice-releaser", "sluice-checker", "sluice-sender", "sluice-receiver",
         "sluice-installer", "sluice-pull"]


def slot(program):
    return HEAD + NAMES.index(program) * PROGRAM


def text(raw):
    return raw.split(b"\0", 1)[0].decode()


def log_of(m):
    used = min(struct.unpack_from("I", m, 4)[0], LOG)
    at = HEAD + PROGRAMS * PROGRAM
    return m[at:at + used].decode().splitlines()


def recorded(m):
    """(program, point, [address]) of each call."""
    for line in log_of(m):
        words = line.split(" ")
        yield words[0], " ".join(words[1:3]), words[3:]


def new(path):
    with open(path, "wb") as f:
        f.truncate(SIZE)
    m = plan(path)
    for name in NAMES:
        struct.pack_into("%ds" % NAME, m, slot(name), name.encode())


def plan(path):
    with open(path, "r+b") as f:
        return mmap.mmap(f.fileno(), SIZE)


def record(path, what):
    m = plan(path)
    struct.pack_into("i", m, 0, 1 if what == "on" else 0)


def points(path, program=None):
    seen = {}
    for who, point, _ in recorded(plan(path)):
        if program in (None, who):
            seen.setdefault((who, point))
    for who, point in seen:
        print(point if program else "%s: %s" % (who, point))


def arm(path, program, *wanted):
    m, at = plan(path), slot(program)
    struct.pack_into("ii", m, at + NAME, 0, 0)
    for i, point in enumerate(wanted):
        struct.pack_into("%ds" % POINT, m, at + NAME + 8 + i * POINT, point.encode())
    struct.pack_into("ii", m, at + NAME, 0, len(wanted))


def left(path):
    m = plan(path)
    for name in NAMES:
        done, n = struct.unpack_from("ii", m, slot(name) + NAME)
        for i in range(done, n):
            at = slot(name) + NAME + 8 + i * POINT
            print("%s: %s" % (name, text(m[at:at + POINT])))


# What changes a file, by the names that our code calls it.
WRITES = re.compile(
    r"\b(renameat|linkat|symlinkat|unlinkat|mkdirat|file_write_durable|file_create_durable|"
    r"file_write_all|file_remove_tree|file_mkdirs|tree_put|tree_put_blob|tree_link)\s*\(")
FUNCTION = re.compile(r"^(?:static )?[a-z][\w \*]*?\b(\w+)\(")


def writers(source):
    """Functions of the file that change files themselves."""
    name, found = None, []
    with open(source, encoding="utf-8") as f:
        for line in f:
            m = FUNCTION.match(line)
            if m and not line.rstrip().endswith(";"):
                name = m.group(1)
            elif name and line[0] in "\t " and WRITES.search(line) and name not in found:
                found.append(name)
    return found


def unreached(path, build, *sources):
    stacks = {}
    for who, _, frames in recorded(plan(path)):
        stacks.setdefault(who, set()).update(frames)
    reached = set()
    for who, frames in stacks.items():
        where = [os.path.join(build, d, who) for d in ("libexec/sluice", "bin")]
        program = next((w for w in where if os.path.exists(w)), None)
        if program is None:
            continue
        # The address after the call: one less lies in the line that called.
        asked = "\n".join("%x" % (int(f, 16) - 1) for f in sorted(frames) if int(f, 16) < 1 << 40)
        out = subprocess.run(["addr2line", "-a", "-i", "-f", "-e", program], input=asked,
                             check=True, capture_output=True, text=True).stdout
        reached.update(line for line in out.splitlines() if line[:2] != "0x")
    missing = ["%s: %s" % (s, f) for s in sources for f in writers(s) if f not in reached]
    print("\n".join(missing), end="\n" if missing else "")
    return 1 if missing else 0


if __name__ == "__main__":
    commands = {f.__name__: f for f in (new, record, points, arm, left, unreached)}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(commands[sys.argv[1]](*sys.argv[2:]))
