"""office-edits.py DIR - takes what LibreOffice has made in DIR apart, for exact edits.

same BEFORE AFTER FROM TO [NUMBER]: the two packages have the same members in the same order, all
of them the same bytes but one, and that one is the same XML with FROM made TO in its text, NUMBER
times.  tracked, runs, twice, textbox: variants of BEFORE written to AFTER."""
import sys
import zipfile
import xml.etree.ElementTree as tree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def members(path):
    with zipfile.ZipFile(path) as z:
        return [(n, z.read(n)) for n in z.namelist() if not n.endswith("/")]


def flat(node, out):
    out.append(("", node.tag, tuple(sorted(node.attrib.items())), node.text or ""))
    for child in node:
        flat(child, out)
        out.append(("", child.tail or ""))
    return out


def same(before, after, old, new, number="1"):
    a, b = members(before), members(after)
    assert [n for n, _ in a] == [n for n, _ in b], "other members: %s" % b
    changed = [(n, x, y) for (n, x), (_, y) in zip(a, b) if x != y]
    assert len(changed) == 1, "changed: %s" % [n for n, _, _ in changed]
    name, x, y = changed[0]
    one, two = flat(tree.fromstring(x), []), flat(tree.fromstring(y), [])
    assert len(one) == len(two), "%s has another structure" % name
    texts = [(p, q) for p, q in zip(one, two) if p != q]
    assert len(texts) >= int(number), "%s: nothing changed" % name
    for p, q in texts:
        assert p[:-1] == q[:-1], "%s: more than text: %s" % (name, q)
    whole = lambda parts: "".join(p[-1] for p in parts)
    assert whole(one).count(old) == int(number), "%s stands there %d times" % (old, whole(one).count(old))
    assert whole(one).replace(old, new) == whole(two), "%s: other words" % name
    print(name)


def rewrite(before, after, change, double=None):
    with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members(before):
            z.writestr(name, change(name, data.decode()) if name == "word/document.xml" else data)
        if double:
            z.writestr(double, b"<x/>")


def run(text):
    return '<w:r><w:t xml:space="preserve">%s</w:t></w:r>' % text


def paragraph(body):
    return lambda name, xml: xml.replace("<w:sectPr", "<w:p>%s</w:p><w:sectPr" % body, 1)


def main(what, before, after, *rest):
    if what == "same":
        same(before, after, *rest)
    elif what == "runs":
        rewrite(before, after, paragraph("".join(run(c) for c in "办理地点在二楼")))
    elif what == "tracked":
        rewrite(before, after, paragraph(
            run("办理时间为") + '<w:del w:id="9" w:author="a"><w:r><w:delText>上午</w:delText></w:r></w:del>'
            '<w:ins w:id="8" w:author="a">' + run("下午") + "</w:ins>"))
    elif what == "twice":
        import warnings
        warnings.simplefilter("ignore")
        rewrite(before, after, lambda name, xml: xml, "word/document.xml")
    elif what == "textbox":
        box = '<w:txbxContent><w:p>%s</w:p></w:txbxContent>' % run("框内提示请带证件")
        rewrite(before, after, paragraph(
            '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            '<mc:Choice Requires="wps"><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
            '<wp:extent cx="2000000" cy="800000"/><wp:docPr id="7" name="b"/>'
            '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
            '<wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2000000" cy="800000"/></a:xfrm><a:prstGeom prst="rect"/></wps:spPr>'
            '<wps:txbx>' + box + '</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>'
            '<mc:Fallback><w:pict><v:rect xmlns:v="urn:schemas-microsoft-com:vml" style="width:150pt;height:60pt"><v:textbox>' + box + '</v:textbox></v:rect></w:pict></mc:Fallback>'
            '</mc:AlternateContent></w:r>'))


main(*sys.argv[1:])
