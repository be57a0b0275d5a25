#!/usr/bin/env python3
"""killer.py - the other hand on the file that killer.h describes.

  new FILE                       a plan that kills nobody
  record FILE on|off             from here on (forgetting what was recorded before) write down
                                 every call that changes a file, and who made it
  points FILE                    what was recorded, "PROGRAM: POINT", each once, in the order of
                                 the first calls
  arm FILE N LIST                die before up to N points of each program in LIST, which has the
                                 form of `points`; each once; ends what was armed or
                                 counted before
  count FILE PROGRAM N           let N calls of the program pass and die before the next one
  done FILE LIST DONE            take what has killed out of LIST and add it to DONE
  left FILE                      what was armed and did not kill
  stacks FILE                    "PROGRAM ADDRESS" of all who made a recorded call
  unreached BUILD STACKS SOURCE...
                                 "FILE: FUNCTION" of these sources that calls what changes files
                                 and was on none of the stacks"""
import mmap
import os
import re
import struct
import subprocess
import sys

PROGRAMS, ARMED, NAME, POINT, LOG = 16, 8, 32, 224, 4 << 20
HEAD = 8
PROGRAM = NAME + 12 + ARMED * POINT
SIZE = HEAD + PROGRAMS * PROGRAM + LOG
# The chain; each has the slot of its place here.
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
        struct.pack_into("%dsIii" % NAME, m, slot(name), name.encode(), 0, 0, -1)


def plan(path):
    with open(path, "r+b") as f:
        return mmap.mmap(f.fileno(), SIZE)


def record(path, what):
    m = plan(path)
    if what == "on":
        struct.pack_into("I", m, 4, 0)
    struct.pack_into("i", m, 0, 1 if what == "on" else 0)


def points(path):
    for point in dict.fromkeys("%s: %s" % call[:2] for call in recorded(plan(path))):
        print(point)


def listed(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f]


def arm(path, most, points_file):
    m, per_program = plan(path), {name: [] for name in NAMES}
    for line in listed(points_file):
        program, point = line.split(": ", 1)
        if len(per_program[program]) < min(int(most), ARMED):
            per_program[program].append(point)
    for program, wanted in per_program.items():
        at = slot(program) + NAME
        struct.pack_into("Iii", m, at, 0, 0, -1)
        for i, point in enumerate(wanted):
            struct.pack_into("%ds" % POINT, m, at + 12 + i * POINT, point.encode())
        struct.pack_into("Ii", m, at, 0, len(wanted))


def count(path, program, calls):
    struct.pack_into("i", plan(path), slot(program) + NAME + 8, int(calls))


def armed(path):
    """("PROGRAM: POINT", has it killed) of each."""
    m = plan(path)
    for name in NAMES:
        died, n = struct.unpack_from("Ii", m, slot(name) + NAME)
        for i in range(n):
            at = slot(name) + NAME + 12 + i * POINT
            yield "%s: %s" % (name, text(m[at:at + POINT])), died >> i & 1


def left(path):
    for point, killed in armed(path):
        if not killed:
            print(point)


def done(path, points_file, done_file):
    killed = {point for point, yes in armed(path) if yes}
    before = listed(points_file)
    with open(points_file, "w", encoding="utf-8") as f:
        f.writelines(point + "\n" for point in before if point not in killed)
    with open(done_file, "a", encoding="utf-8") as f:
        f.writelines(point + "\n" for point in before if point in killed)


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


def stacks(path):
    calls = {(who, frame) for who, _, frames in recorded(plan(path)) for frame in frames}
    for who, frame in sorted(calls):
        print(who, frame)


def unreached(build, stacks_file, *sources):
    frames, reached = {}, set()
    for line in set(listed(stacks_file)):
        who, frame = line.split(" ")
        if int(frame, 16) < 1 << 40:  # else it lies in a library
            # The address after the call: one less lies in the line that called.
            frames.setdefault(who, []).append("%x" % (int(frame, 16) - 1))
    for who, addresses in frames.items():
        where = [os.path.join(build, d, who) for d in ("libexec/sluice", "bin")]
        program = next((w for w in where if os.path.exists(w)), None)
        if program is None:
            continue
        out = subprocess.run(["addr2line", "-i", "-f", "-e", program], input="\n".join(addresses),
                             check=True, capture_output=True, text=True).stdout
        reached.update(out.splitlines()[::2])
    for source in sources:
        for function in writers(source):
            if function not in reached:
                print("%s: %s" % (source, function))


if __name__ == "__main__":
    commands = {f.__name__: f for f in (new, record, points, arm, count, done, left, stacks, unreached)}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(commands[sys.argv[1]](*sys.argv[2:]))
