#!/usr/bin/env python3
"""make-long.py FILE PAGES CORPUS - a flat OpenDocument text of so many full pages of lawful
sentences in an order of its own, the same every time."""
import html, os, random, re, sys

LETTERS = 900  # of one page


def main():
    target, pages, corpus = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    folder = os.path.join(corpus, "lawful")
    text = "".join(open(os.path.join(folder, n), encoding="utf-8").read()
                   for n in sorted(os.listdir(folder)) if n.endswith(".txt"))
    sentences = [s for s in re.findall("[^。\\n]{8,}。", text)]
    rng = random.Random(2026)
    with open(target, "w", encoding="utf-8") as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<office:document '
                'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
                'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
                'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
                'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
                'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
                '<office:automatic-styles><style:style style:name="first" style:family="paragraph">'
                '<style:paragraph-properties fo:break-before="page"/></style:style>'
                '</office:automatic-styles><office:body><office:text>\n')
        for _ in range(pages):
            n, first = 0, ' text:style-name="first"'
            while n < LETTERS:
                line = "".join(rng.choice(sentences) for _ in range(3))
                f.write("<text:p%s>%s</text:p>\n" % (first, html.escape(line)))
                n, first = n + len(line), ""
        f.write("</office:text></office:body></office:document>\n")


main()
