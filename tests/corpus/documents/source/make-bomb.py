#!/usr/bin/env python3
"""make-bomb.py OUT.docx: 24 MiB of blanks as the main part, 25 KB as a file."""
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("[Content_Types].xml", '<Types><Default Extension="xml" ContentType="application/xml"/></Types>')
    z.writestr("word/document.xml", b" " * (24 << 20))
