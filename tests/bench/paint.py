#!/usr/bin/env python3
"""paint.py - what a person waits for in a program on a terminal.

paint.py WANTED KEYS COMMAND...   starts COMMAND on a 100x30 pseudo-terminal, waits until WANTED
(a regular expression) is drawn, then types each character of KEYS ("\\e" an escape, "\\n"
Enter) and waits until nothing more is drawn.  One line: first_ms, then for all keys the median
and worst milliseconds until the last byte, and bytes a key."""
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import termios
import time

QUIET = 0.06  # nothing for so long: the screen is done


def read_until(fd, seconds, pattern=None):
    """Bytes until the pattern is seen or it is quiet, and when the last of them came."""
    data, last, end = b"", None, time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        wait = left if last is None or pattern else min(left, QUIET)
        if wait <= 0 or not select.select([fd], [], [], wait)[0]:
            return data, last
        try:
            more = os.read(fd, 65536)
        except OSError:
            return data, last
        last = time.monotonic()
        data += more
        if pattern and re.search(pattern, data):
            return data, last


def main():
    wanted, keys, command = sys.argv[1].encode(), sys.argv[2], sys.argv[3:]
    keys = keys.replace("\\e", "\033").replace("\\n", "\r")
    begun = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        os.execvp(command[0], command)
    data, last = read_until(fd, 60, wanted)
    if not re.search(wanted, data):
        sys.exit("%s never drew %r:\n%s" % (command[0], wanted, data[-2000:].decode("utf-8", "replace")))
    first = (last - begun) * 1000
    read_until(fd, 2)
    took, sizes = [], []
    for key in keys:
        sent = time.monotonic()
        os.write(fd, key.encode())
        data, last = read_until(fd, 2)
        sizes.append(len(data))
        took.append(((last or sent) - sent) * 1000)
    os.kill(pid, signal.SIGTERM)
    read_until(fd, 1)
    os.waitpid(pid, 0)
    print("first_ms=%.1f key_median_ms=%.2f key_worst_ms=%.2f bytes_per_key=%.0f" % (
        first, statistics.median(took), max(took), statistics.mean(sizes)))


main()
