"""hide.py DIR BASES - one leak in one hiding place of one file, many times over.

BASES holds clean documents that LibreOffice made: base.docx .xlsx .pptx .odt .ods .pdf.
Each file goes to DIR; a line "KIND<tab>FILE<tab>PLACE" for it to standard output, KIND being
leak (a rule about the words has to find it), stop (never better than held) or clean.
The numbers are fictional (3499..., 154...: both unassigned)."""
import base64
import gzip
import io
import re
import struct
import sys
import tarfile
import zipfile
import zlib

OUT, BASES = sys.argv[1], sys.argv[2]
ID = "349901198705143123"
LEAK = "身份证" + ID
MARK = "机密★10年"
PERCENT = "https://www.example.com/?q=" + "".join(f"%{b:02X}" for b in MARK.encode())
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
TYPE = "application/vnd.openxmlformats-officedocument."
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def put(kind, name, place, data):
    with open(f"{OUT}/{name}", "wb") as f:
        f.write(data.encode() if isinstance(data, str) else data)
    print(kind, name, place, sep="\t")


def instead(old, new):
    def edit(text):
        assert old in text, old
        return text.replace(old, new, 1)
    return edit


def package(base, edits=(), add=(), types=(), rels=()):
    """A package of LibreOffice with members changed and added."""
    edits, add = dict(edits), dict(add)
    for member, targets in dict(rels).items():
        lines = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{to}"{mode}/>' for i, t, to, mode in targets)
        edits[member] = instead("</Relationships>", lines + "</Relationships>")
    if types:
        edits["[Content_Types].xml"] = instead("</Types>", "".join(
            f'<Override PartName="/{n}" ContentType="{t}"/>' for n, t in dict(types).items()) + "</Types>")
    out = io.BytesIO()
    with zipfile.ZipFile(f"{BASES}/{base}") as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename in edits:
                data = edits.pop(info.filename)(data.decode()).encode()
            new.writestr(info.filename, data, zipfile.ZIP_STORED if info.filename == "mimetype" else None)
        for name, data in add.items():
            new.writestr(name, data)
    assert not edits, edits
    return out.getvalue()


def packed(data):
    return base64.b64encode(data).decode()


def docx():
    main, rels = "word/document.xml", "word/_rels/document.xml.rels"
    run = lambda text, look="": f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"
    inside = {
        "split runs": "".join(run(c) for c in LEAK),
        "deletion": f'<w:del w:id="1" w:author="a"><w:r><w:delText>{LEAK}</w:delText></w:r></w:del>',
        "hidden text": run(LEAK, "<w:vanish/>"), "white text": run(LEAK, '<w:color w:val="FFFFFF"/>'),
        "one point": run(LEAK, '<w:sz w:val="2"/>'),
        "field": f'<w:fldSimple w:instr=" QUOTE {LEAK} ">{run("好")}</w:fldSimple>',
        "name of a control": f'<w:sdt><w:sdtPr><w:alias w:val="{LEAK}"/></w:sdtPr><w:sdtContent>{run("好")}</w:sdtContent></w:sdt>',
        "bookmark": f'<w:bookmarkStart w:id="1" w:name="{LEAK}"/><w:bookmarkEnd w:id="1"/>',
        "comment in the markup": f"<!-- {LEAK} -->", "instruction": f"<?x {LEAK}?>",
        "name of an instruction": f"<?{LEAK}?>", "name space": f'<w:r xmlns:q="urn:{LEAK}"/>',
        "name of an element": f'<q:{LEAK} xmlns:q="urn:q"/>',
    }
    for n, (place, xml) in enumerate(inside.items()):
        put("leak", f"d{n}.docx", place, package("base.docx", {main: instead("<w:body>", f"<w:body><w:p>{xml}</w:p>")}))
    link = lambda to: package("base.docx", {main: instead("<w:body>", f'<w:body><w:p><w:hyperlink r:id="rX">{run("好")}</w:hyperlink></w:p>')},
                              rels={rels: [("rX", OFFICE + "hyperlink", to, ' TargetMode="External"')]})
    put("leak", "dlink.docx", "link", link("https://www.example.com/" + ID))
    put("leak", "dpercent.docx", "escapes in a link", link(PERCENT))
    put("leak", "dname.docx", "name of a member", package("base.docx", add={f"word/{LEAK}.xml": "<a/>"}))
    put("leak", "drel.docx", "id of a relationship", package("base.docx", rels={rels: [(LEAK, "urn:x", "styles.xml", "")]}))
    put("leak", "dcustom.docx", "data of the customer", package("base.docx", add={"customXml/item1.xml": f"<a><b>{LEAK}</b></a>"}))
    field = lambda data: package("base.docx", {main: instead("<w:body>", f'<w:body><w:p><w:r><w:fldChar w:fldCharType="begin"><w:fldData xml:space="preserve">{packed(data)}</w:fldData></w:fldChar></w:r></w:p>')})
    put("leak", "dfield.docx", "data of a field in base64", field(LEAK.encode()))
    put("leak", "dfieldwide.docx", "data of a field in base64, UTF-16", field(b"\0\1\2" + LEAK.encode("utf-16le") + b"\0\0"))
    put("clean", "dlinkdata.docx", "what Word keeps of a link", field(bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b02000000080000000e000000") + "_Toc123456789".encode("utf-16le") + b"\0\0"))
    put("stop", "dbin.docx", "file in base64", package("base.docx", {main: instead("<w:body>", f'<w:body><w:p><w:r><w:pict><w:binData w:name="x">{packed(bytes(range(64)))}</w:binData></w:pict></w:r></w:p>')}))
    blob = lambda data: package("base.docx", {"docProps/app.xml": instead("</Properties>", f'<vt:blob xmlns:vt="urn:vt">{packed(data)}</vt:blob></Properties>')})
    put("leak", "dblob.docx", "property of bytes", blob(LEAK.encode("gb18030")))
    put("stop", "dblobodd.docx", "property of bytes that nobody reads", blob(bytes(range(1, 64))))
    put("stop", "dodd.docx", "member of no kind", package("base.docx", add={"word/odd.dat": LEAK}))


def zip_level():
    """What is said beside the members, in every kind of package."""
    def again(base, comment=b"", extra=b"", member=b""):
        out = io.BytesIO()
        with zipfile.ZipFile(f"{BASES}/{base}") as old, zipfile.ZipFile(out, "w") as new:
            for info in old.infolist():
                copy = zipfile.ZipInfo(info.filename)
                copy.extra, copy.comment = extra, member
                new.writestr(copy, old.read(info))
            new.comment = comment
        return out.getvalue()
    text = LEAK.encode()
    for ext in ("docx", "xlsx", "pptx", "odt", "ods"):
        put("leak", f"zc.{ext}", "comment of the archive", again("base." + ext, comment=text))
        put("leak", f"zm.{ext}", "comment of a member", again("base." + ext, member=text))
        put("leak", f"ze.{ext}", "unknown field", again("base." + ext, extra=struct.pack("<HH", 0x7777, len(text)) + text))
        put("stop", f"za.{ext}", "behind the end", again("base." + ext) + text)
    room = struct.pack("<HHHH", 0xA220, 40, 0xA028, 38) + bytes(36)
    put("clean", "growth.docx", "room that Office leaves", again("base.docx", extra=room))


def sheets():
    one = "xl/worksheets/sheet1.xml"
    cell = lambda row, c: instead("</sheetData>", f'<row r="90" {row}>{c}</row></sheetData>')
    text = f'<c r="A90" t="inlineStr"><is><t>{LEAK}</t></is></c>'
    tail = lambda xml: instead("</sheetData>", "</sheetData>" + xml)
    inside = {
        "hidden row": cell('hidden="1"', text), "formula": cell("", f'<c r="A90"><f>IF(1=2,"{LEAK}","")</f></c>'),
        "list of a cell": tail(f'<dataValidations><dataValidation type="list" sqref="A1"><formula1>"{LEAK}"</formula1></dataValidation></dataValidations>'),
        "condition": tail(f'<conditionalFormatting sqref="A1"><cfRule type="containsText" text="{LEAK}" priority="1"/></conditionalFormatting>'),
        "filter": tail(f'<autoFilter ref="A1"><filterColumn colId="0"><filters><filter val="{LEAK}"/></filters></filterColumn></autoFilter>'),
        "extension": instead("</worksheet>", f'<extLst><ext uri="u"><v xmlns="urn:x">{LEAK}</v></ext></extLst></worksheet>'),
        "comment in the markup": instead("</worksheet>", f"<!--{LEAK}--></worksheet>"),
    }
    for n, (place, edit) in enumerate(inside.items()):
        put("leak", f"x{n}.xlsx", place, package("base.xlsx", {one: edit}))
    settings = "xl/printerSettings/printerSettings1.bin"
    book = lambda name: package("base.xlsx", add={settings: name.encode("utf-16-le").ljust(64, b"\0") + bytes(156)},
                                types={settings: TYPE + "spreadsheetml.printerSettings"})
    put("clean", "printed.xlsx", "settings of a printer", book("Office printer"))
    put("leak", "printer.xlsx", "name of a printer", book(ID))


def slides():
    one, shape = "ppt/slides/slide1.xml", (
        '<p:sp><p:nvSpPr><p:cNvPr id="77" name="n" {0}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{1}" y="0"/>'
        '<a:ext cx="900" cy="900"/></a:xfrm></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>{2}</a:t></a:r></a:p></p:txBody></p:sp>')
    for n, (place, xml) in enumerate({
            "beside the page": shape.format("", -9000000, LEAK), "hidden shape": shape.format('hidden="1"', 0, LEAK),
            "alternative text": shape.format(f'descr="{LEAK}"', 0, "好"), "comment in the markup": f"<!--{LEAK}-->"}.items()):
        put("leak", f"p{n}.pptx", place, package("base.pptx", {one: instead("</p:spTree>", xml + "</p:spTree>")}))


def opendocument():
    def text(xml):
        return {"content.xml": lambda t: t.replace("<text:p", xml + "<text:p", 1)}
    inside = {
        "name of a section": f'<text:section text:name="{LEAK}"><text:p>好</text:p></text:section>',
        "name of a frame": f'<text:p><draw:frame draw:name="{LEAK}"><draw:text-box><text:p>好</text:p></draw:text-box></draw:frame></text:p>',
        "author of a book": f'<text:p><text:bibliography-mark text:bibliography-type="book" text:author="{LEAK}">[1]</text:bibliography-mark></text:p>',
        "condition": f'<text:p><text:conditional-text text:string-value-if-true="{LEAK}">好</text:conditional-text></text:p>',
        "comment": f"<text:p><office:annotation><text:p>{LEAK}</text:p></office:annotation></text:p>",
    }
    for n, (place, xml) in enumerate(inside.items()):
        put("leak", f"o{n}.odt", place, package("base.odt", text(xml)))
    put("stop", "obin.odt", "file between the words", package("base.odt", text(
        f"<text:p><draw:frame><draw:object-ole><office:binary-data>{base64.b64encode(LEAK.encode()).decode()}</office:binary-data></draw:object-ole></draw:frame></text:p>")))
    printer = lambda data: package("base.odt", {"settings.xml": instead("</config:config-item-set>", f'<config:config-item config:name="PrinterSetup" config:type="base64Binary">{packed(data)}</config:config-item></config:config-item-set>')})
    put("leak", "oprinter.odt", "setting of the printer", printer(LEAK.encode()))
    put("leak", "oprinterwide.odt", "setting of the printer, UTF-16", printer(b"\x80\xff\1" + LEAK.encode("utf-16le") + b"\0\0"))
    setup = b"\xc4\0\0\0Generic Printer".ljust(196, b"\0") + b"SGENPRT\0\x16\0\x03\0\xa7\0\0\0printer=Generic Printer\norientation=Portrait\ncopies=1\nPPDContextData\nPageSize:A4\0"
    put("clean", "oprinterset.odt", "setting of the printer as LibreOffice writes it", printer(setup))
    row = f'<table:table-row><table:table-cell office:value-type="string" office:string-value="{LEAK}"><text:p>好</text:p></table:table-cell></table:table-row>'
    put("leak", "ovalue.ods", "value that the text does not say", package("base.ods", {"content.xml": instead("</table:table>", row + "</table:table>")}))


def stream(data, more=""):
    data = data.encode() if isinstance(data, str) else data
    return f"<</Length {len(data)} {more}>>\nstream\n".encode() + data + b"\nendstream"


def pdf_of(objects, trailer="", between=b"", free=()):
    out, at = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for n, body in enumerate(objects, 1):
        at[n] = len(out)
        out += f"{n} 0 obj\n".encode() + (body.encode() if isinstance(body, str) else body) + b"\nendobj\n"
    out += between
    xref = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for n, where in at.items():
        out += (b"0000000000 00001 f \n" if n in free else f"{where:010} 00000 n \n".encode())
    return bytes(out) + f"trailer <</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{xref}\n%%EOF\n".encode()


def pdfs():
    draw = lambda s: f"BT /F1 12 Tf 72 600 Td ({s}) Tj ET\n"
    fonts = "/Resources<</Font<</F1 5 0 R>>>>"
    def pdf(catalog="", page="", content="", more=(), **how):
        return pdf_of([f"<</Type/Catalog/Pages 2 0 R{catalog}>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                       f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R{fonts}{page}>>",
                       stream(draw("Notice of road works") + content), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *more], **how)
    form = f"/Type/XObject/Subtype/Form/BBox[0 0 600 800]{fonts}"
    xmp = stream(f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{ID}</a></x:xmpmeta>', "/Type/Metadata/Subtype/XML")
    for n, (place, data) in enumerate({
            "text without trace": pdf(content="3 Tr " + draw(ID)), "earlier text of a page": pdf(more=[stream(draw(ID))]),
            "the same, packed": pdf(more=[stream(zlib.compress(draw(ID).encode()), "/Filter/FlateDecode")]),
            "form that nothing paints": pdf(page="/X 6 0 R", more=[stream(draw(ID), form)]),
            "comment in the drawing": pdf(content=f"\n% {ID}\n"), "comment between objects": pdf(between=f"%{ID}\n".encode()),
            "property of marked content": pdf(content=f"/P <</X ({ID})>> DP\n"),
            "metadata of a page": pdf(page="/Metadata 6 0 R", more=[xmp]),
            "default of a field": pdf(catalog=f"/AcroForm<</Fields[<</FT/Tx/T(a)/DV({ID})>>]>>"),
            "field on no page": pdf(catalog=f"/AcroForm<</Fields[<</FT/Tx/T(a)/V({ID})>>]>>"),
            "title of an element": pdf(catalog=f"/StructTreeRoot<</K<</S/P/T({ID})>>>>"),
            "name of a destination": pdf(catalog=f"/Dests<</{ID}[3 0 R/Fit]>>"),
            "title of a thread": pdf(catalog=f"/Threads[<</I<</Title({ID})>>>>]"),
            "trailer": pdf(trailer=f"/X({ID})"), "language": pdf(catalog=f"/Lang({ID})"),
            "attachment": pdf(catalog="/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.txt)/EF<</F 6 0 R>>>>]>>>>",
                              more=[stream(ID, "/Type/EmbeddedFile")]),
            "escapes in a link": pdf(page=f"/Annots[<</Type/Annot/Subtype/Link/Rect[9 9 20 20]/A<</S/URI/URI({PERCENT})>>>>]"),
    }.items()):
        put("leak", f"f{n}.pdf", place, data)
    put("stop", "ffree.pdf", "object that the table calls free", pdf(more=[stream(draw(ID))], free=[6]))
    put("stop", "fimage.pdf", "picture that no page shows", pdf(more=[stream(
        bytes(100), "/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceGray")]))


def png(chunks=(), tail=b"", last=b""):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * 64 for _ in range(64)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)) +
            b"".join(chunk(k, d) for k, d in chunks) + chunk(b"IDAT", rows + tail) + chunk(b"IEND", last))


def others():
    text = "关于调整办公时间的通知\n"
    for n, (place, data) in enumerate({"escapes in a link": "见 " + PERCENT, "references": "".join(f"&#{ord(c)};" for c in MARK),
                                       "escapes of a script": "".join(f"\\u{ord(c):04x}" for c in MARK)}.items()):
        put("leak", f"t{n}.txt", place, data)
    put("leak", "star.html", "star by its name", f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>机密&starf;10年</body></html>")
    put("leak", "names.xml", "name of an element", f"<a><{LEAK}/></a>")
    put("leak", "sheet.xml", "instruction at the beginning", f"<?xml-stylesheet href='{LEAK}'?><a/>")
    put("leak", "target.xml", "name of an instruction", f"<a><?{LEAK}?></a>")
    put("leak", "note.png", "text chunk", png([(b"tEXt", b"Comment\0" + ID.encode())]))
    put("stop", "tail.png", "behind the pixels", png(tail=ID.encode()))
    put("stop", "end.png", "in the last chunk", png(last=ID.encode()))
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.PAX_FORMAT) as t:
        info = tarfile.TarInfo("a.txt")
        info.size, info.pax_headers = len(text.encode()), {"comment": LEAK}
        t.addfile(info, io.BytesIO(text.encode()))
    put("leak", "pax.tar", "record of a header", tar.getvalue())
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as t:
        info = tarfile.TarInfo("a.txt")
        info.size = len(text.encode())
        t.addfile(info, io.BytesIO(text.encode()))
    at = 512 + len(text.encode())
    put("clean", "one.tgz", "tar in a gzip", gzip.compress(plain.getvalue()))
    put("stop", "padding.tar", "behind a member", plain.getvalue()[:at] + ID.encode() + plain.getvalue()[at + len(ID):])


for ext in ("docx", "xlsx", "pptx", "odt", "ods", "pdf"):
    with open(f"{BASES}/base.{ext}", "rb") as f:
        put("clean", "clean." + ext, "as LibreOffice made it", f.read())
for make in (docx, zip_level, sheets, slides, opendocument, pdfs, others):
    make()
