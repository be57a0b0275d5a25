#!/usr/bin/env python3
"""Make plain text of the Chinese documents that distribution packages ship.

  gather.py FOLDER
      one text file per package below FOLDER; prints the package and its bytes.
A package that is not installed is left out.
"""
import gzip
import html.parser
import os
import re
import subprocess
import sys

# package, part of the path, suffix
SOURCES = [
    ("manpages-zh", "/man/zh_CN/", ".gz"),
    ("debian-reference-zh-cn", "zh-cn", ".html"),
    ("debian-edu-doc-zh-cn", "zh", ".html"),
    ("debian-faq-zh-cn", "zh-cn", ".html"),
    ("maint-guide-zh-cn", "zh-cn", ".html"),
    ("installation-guide-amd64", "zh_CN", ".html"),
    ("gimp-help-zh-cn", "zh_CN", ".html"),
    ("libreoffice-help-zh-cn", "zh-CN", ".html"),
    ("kicad-doc-zh", "/zh/", ".html"),
    ("fortunes-zh", "fortunes/", ".u8"),
]
BLOCKS = {"p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "pre", "dt", "dd", "title", "table"}


class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.out, self.skip = [], 0

    def handle_starttag(self, tag, attrs):
        self.skip += tag in ("script", "style")
        if tag in BLOCKS:
            self.out.append("\n")
        elif tag == "td":
            self.out.append("\t")

    def handle_endtag(self, tag):
        self.skip -= tag in ("script", "style") and self.skip > 0
        if tag in BLOCKS:
            self.out.append("\n")

    def handle_data(self, data):
        if not self.skip:
            self.out.append(data)


def of_html(text):
    parser = Text()
    parser.feed(text)
    return "".join(parser.out)


def of_man(text):
    """Requests and fonts out, lines as the author wrapped them."""
    text = re.sub(r"\\f.|\\[-&|^/,]", lambda m: "-" if m.group() == "\\-" else "", text)
    return "\n".join(line for line in text.split("\n") if not line.startswith((".", "'")))


def files_of(package):
    out = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True)
    return sorted(out.stdout.split("\n")) if out.returncode == 0 else []


def read(path):
    data = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
    text = data.decode("utf-8", "replace")
    if path.endswith(".html"):
        text = of_html(text)
    elif "/man/" in path:
        text = of_man(text)
    return re.sub(r"\n{3,}", "\n\n", text)


def main():
    folder = sys.argv[1]
    for package, part, suffix in SOURCES:
        text = "\n\n".join(read(p) for p in files_of(package)
                           if part in p and p.endswith(suffix) and os.path.isfile(p) and not os.path.islink(p))
        if text:
            with open(os.path.join(folder, package + ".txt"), "w", encoding="utf-8") as f:
                f.write(text)
            print(package, len(text.encode()))


main()
