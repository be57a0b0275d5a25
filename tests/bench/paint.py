#!/usr/bin/env python3
"""paint.py - what a person waits for in a program on a terminal.

paint.py STEPS COMMAND...   starts COMMAND on a 100x30 pseudo-terminal and measures each step of
the file STEPS.  A line: NAME TAB KEYS TAB WANTED TAB ROWS.  KEYS ("\\e" an escape, "\\n" Enter,
"\\t" a tab, "^U") are typed at once, those of the first step not: it begins with the program.  A step
takes until WANTED (a regular expression) stands on at least ROWS rows of the screen that were
others when it began.  A step named "keys" has its KEYS typed one
after the other, each waited for.  NAME "-": not reported.

One JSON object: milliseconds of each step until the byte that made it so; of "keys" the
median, the worst and bytes a key; of the whole the processor's user milliseconds."""
import fcntl
import json
import os
import pty
import re
import resource
import select
import signal
import statistics
import struct
import sys
import termios
import time

from terminal import Terminal

ROWS, COLS = 30, 100
QUIET = 0.06  # nothing for so long: the screen is done
PATIENCE = 60


def read_until_quiet(fd, end):
    """[(when, bytes)] of what comes until it is quiet or `end`."""
    parts = []
    while True:
        wait = QUIET if parts else end - time.monotonic()
        if wait <= 0 or not select.select([fd], [], [], wait)[0]:
            return parts
        try:
            data = os.read(fd, 65536)
        except OSError:
            return parts
        parts.append((time.monotonic(), data))


def complete(screen, before, wanted, rows):
    return sum(line != old and re.search(wanted, line) is not None
               for line, old in zip(screen.lines(), before)) >= rows


def step(fd, screen, began, wanted, rows):
    """Milliseconds until the words are there; exits when they never come."""
    before, end = screen.lines(), began + PATIENCE
    while True:
        parts = read_until_quiet(fd, end)
        for when, data in parts:
            screen.feed(data)
            if complete(screen, before, wanted, rows):
                # The rest of the same screen belongs to the next step's beginning.
                for _, rest in parts[parts.index((when, data)) + 1:]:
                    screen.feed(rest)
                return (when - began) * 1000
        if not parts or time.monotonic() > end:
            sys.exit("never drew %r on %d rows:\n%s" % (wanted, rows, "\n".join(screen.lines())))


def each_key(fd, screen, keys):
    took, sizes = [], []
    for key in keys:
        sent = time.monotonic()
        os.write(fd, key.encode())
        parts = read_until_quiet(fd, sent + 2)
        for _, data in parts:
            screen.feed(data)
        took.append(((parts[-1][0] if parts else sent) - sent) * 1000)
        sizes.append(sum(len(data) for _, data in parts))
    return {"key_median": statistics.median(took), "key_worst": max(took),
            "key_bytes": statistics.mean(sizes)}


def measure(steps, pid, fd, began):
    screen, out = Terminal(ROWS, COLS), {}
    for i, line in enumerate(steps):
        name, keys, wanted, rows = line.split("\t")
        keys = keys.replace("\\e", "\033").replace("\\n", "\r").replace("\\t", "\t").replace("^U", "\x15")
        if name == "keys":
            out.update(each_key(fd, screen, keys))
            continue
        if i > 0:
            read_until_quiet_feed(fd, screen)
            began = time.monotonic()
            os.write(fd, keys.encode())
        took = step(fd, screen, began, wanted, int(rows))
        if name != "-":
            out[name] = took
    read_until_quiet_feed(fd, screen)
    os.kill(pid, signal.SIGTERM)
    return out


def read_until_quiet_feed(fd, screen):
    for _, data in read_until_quiet(fd, time.monotonic() + QUIET):
        screen.feed(data)


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        steps = [line for line in f.read().splitlines() if line]
    command = sys.argv[2:]
    began = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
        os.execvp(command[0], command)
    try:
        out = measure(steps, pid, fd, began)
    finally:
        os.close(fd)
        try:
            os.kill(pid, signal.SIGKILL if sys.exc_info()[0] else signal.SIGTERM)
        except ProcessLookupError:
            pass
    os.waitpid(pid, 0)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    out.update(user_ms=usage.ru_utime * 1000, resident_mib=usage.ru_maxrss / 1024)
    print(json.dumps({name: round(value, 2) for name, value in out.items()}))


main()
