"""bomb.py - what the makers of bombs share: a table of kinds, and packages by other rules.

A maker is a program `make-bomb-*.py`: KIND OUT writes one, --into DIRECTORY KIND... each as
KIND.ENDING, --list prints "KIND<tab>ENDING" of each, --help says what each is."""
import functools
import io
import os
import struct
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
    elif sys.argv[1:2] == ["--into"] and set(sys.argv[3:]) <= set(KINDS):
        for name in sys.argv[3:]:
            write(name, os.path.join(sys.argv[2], f"{name}.{KINDS[name][0]}"))
    elif len(sys.argv) == 3 and sys.argv[1] in KINDS:
        write(*sys.argv[1:])
    else:
        sys.exit(f"{doc.strip()}\nusage: KIND OUT | --into DIRECTORY KIND... | --list | --help")


def write(name, path):
    made = KINDS[name][1]()
    with open(path, "wb") as out:
        out.writelines([made] if isinstance(made, bytes) else made)


MIB = b"0" * (1 << 20)


@functools.cache
def deflated(mib, window=-15):
    """So many MIB as a deflate stream (31: gzip, 15: zlib), their number and their CRC-32.  Blocks
    that refer to nothing before them are the same each time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block, end = packer.compress(MIB) + packer.flush(zlib.Z_FULL_FLUSH), packer.flush()
    crc, adler = 0, 1
    for _ in range(mib):
        crc = zlib.crc32(MIB, crc) if window != 15 else 0
        adler = zlib.adler32(MIB, adler) if window == 15 else 1
    head, tail = {-15: (b"", b""), 15: (b"\x78\xda", struct.pack(">I", adler)),
                  31: (b"\x1f\x8b\x08" + bytes(5) + b"\2\xff", struct.pack("<II", crc, mib << 20 & 0xFFFFFFFF))}[window]
    return head + block * mib + end + tail, mib << 20, crc


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
