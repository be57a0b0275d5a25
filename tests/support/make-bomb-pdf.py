#!/usr/bin/env python3
"""make-bomb-pdf.py KIND OUT - a small PDF that costs whoever reads it far more than it weighs.

Every file is valid to the letter, so that it is held for what it costs and not for damage;
the kinds whose names begin with "lie" or "loop" are the exception: their damage is the bomb."""
import zlib

import bomb

PAGE_BOX = "/MediaBox[0 0 300 300]"
FONT = "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
HELLO = "BT /F1 12 Tf 20 100 Td (Hello) Tj ET\n"


class Pdf:
    """Objects by number; 1 is the catalog, 2 the pages, 3 the page and 4 what it draws."""

    def __init__(self, content=HELLO, resources="", page="", catalog="", contents=None):
        self.objects = {
            1: f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
            2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: f"<</Type/Page/Parent 2 0 R{PAGE_BOX}/Contents 4 0 R"
            f"/Resources<<{FONT}{resources}>>{page}>>",
            4: contents or stream(content),
        }

    def add(self, number, body):
        self.objects[number] = body
        return self

    def bytes(self, trailer=""):
        out, at = bytearray(b"%PDF-1.7\n"), {}
        for number, body in sorted(self.objects.items()):
            at[number] = len(out)
            out += b"%d 0 obj\n" % number + raw(body) + b"\nendobj\n"
        start, size = len(out), max(at) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        out += b"".join(b"%010d 00000 n \n" % at.get(n, 0) for n in range(1, size))
        out += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (size, raw(trailer))
        out += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(out)


def raw(text):
    return text if isinstance(text, bytes) else text.encode("latin-1")


def stream(data, entries="", packed=False):
    data = raw(data)
    if packed:
        data, entries = zlib.compress(data, 9), entries + "/Filter/FlateDecode"
    return raw(f"<<{entries}/Length {len(data)}>>\nstream\n") + data + b"\nendstream"


def form(content, resources=""):
    return stream(content, f"/Type/XObject/Subtype/Form/BBox[0 0 300 300]/Resources<<{resources}>>")


def nested(times, depth, leaf="0 0 m 1 1 l S\n"):
    """Each form paints the next one so many times."""
    pdf = Pdf(HELLO + "/X Do\n", "/XObject<</X 10 0 R>>")
    for n in range(depth):
        pdf.add(10 + n, form("/X Do\n" * times, f"/XObject<</X {11 + n} 0 R>>"))
    return pdf.add(10 + depth, form(leaf))


def fill_numbers(pdf):
    """No gaps: a number without an object would be a lie of the table."""
    for n in range(5, max(pdf.objects)):
        if n not in pdf.objects:
            pdf.add(n, "null")
    return pdf


def soft_masks():
    pdf = Pdf(HELLO + "/G gs 0 0 9 9 re f\n", "/ExtGState<</G 10 0 R>>")
    for n in range(30):
        mask = f"<</S/Alpha/G {41 + n} 0 R>>"
        pdf.add(10 + n, f"<</Type/ExtGState/SMask {mask}>>")
        group = "/Group<</S/Transparency/CS/DeviceGray>>"
        again = f"/Resources<</ExtGState<</G {11 + n} 0 R>>>>" if n < 29 else ""
        pdf.add(41 + n, stream("q /G gs 0 0 9 9 re f Q\n" * 2 if again else "0 0 9 9 re f\n",
                               "/Type/XObject/Subtype/Form/BBox[0 0 300 300]" + group + again))
    return pdf


def pattern(content, step, more="", resources=""):
    return stream(content, f"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1"
                           f"/BBox[0 0 9 9]/XStep {step}/YStep {step}/Resources<<{resources}>>{more}")


def nested_patterns():
    pdf = Pdf(HELLO + "/Pattern cs /P scn 0 0 300 300 re f\n", "/Pattern<</P 10 0 R>>")
    for n in range(8):
        pdf.add(10 + n, pattern("/Pattern cs /P scn 0 0 9 9 re f\n", 1,
                                resources=f"/Pattern<</P {11 + n} 0 R>>"))
    return pdf.add(18, pattern("0 0 1 1 re f\n", 1))


def tiny_tiles(matrix=""):
    return Pdf(HELLO + "/Pattern cs /P scn 0 0 300 300 re f\n",
               "/Pattern<</P 5 0 R>>").add(5, pattern("0 0 1 1 re f\n", "0.001", matrix))


def type3():
    """Letters of a drawn font that are words in the next drawn font."""
    pdf = Pdf(HELLO + "BT /T 9 Tf 20 100 Td (a) Tj ET\n",
              FONT[:-2][:0] + "/ExtGState<<>>")
    pdf.objects[3] = pdf.objects[3].replace("/F1<<", "/T 10 0 R/F1<<")
    for n in range(30):
        inner = f"/Resources<</Font<</T {12 + 2 * n} 0 R>>>>" if n < 29 else ""
        pdf.add(10 + 2 * n, f"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]"
                            f"/CharProcs<</a {11 + 2 * n} 0 R>>/Encoding<</Differences[97/a]>>"
                            f"/FirstChar 97/LastChar 97/Widths[9]{inner}>>")
        words = "".join(f"BT /T {s} Tf (a) Tj ET\n" for s in (7, 8, 9)) if inner else "0 0 1 1 re f"
        pdf.add(11 + 2 * n, stream("9 0 d0\n" + words))
    return pdf


def note(number):
    return f"<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/AP<</N {number} 0 R>>>>"


def stamp():
    pdf = nested(10, 30)
    pdf.objects[4] = stream(HELLO)
    pdf.objects[3] = pdf.objects[3][:-2] + f"/Annots[{note(10)}]>>"
    return pdf


def inline(width, height, name="full"):
    names = ("/Width", "/Height", "/BitsPerComponent", "/ColorSpace/DeviceGray", "/Filter/FlateDecode")
    brief = ("/W", "/H", "/BPC", "/CS/G", "/F/Fl")
    w, h, bits, gray, packed = names if name == "full" else brief
    data = zlib.compress(bytes(-(-width // 8) * height), 9)
    head = f"q 30 0 0 30 0 0 cm BI {w} {width} {h} {height} {bits} 1 {gray} {packed} ID "
    return Pdf(raw(HELLO + head) + data + b" EI Q\n")


def picture(data, filters, width=9, height=9):
    body = stream(data, f"/Type/XObject/Subtype/Image/Width {width}/Height {height}"
                        f"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter{filters}")
    return Pdf(HELLO + "q 30 0 0 30 0 0 cm /X Do Q\n", "/XObject<</X 5 0 R>>").add(5, body)


def jpx(width, height):
    """The head of a JPEG 2000 code stream; nothing follows it."""
    size = b"".join(n.to_bytes(4, "big") for n in (width, height, 0, 0, width, height, 0, 0))
    return b"\xff\x4f\xff\x51\x00\x29\x00\x00" + size + b"\x00\x01\x07\x01\x01\xff\xd9"


def dct(width, height):
    head = b"\xff\xd8\xff\xc0\x00\x0b\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return head + b"\x01\x01\x11\x00\xff\xd9"


def shading():
    function = stream(bytes(100 << 20), "/FunctionType 0/Domain[0 1 0 1]/Range[0 1]"
                      "/Size[10240 10240]/BitsPerSample 8", packed=True)
    return Pdf(HELLO + "/S sh\n" * 100, "/Shading<</S<</ShadingType 1/ColorSpace/DeviceGray"
               "/Function 5 0 R/Domain[0 1 0 1]/Matrix[300 0 0 300 0 0]>>>>").add(5, function)


def patches(count):
    corner = bytes((0, 0, 0, 0, 85, 0, 170, 0, 255, 85, 255, 170, 255, 255, 255, 255, 170, 255, 85,
                    255, 0, 170, 0, 85, 0, 99, 0, 255, 9))[:29]
    mesh = stream(corner * count, "/ShadingType 6/ColorSpace/DeviceGray/BitsPerCoordinate 8"
                  "/BitsPerComponent 8/BitsPerFlag 8/Decode[0 300 0 300 0 1]", packed=True)
    return Pdf(HELLO + "/S sh\n", "/Shading<</S 5 0 R>>").add(5, mesh)


def text(length):
    return Pdf(contents=stream("BT /F1 1 Tf 20 100 Td (" + "a" * length + ") Tj ET", packed=True))


def fills(count):
    return Pdf(contents=stream(HELLO + "0 0 300 300 re f\n" * count, packed=True))


def groups(count):
    pdf = Pdf(contents=stream(HELLO + "/X Do\n" * count, packed=True), resources="/XObject<</X 5 0 R>>")
    return pdf.add(5, stream(" ", "/Type/XObject/Subtype/Form/BBox[0 0 300 300]/Group<</S/Transparency>>"))


def pages(count, content=HELLO):
    pdf = Pdf(contents=stream(content, packed=True))
    kids = " ".join(f"{5 + n} 0 R" for n in range(count))
    pdf.add(2, f"<</Type/Pages/Kids[{kids}]/Count {count}>>")
    page = pdf.objects.pop(3)
    for n in range(count):
        pdf.add(5 + n, page)
    return pdf.add(3, "null")


def content():
    """Two kilobytes whose one page draws a gibibyte."""
    packer, zeros = zlib.compressobj(9), b"0" * (1 << 20)
    once = b"".join(packer.compress(zeros) for _ in range(1 << 10)) + packer.flush()
    return Pdf(contents=stream(zlib.compress(once, 9), "/Filter[/FlateDecode/FlateDecode]"))


def annotations(count):
    one = "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]>>"
    return Pdf(page="/Annots[" + one * count + "]")


def deep_pages(depth):
    pdf = Pdf().add(2, "<</Type/Pages/Kids[5 0 R]/Count 1>>")
    for n in range(depth):
        kid = 6 + n if n < depth - 1 else 3
        pdf.add(5 + n, f"<</Type/Pages/Kids[{kid} 0 R]/Count 1/Parent {4 + n if n else 2} 0 R>>")
    return pdf.add(3, pdf.objects[3].replace("/Parent 2", f"/Parent {4 + depth}"))


def object_stream():
    """One object stream that is 256 MiB of blanks, and a cross-reference stream beside it."""
    pdf = Pdf()
    body = pdf.objects.pop(3)
    out, at = bytearray(b"%PDF-1.7\n"), {}
    pdf.add(5, stream("3 0 " + body + " " * (256 << 20), "/Type/ObjStm/N 1/First 4", packed=True))
    for number, one in sorted(pdf.objects.items()):
        at[number] = len(out)
        out += b"%d 0 obj\n" % number + raw(one) + b"\nendobj\n"
    at[6] = len(out)
    rows = [b"\0\0\0\0\0"] + [b"\2\0\0\5\0" if n == 3 else b"\1" + at[n].to_bytes(3, "big") + b"\0"
                              for n in range(1, 7)]
    out += b"6 0 obj\n" + stream(b"".join(rows), "/Type/XRef/Size 7/Root 1 0 R/W[1 3 1]")
    out += b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % at[6]
    return out


def loop_xref():
    pdf = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    return raw(pdf + f"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 3/Root 1 0 R/Prev {len(pdf)}>>\n"
               f"startxref\n{len(pdf)}\n%%EOF\n")


def outline_loop():
    item = "<</Title(again)/Parent 5 0 R/Next 7 0 R/First 6 0 R/Dest[3 0 R/Fit]>>"
    return (Pdf(catalog="/Outlines 5 0 R").add(5, "<</First 6 0 R/Last 7 0 R/Count 2>>").add(6, item)
            .add(7, item.replace("/Next 7", "/Next 6")))


def name_loop(tree="EmbeddedFiles"):
    return (Pdf(catalog=f"/Names<</{tree} 5 0 R>>").add(5, "<</Kids[6 0 R 6 0 R]>>")
            .add(6, "<</Limits[(a)(z)]/Kids[5 0 R 6 0 R]>>"))


KINDS = {
    "forms-twice": lambda: nested(2, 30),
    "forms-ten": lambda: nested(10, 30),
    "forms-within": lambda: nested(10, 3),
    "form-loop": lambda: nested(2, 0, "/X Do /X Do\n").add(
        10, form("/X Do\n" * 2, "/XObject<</X 10 0 R>>")),
    "stamp": stamp,
    "type3": type3,
    "soft-masks": soft_masks,
    "nested-patterns": nested_patterns,
    "tiny-tiles": tiny_tiles,
    "inline": lambda: inline(30000, 30000),
    "inline-brief": lambda: inline(20001, 9, "brief"),
    "inline-within": lambda: inline(400, 400, "brief"),
    "jpx": lambda: picture(jpx(30000, 30000), "/JPXDecode"),
    "dct": lambda: picture(dct(30000, 30000), "/DCTDecode"),
    "dct-packed": lambda: picture(zlib.compress(dct(30000, 30000)), "[/FlateDecode/DCTDecode]"),
    "shading": shading,
    "patches": lambda: patches(100000),
    "text": lambda: text(50 << 20),
    "fills": lambda: fills(1000000),
    "groups": lambda: groups(1000000),
    "pages": lambda: pages(11000),
    "same-pages": lambda: pages(1999, HELLO + "0 0 m 1 1 l S\n" * 100000),
    "strokes": lambda: pages(9, HELLO + "0 0 m 300 299 l S 0 1 m 300 300 l S\n" * 325000),
    "content": content,
    "annotations": lambda: annotations(1000000),
    "object-stream": object_stream,
    "lie-length": lambda: Pdf(contents=stream(HELLO).replace(b"/Length 37", b"/Length 9999999")),
    "loop-xref": loop_xref,
    "loop-pages": lambda: Pdf().add(2, "<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 3>>"),
    "deep-pages": lambda: deep_pages(100000),
    "outline-loop": outline_loop,
    "names-loop": name_loop,
    "names-loop-dests": lambda: name_loop("Dests"),
}


def make(name):
    def made():
        out = KINDS[name]()
        return fill_numbers(out).bytes() if isinstance(out, Pdf) else bytes(out)
    made.__name__, made.__doc__ = "pdf-" + name, "see docs/bombs.md"
    return made


for name in KINDS:
    bomb.kind("pdf")(make(name))
bomb.main(__doc__)
