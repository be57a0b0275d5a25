"""make-leaks.py DIR - drafts that leak: leak.docx, leak.xlsx, leak.csv, leak.txt (GB18030),
leak.pdf, and names.xlsx, whose sheet is called by the number that stands in its cells.

The identity number and mobile number are fictional (3499..., 154...: both unassigned)."""
import sys
import zipfile

ID, PHONE, NAME, MAKER = "349901198705143123", "15400001234", "周若宁", "王起草"
MAIN = "application/vnd.openxmlformats-officedocument."
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


def package(path, main, main_type, body, more=()):
    types = (f'{HEAD}<Types xmlns="{PACKAGE}content-types">'
             '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
             f'<Override PartName="/{main}" ContentType="{main_type}"/>'
             '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
             + "".join(f'<Override PartName="/{n}" ContentType="{t}"/>' for n, t, _ in more if t) + "</Types>")
    rels = (f'{HEAD}<Relationships xmlns="{PACKAGE}relationships">'
            f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="{main}"/>'
            f'<Relationship Id="r2" Type="{PACKAGE}relationships/metadata/core-properties" Target="docProps/core.xml"/>'
            "</Relationships>")
    core = (f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{MAKER}</dc:creator>'
            f"<cp:lastModifiedBy>{MAKER}</cp:lastModifiedBy></cp:coreProperties>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", types)
        z.writestr("_rels/.rels", rels)
        z.writestr("docProps/core.xml", core)
        z.writestr(main, HEAD + body)
        for name, _, text in more:
            z.writestr(name, HEAD + text)


def docx(path):
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    # The phone number in three runs, as an editor leaves it.
    runs = "".join(f"<w:r><w:t>{t}</w:t></w:r>"
                   for t in ("失主为市民" + NAME + "（公民身份号码" + ID + "，手机", PHONE[:4], PHONE[4:8],
                             PHONE[8:] + "），民警随即与其取得联系。"))
    package(path, "word/document.xml", MAIN + "wordprocessingml.document.main+xml",
            f'<w:document xmlns:w="{w}"><w:body><w:p w:rsidR="00112233"><w:r><w:t>拾金不昧暖人心</w:t></w:r></w:p>'
            f'<w:p>{runs}</w:p><w:p xmlns:r="{REL}"><w:hyperlink r:id="r9"><w:r><w:t>联系失主</w:t></w:r>'
            "</w:hyperlink></w:p></w:body></w:document>",
            [("word/_rels/document.xml.rels", None,
              f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="r9" Type="{REL}/hyperlink" '
              f'TargetMode="External" Target="tel:{PHONE}"/></Relationships>')])


def xlsx(path, sheet="联系表"):
    s = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package(path, "xl/workbook.xml", MAIN + "spreadsheetml.sheet.main+xml",
            f'<workbook xmlns="{s}" xmlns:r="{REL}"><sheets><sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets>'
            f"<definedNames><definedName name='电话'>'{sheet}'!$B$1</definedName></definedNames></workbook>",
            [("xl/_rels/workbook.xml.rels", None,
              f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'),
             ("xl/worksheets/sheet1.xml", MAIN + "spreadsheetml.worksheet+xml",
              f'<worksheet xmlns="{s}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>联系电话</t></is></c>'
              f'<c r="B1"><v>{PHONE}</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>公民身份号码{ID}</t></is></c></row>'
              "</sheetData></worksheet>")])


def pdf(path):
    page = f"BT /F1 12 Tf 72 720 Td (Found: {ID}) Tj ET"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
               " /Resources << /Font << /F1 5 0 R >> >> >>",
               f"<< /Length {len(page)} >>\nstream\n{page}\nendstream",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, places = "%PDF-1.4\n", []
    for i, body in enumerate(objects):
        places.append(len(out))
        out += f"{i + 1} 0 obj\n{body}\nendobj\n"
    xref = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    out += "".join(f"{at:010} 00000 n \n" for at in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n"
    with open(path, "w", encoding="ascii") as f:
        f.write(out)


def main():
    where = sys.argv[1]
    docx(where + "/leak.docx")
    xlsx(where + "/leak.xlsx")
    xlsx(where + "/names.xlsx", "电话" + PHONE)
    pdf(where + "/leak.pdf")
    with open(where + "/leak.csv", "w", encoding="utf-8") as f:  # one cell in two lines
        f.write(f'窗口,联系电话\n"户籍","{PHONE[:4]}\n{PHONE[4:]}"\n')
    with open(where + "/leak.txt", "wb") as f:
        f.write(f"情况说明\n\n失主为市民{NAME}（公民身份号码{ID}，手机{PHONE}）。\n".encode("gb18030"))


main()
