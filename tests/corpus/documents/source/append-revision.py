#!/usr/bin/env python3
"""Append an incremental update to a PDF that drops the second half of page 1.

append-revision.py OLD.pdf NEW.pdf; wants qpdf for the uncompressed content.
"""
import re
import subprocess
import sys

old = open(sys.argv[1], "rb").read()
page = subprocess.run(["qpdf", "--show-pages", sys.argv[1]], capture_output=True, check=True).stdout
number = int(re.search(rb"content:\s+(\d+) ", page).group(1))
content = subprocess.run(
    ["qpdf", f"--show-object={number}", "--filtered-stream-data", sys.argv[1]],
    capture_output=True, check=True).stdout
texts = content.split(b"ET\n")
kept = b"ET\n".join(texts[: len(texts) // 2]) + b"ET\n"
kept += b"Q\n" * (kept.count(b"q\n") - kept.count(b"Q\n"))
trailer = old[old.rindex(b"trailer"):]
root = re.search(rb"/Root\s+(\d+ \d+ R)", trailer).group(1)
size = re.search(rb"/Size\s+(\d+)", trailer).group(1)
previous = re.search(rb"startxref\s+(\d+)", trailer).group(1)
new = old.rstrip(b"\n") + b"\n"
at = len(new)
new += b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, len(kept), kept)
xref = len(new)
new += b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
new += b"trailer\n<</Size %s/Root %s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, previous, xref)
open(sys.argv[2], "wb").write(new)
