#!/usr/bin/env python3
"""picture_codes.py OUT.six COMMAND... - open the first draft of the reviewers' terminal, its first
picture, and look at what is sent to draw it: JSON with the pictures unasked, with sixel, with
kitty (whose pixels are counted), and after symbols were asked for again."""
import base64
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

SIXEL = re.compile(rb"\x1bP[0-9;]*q.*?\x1b\\", re.S)
KITTY = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")


def read_until(fd, pattern, turns=0):
    """Until it is drawn; then through so many turns of the terminal's own clock, a second each."""
    data, end = b"", time.monotonic() + 60
    while not re.search(pattern, data, re.S):
        if not select.select([fd], [], [], max(0, end - time.monotonic()))[0]:
            sys.exit("it never drew %r: %r" % (pattern, data[-1500:]))
        data += os.read(fd, 65536)
    end = time.monotonic() + turns * 1.2
    while select.select([fd], [], [], max(0.1, end - time.monotonic()))[0]:
        data += os.read(fd, 65536)
    return data


def main():
    out, command = sys.argv[1], sys.argv[2:]
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        os.execvp(command[0], command)
    before = read_until(fd, rb"D-[0-9]{4}-0")
    os.write(fd, b"\r")
    before += read_until(fd, rb"\[summary\]")
    os.write(fd, b"P")
    before += read_until(fd, rb"page 1 of 1", 2)
    os.write(fd, b":pages sixel\r")
    sixel = read_until(fd, rb"\x1bP[0-9;]*q.*?\x1b\\", 3)
    os.write(fd, b":pages kitty\r")
    kitty = read_until(fd, rb"\x1b_G(?:m=0|[^\x1b]*m=0)[^\x1b]*\x1b\\", 3)
    os.write(fd, b":pages symbols\r")
    after = read_until(fd, rb"page 1 of 1", 2)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    pictures, chunks = SIXEL.findall(sixel), KITTY.findall(kitty)
    with open(out, "wb") as f:
        f.write(pictures[0])
    size = {k: int(v) for k, v in re.findall(rb"([sv])=([0-9]+)", chunks[0][0])}
    pixels = sum(len(base64.b64decode(c[1])) for c in chunks)  # each is padded by itself
    print(json.dumps({"unasked": len(SIXEL.findall(before)) + before.count(b"\x1b_G"), "sixel": len(pictures),
                      "kitty": sum(b"a=T" in c[0] for c in chunks),
                      "kitty_whole": pixels == size[b"s"] * size[b"v"] * 4,
                      "after": len(SIXEL.findall(after)) + after.count(b"\x1b_G")}))


main()
