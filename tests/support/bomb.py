"""bomb.py - what the makers of bombs share: a table of kinds, and packages by other rules.

A maker is a program `make-bomb-*.py`: KIND OUT writes one, --list prints "KIND<tab>ending" of
each, --help says what each is."""
import io
import sys
import zipfile
import zlib

KINDS = {}


def kind(ending):
    """Of a function without arguments that returns the bytes of a bomb or its pieces."""
    def enter(make):
        KINDS[make.__name__.replace("_", "-")] = (ending, make)
        return make
    return enter


def main(doc):
    if sys.argv[1:] in (["--help"], ["-h"]):
        print(doc.strip(), *(f"  {name:26} {make.__doc__}" for name, (_, make) in KINDS.items()), sep="\n")
    elif sys.argv[1:] == ["--list"]:
        print(*(f"{name}\t{ending}" for name, (ending, _) in KINDS.items()), sep="\n")
    elif len(sys.argv) == 3 and sys.argv[1] in KINDS:
        made = KINDS[sys.argv[1]][1]()
        with open(sys.argv[2], "wb") as out:
            out.writelines([made] if isinstance(made, bytes) else made)
    else:
        sys.exit(f"{doc.strip()}\nusage: KIND OUT | --list | --help")


def deflated(pieces):
    """A raw deflate stream, its length and its check sum, of pieces that fill no memory."""
    packer, out, length, crc = zlib.compressobj(9, zlib.DEFLATED, -15), [], 0, 0
    for piece in pieces:
        out.append(packer.compress(piece))
        length += len(piece)
        crc = zlib.crc32(piece, crc)
    return b"".join(out) + packer.flush(), length, crc


def package(members):
    """A ZIP of name -> bytes or pieces, `mimetype` first and stored when there is one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            with made.open(info, "w") as member:
                for piece in [content.encode()] if isinstance(content, str) else content:
                    member.write(piece.encode() if isinstance(piece, str) else piece)
    return out.getvalue()


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OPEN = "http://schemas.openxmlformats.org/"
RELATION = OPEN + "officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument."


def ooxml(main_part, main_type, members, parts=(), relations=""):
    """A package of Office Open XML; parts: (name, type, kind of relationship) beside the main one."""
    folder = main_part.rsplit("/", 1)[0]
    types = "".join(f'<Override PartName="/{n}" ContentType="{TYPE}{t}"/>' for n, t, _ in [(main_part, main_type, ""), *parts])
    rels = "".join(f'<Relationship Id="rId{i}" Type="{RELATION}/{k}" Target="{n[len(folder) + 1:]}"/>'
                   for i, (n, _, k) in enumerate(parts, 1))
    return package({
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{OPEN}package/2006/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{OPEN}package/2006/relationships"><Relationship Id="r" '
        f'Type="{RELATION}/officeDocument" Target="{main_part}"/></Relationships>',
        f"{folder}/_rels/{main_part.rsplit('/', 1)[1]}.rels":
        f'{HEAD}<Relationships xmlns="{OPEN}package/2006/relationships">{rels}{relations}</Relationships>',
        **members})
