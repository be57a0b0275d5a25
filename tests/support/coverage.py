#!/usr/bin/env python3
"""coverage.py BUILD SOURCE - which lines the tests ran, as a table per folder.

Reads what gcc's --coverage left in BUILD through gcov's JSON. A line counts as run when
any program ran it; files of the tests themselves are left out. A process that ends inside
its sandbox or is killed cannot leave its counts, so roles and filters look worse than they are.
"""
import collections
import gzip
import json
import os
import subprocess
import sys

BATCH = 64


def notes(build):
    """Every object's notes file: one for each source, also those no test ran."""
    for folder, _, files in os.walk(build):
        for name in files:
            if name.endswith(".gcno"):
                yield os.path.join(folder, name)


def reports(paths, build):
    for at in range(0, len(paths), BATCH):
        out = subprocess.run(
            ["gcov", "--json-format", "--stdout", *paths[at : at + BATCH]],
            cwd=build, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ).stdout
        if out[:2] == b"\x1f\x8b":
            out = gzip.decompress(out)
        for line in out.splitlines():
            if line.strip():
                yield json.loads(line)


def main():
    build, source = (os.path.realpath(p) for p in sys.argv[1:3])
    lines = collections.defaultdict(dict)  # file -> line -> ran
    for report in reports(sorted(notes(build)), build):
        base = report["current_working_directory"]
        for f in report["files"]:
            path = os.path.relpath(os.path.realpath(os.path.join(base, f["file"])), source)
            if path.startswith(("..", "tests/", "build")):
                continue
            seen = lines[path]
            for line in f["lines"]:
                n = line["line_number"]
                seen[n] = seen.get(n, False) or line["count"] > 0
    folders = collections.defaultdict(lambda: [0, 0])
    for path, seen in lines.items():
        for folder in (os.path.dirname(path), "all"):
            folders[folder][0] += sum(seen.values())
            folders[folder][1] += len(seen)
    print(f"{'folder':<26} {'lines':>7} {'run':>7} {'%':>6}")
    for folder in sorted(folders, key=lambda f: (f == "all", f)):
        ran, total = folders[folder]
        print(f"{folder:<26} {total:>7} {ran:>7} {100 * ran / total:>6.1f}")


main()
