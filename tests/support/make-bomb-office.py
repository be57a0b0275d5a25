"""make-bomb-office.py - Office, OpenDocument, OFD and OLE2 files that are large, deep or circular."""
import struct

from bomb import HEAD, OPEN, RELATION, TYPE, kind, main, ooxml, package

W = f'xmlns:w="{OPEN}wordprocessingml/2006/main" xmlns:r="{RELATION}"'
S = f'xmlns="{OPEN}spreadsheetml/2006/main" xmlns:r="{RELATION}"'
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
MANY = 1000000


def docx(body, members=(), parts=(), relations="", head=HEAD):
    pieces = [body] if isinstance(body, str) else body
    return ooxml(DOCUMENT, "wordprocessingml.document.main+xml", {
        DOCUMENT: [f"{head}<w:document {W}><w:body>", *pieces, "</w:body></w:document>"], **dict(members)}, parts, relations)


def entities(names="abcdefghij"):
    return '<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip(names, names[1:]))


def paragraph(text, properties=""):
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


@kind("docx")
def docx_laughs():
    """billion laughs"""
    return docx(paragraph("&j;"), head=f"{HEAD}<!DOCTYPE x [{entities()}]>")


@kind("docx")
def docx_external():
    """an entity that is a file of this machine"""
    return docx(paragraph("&a;"), head=f'{HEAD}<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')


@kind("docx")
def docx_ratio():
    """a gibibyte of blanks between two paragraphs"""
    return docx([paragraph("a"), *[" " * (1 << 20)] * (1 << 10), paragraph("b")])


@kind("docx")
def docx_tables():
    """a thousand tables, each in the next"""
    return docx("<w:tbl><w:tr><w:tc>" * 1000 + paragraph("a") + "</w:tc></w:tr></w:tbl>" * 1000)


@kind("docx")
def docx_deep():
    """a hundred thousand content controls, each in the next"""
    return docx("<w:sdt><w:sdtContent>" * 100000 + paragraph("a") + "</w:sdtContent></w:sdt>" * 100000)


@kind("docx")
def docx_relations():
    """a hundred thousand relationships"""
    return docx(paragraph("a"), relations="".join(
        f'<Relationship Id="h{i}" Type="{RELATION}/hyperlink" Target="http://192.0.2.1/{i}" TargetMode="External"/>'
        for i in range(100000)))


def styled(styles, body):
    return docx(body, {STYLES: [f"{HEAD}<w:styles {W}>", *styles, "</w:styles>"]},
                [(STYLES, "wordprocessingml.styles+xml", "styles")])


@kind("docx")
def docx_styles():
    """a hundred thousand styles, each based on the next, and a paragraph of the first"""
    return styled((f'<w:style w:type="paragraph" w:styleId="s{i}"><w:basedOn w:val="s{i + 1}"/></w:style>' for i in range(100000)),
                  paragraph("a", '<w:pPr><w:pStyle w:val="s0"/></w:pPr>'))


@kind("docx")
def docx_style_loop():
    """styles that are based on each other"""
    return styled((f'<w:style w:type="paragraph" w:styleId="s{i}"><w:basedOn w:val="s{1 - i}"/></w:style>' for i in (0, 1)),
                  paragraph("a", '<w:pPr><w:pStyle w:val="s0"/></w:pPr>'))


@kind("docx")
def docx_styled():
    """twenty thousand paragraphs, each of one of twenty thousand styles"""
    return styled((f'<w:style w:type="paragraph" w:styleId="s{i}"/>' for i in range(20000)),
                  [paragraph("a", f'<w:pPr><w:pStyle w:val="s{i}"/></w:pPr>') for i in range(20000)])


@kind("docx")
def docx_runs():
    """a million runs of one letter"""
    return docx(["<w:p>", *["<w:r><w:t>知</w:t></w:r>"] * MANY, "</w:p>"])


@kind("docx")
def docx_members():
    """twenty thousand parts that nothing names"""
    return docx(paragraph("a"), {f"word/x{i}.xml": "<a/>" for i in range(20000)})


@kind("docx")
def docx_of_docx():
    """twenty documents, each in the next"""
    made = docx(paragraph("a"))
    for _ in range(20):
        made = docx(paragraph("a"), {"word/embeddings/a.docx": [made]}, [("word/embeddings/a.docx", "wordprocessingml.document", "package")])
    return made


def xlsx(sheet, strings=None):
    parts = [("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml", "worksheet")]
    members = {"xl/workbook.xml": f'{HEAD}<workbook {S}><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
               "xl/worksheets/sheet1.xml": [f"{HEAD}<worksheet {S}>", *sheet, "</worksheet>"]}
    if strings is not None:
        parts.append(("xl/sharedStrings.xml", "spreadsheetml.sharedStrings+xml", "sharedStrings"))
        members["xl/sharedStrings.xml"] = [f"{HEAD}<sst {S}>", *strings, "</sst>"]
    return ooxml("xl/workbook.xml", "spreadsheetml.sheet.main+xml", members, parts)


@kind("xlsx")
def xlsx_dimension():
    """one cell, the last of 16,384 by 1,048,576"""
    return xlsx(['<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'])


@kind("xlsx")
def xlsx_columns():
    """a hundred thousand rows, each with a cell in the last column"""
    return xlsx(["<sheetData>", *(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(1, 100001)), "</sheetData>"])


@kind("xlsx")
def xlsx_strings():
    """one string of a kilobyte shown in a million cells"""
    return xlsx(["<sheetData><row>", *['<c t="s"><v>0</v></c>'] * MANY, "</row></sheetData>"], [f"<si><t>{'通知' * 170}</t></si>"])


@kind("xlsx")
def xlsx_ranges():
    """ten thousand ranges of hidden columns and ten thousand rows"""
    return xlsx(["<cols>", *['<col min="1" max="16384" hidden="1"/>'] * 10000, "</cols><sheetData>",
                 *(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(1, 10001)), "</sheetData>"])


@kind("xlsx")
def xlsx_merged():
    """two hundred thousand merged ranges"""
    return xlsx(['<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>',
                 *['<mergeCell ref="A1:XFD1048576"/>'] * 200000, "</mergeCells>"])


@kind("pptx")
def pptx_groups():
    """a thousand groups of shapes, each in the next"""
    a, p = (f"{OPEN}{k}/2006/main" for k in ("drawingml", "presentationml"))
    return ooxml("ppt/presentation.xml", "presentationml.presentation.main+xml", {
        "ppt/presentation.xml": f'{HEAD}<p:presentation xmlns:p="{p}" xmlns:r="{RELATION}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/>'
        '</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
        "ppt/slides/slide1.xml": f'{HEAD}<p:sld xmlns:p="{p}" xmlns:a="{a}"><p:cSld><p:spTree>{"<p:grpSp>" * 1000}'
        f'{"</p:grpSp>" * 1000}</p:spTree></p:cSld></p:sld>'}, [("ppt/slides/slide1.xml", "presentationml.slide+xml", "slide")])


@kind("pptx")
def pptx_shapes():
    """twenty thousand shapes that cover each other"""
    a, p = (f"{OPEN}{k}/2006/main" for k in ("drawingml", "presentationml"))
    shape = ('<p:sp><p:nvSpPr><p:cNvPr id="{0}" name="a"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{0}" y="{0}"/>'
             '<a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/><a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
             "</p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>a</a:t></a:r></a:p></p:txBody></p:sp>")
    return ooxml("ppt/presentation.xml", "presentationml.presentation.main+xml", {
        "ppt/presentation.xml": f'{HEAD}<p:presentation xmlns:p="{p}" xmlns:r="{RELATION}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/>'
        '</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
        "ppt/slides/slide1.xml": [f'{HEAD}<p:sld xmlns:p="{p}" xmlns:a="{a}"><p:cSld><p:spTree>',
                                  *(shape.format(i + 2) for i in range(20000)), "</p:spTree></p:cSld></p:sld>"]},
        [("ppt/slides/slide1.xml", "presentationml.slide+xml", "slide")])


ODF = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(f'xmlns:{n}="{ODF}{n}:1.0"' for n in ("office", "text", "table", "style"))


def odf(media, body, styles="", head=HEAD):
    files = "".join(f'<manifest:file-entry manifest:full-path="{n}" manifest:media-type="{t}"/>' for n, t in
                    (("/", f"application/vnd.oasis.opendocument.{media}"), ("content.xml", "text/xml")))
    return package({
        "mimetype": f"application/vnd.oasis.opendocument.{media}",
        "content.xml": [f'{head}<office:document-content {SPACES} office:version="1.2"><office:automatic-styles>', *styles,
                        "</office:automatic-styles><office:body>", *body, "</office:body></office:document-content>"],
        "META-INF/manifest.xml": f'{HEAD}<manifest:manifest xmlns:manifest="{ODF}manifest:1.0" manifest:version="1.2">{files}</manifest:manifest>'})


@kind("odt")
def odt_laughs():
    """billion laughs"""
    return odf("text", ["<office:text><text:p>&j;</text:p></office:text>"], head=f"{HEAD}<!DOCTYPE x [{entities()}]>")


@kind("odt")
def odt_spaces():
    """a paragraph of two billion blanks in one element"""
    return odf("text", ['<office:text><text:p>a<text:s text:c="2000000000"/>b</text:p></office:text>'])


@kind("odt")
def odt_sections():
    """a hundred thousand sections, each in the next"""
    return odf("text", ["<office:text>", *["<text:section>"] * 100000, *["</text:section>"] * 100000, "</office:text>"])


@kind("odt")
def odt_styles():
    """fifty thousand styles, each the child of the next, and as many paragraphs"""
    return odf("text", ["<office:text>", *(f'<text:p text:style-name="s{i}">a</text:p>' for i in range(50000)), "</office:text>"],
               (f'<style:style style:name="s{i}" style:family="paragraph" style:parent-style-name="s{i + 1}"/>' for i in range(50000)))


def ods(rows):
    return odf("spreadsheet", ['<office:spreadsheet><table:table table:name="a">', *rows, "</table:table></office:spreadsheet>"])


@kind("ods")
def ods_repeated():
    """a row of a billion cells, a billion times"""
    return ods(['<table:table-row table:number-rows-repeated="1000000000"><table:table-cell office:value-type="string" '
                'table:number-columns-repeated="1000000000"><text:p>通知</text:p></table:table-cell></table:table-row>'])


@kind("ods")
def ods_columns():
    """a hundred thousand rows with cells sixteen thousand columns apart"""
    return ods(['<table:table-row><table:table-cell table:number-columns-repeated="16000"/><table:table-cell><text:p>a</text:p>'
                "</table:table-cell></table:table-row>"] * 100000)


OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(pages, page):
    entries = "".join(f'<ofd:Page ID="{i + 2}" BaseLoc="Pages/0.xml"/>' for i in range(pages))
    return package({
        "OFD.xml": f'{HEAD}<ofd:OFD {OFD} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{HEAD}<ofd:Document {OFD}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{entries}</ofd:Pages></ofd:Document>",
        "Doc_0/Pages/0.xml": [f'{HEAD}<ofd:Page {OFD}><ofd:Content><ofd:Layer ID="7">', *page, "</ofd:Layer></ofd:Content></ofd:Page>"]})


@kind("ofd")
def ofd_pages():
    """a hundred thousand pages that are one"""
    return ofd(100000, ['<ofd:TextObject ID="8" Boundary="0 0 90 9" Size="4"><ofd:TextCode X="0" Y="4">a</ofd:TextCode></ofd:TextObject>'])


@kind("ofd")
def ofd_blocks():
    """a hundred thousand blocks, each in the next"""
    return ofd(1, ["<ofd:PageBlock>" * 100000, "</ofd:PageBlock>" * 100000])


@kind("ofd")
def ofd_letters():
    """a hundred thousand letters on one place, with boxes between"""
    return ofd(1, ('<ofd:TextObject ID="8" Boundary="0 0 90 9" Size="4"><ofd:TextCode X="0" Y="4">a</ofd:TextCode></ofd:TextObject>'
                   '<ofd:PathObject ID="9" Boundary="0 0 90 9" Fill="true"><ofd:AbbreviatedData>M 0 0 L 90 0 L 90 9 C</ofd:AbbreviatedData>'
                   "</ofd:PathObject>" for _ in range(100000)))


def ole(fat, directory_at=1, sectors=4):
    head = struct.pack("<8s16s6H8I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0,
                       0, 0, 1, directory_at, 0, 4096, 0xFFFFFFFE, 0)
    head += struct.pack("<2I", 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    root = "Root Entry".encode("utf-16le").ljust(64, b"\0") + struct.pack("<HBB3I", 22, 5, 1, *[0xFFFFFFFF] * 3)
    return head + table + (root.ljust(116, b"\0") + struct.pack("<IQ", 0xFFFFFFFE, 0)).ljust(512, b"\0") * sectors


@kind("doc")
def ole_loop():
    """a directory whose chain of sectors is a ring"""
    return ole([0xFFFFFFFD, 2, 1])


@kind("doc")
def ole_far():
    """a chain that leads beyond the file"""
    return ole([0xFFFFFFFD, 0x0FFFFFF0])


main(__doc__)
