#!/usr/bin/env python3
"""make-documents.py DIR COUNT CORPUS [docx|large] - lawful documents, the same every time.

Mixed ones of up to 100 KB: a third plain text, a third .docx (a real word processor's file with
its text replaced), the rest HTML and PDF.  docx: only those.  large: .docx files of 100 KB as
they lie on disk.  Sentences are ordinary notices; nothing in them is a finding."""
import os, random, sys, zipfile

SENTENCES = [
    "为方便群众办事，服务窗口实行错时延时服务。",
    "请广大市民提前规划出行路线，自觉服从现场民警指挥。",
    "民警走进社区开展防范电信网络诈骗宣传活动。",
    "市局召开工作部署会，要求各单位认真抓好落实。",
    "居住证办理时限由十五日缩短至七日。",
    "全市道路交通秩序总体平稳有序。",
    "群众可通过官方网站查询业务办理进度。",
    "相关工作按照公开、公平、公正的原则进行。",
]


def text(rng, size):
    out = ["关于便民服务工作的情况通报", ""]
    n = 0
    while n < size:
        line = "".join(rng.choice(SENTENCES) for _ in range(rng.randint(2, 6)))
        out.append(line)
        n += len(line.encode())
    return "\n".join(out) + "\n"


def docx(path, template, body):
    with zipfile.ZipFile(template) as src, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as dst:
        for item in src.infolist():
            data = src.read(item.filename)
            if item.filename == "word/document.xml":
                head, _, rest = data.decode().partition("<w:body>")
                tail = rest[rest.rfind("<w:sectPr"):] if "<w:sectPr" in rest else "</w:body></w:document>"
                paragraphs = "".join(
                    "<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % line for line in body.split("\n") if line)
                data = (head + "<w:body>" + paragraphs + tail).encode()
            dst.writestr(item.filename, data)


def pdf(path, rng, size):
    lines, n = [], 0
    words = "public notice service window traffic office hours residents".split()
    while n < size:
        line = " ".join(rng.choice(words) for _ in range(10))
        lines.append(line)
        n += len(line)
    objects, pages = [], []
    for start in range(0, len(lines), 45):
        stream = "BT /F1 11 Tf 50 780 Td 14 TL " + " ".join("(%s) Tj T*" % l for l in lines[start:start + 45]) + " ET"
        objects.append("<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream))
        pages.append(len(objects))
    first_page = len(objects) + 1
    total_pages = len(pages)
    tree = first_page + total_pages
    for content in pages:
        objects.append("<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
                       "/Resources<</Font<</F1 %d 0 R>>>>>>" % (tree, content, tree + 1))
    objects.append("<</Type/Pages/Count %d/Kids[%s]>>" % (
        total_pages, " ".join("%d 0 R" % (first_page + i) for i in range(total_pages))))
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    objects.append("<</Type/Catalog/Pages %d 0 R>>" % tree)
    out, offsets = b"%PDF-1.4\n", []
    for i, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, body.encode())
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(objects), xref)
    with open(path, "wb") as f:
        f.write(out)


def large(path, template, rng):
    """Characters by lot hardly shrink: about 100 KB of file need 100 KB of text."""
    common = [chr(c) for c in range(0x4e00, 0x4e00 + 4000) if chr(c) not in "绝机秘密"]
    lines = ["关于便民服务工作的情况通报"]
    lines += ["".join(rng.choice(common) for _ in range(80)) + "。" for _ in range(620)]
    docx(path, template, "\n".join(lines))


def main():
    target, count, corpus = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    os.makedirs(target, exist_ok=True)
    rng = random.Random(2026)
    template = os.path.join(corpus, "documents", "clean.docx")
    only = sys.argv[4] if len(sys.argv) > 4 else ""
    for i in range(count):
        if only == "large":
            large(os.path.join(target, "l%04d.docx" % i), template, rng)
            continue
        size = rng.choice([2000, 8000, 20000, 50000, 90000])
        name = os.path.join(target, "d%04d" % i)
        kind = 2 if only == "docx" else i % 6
        if kind in (0, 1):
            with open(name + ".txt", "w", encoding="utf-8") as f:
                f.write(text(rng, size))
        elif kind in (2, 3):
            docx(name + ".docx", template, text(rng, size))
        elif kind == 4:
            body = "".join("<p>%s</p>\n" % l for l in text(rng, size).split("\n") if l)
            with open(name + ".html", "w", encoding="utf-8") as f:
                f.write("<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
                        "<title>情况通报</title></head><body>%s</body></html>\n" % body)
        else:
            pdf(name + ".pdf", rng, size)


main()
