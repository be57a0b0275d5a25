"""make-bomb-text.py - plain text, tables and mail that are long, wide or deep."""
import base64

from bomb import deflated, kind, main

MANY = 1000000
ID = "349901198705143123"


@kind("txt")
def txt_line():
    """fifty megabytes without a line's end"""
    return "通知".encode() * (50 * MANY // 6)


@kind("txt")
def txt_lines():
    """forty million empty lines"""
    return b"a" + b"\n" * (40 * MANY)


@kind("txt")
def txt_combining():
    """a million marks over one letter"""
    return ("a" + "\u0301" * MANY + "\n").encode()


@kind("txt")
def txt_marks():
    """two marks in the wrong order, half a million times over one letter"""
    return ("a" + "\u0301\u0316" * (MANY // 2) + "\n").encode()


@kind("txt")
def txt_zero_width():
    """two million letters with nothing between each two"""
    return "\u200b".join("通知公告" * (MANY // 2)).encode()


@kind("txt")
def txt_bidi():
    """a million changes of direction"""
    return ("\u202e通\u202d知" * (MANY // 2)).encode()


@kind("txt")
def txt_expanding():
    """a million letters that stand for eighteen each"""
    return "\ufdfa".encode() * MANY


@kind("txt")
def txt_hits():
    """a million numbers of identity"""
    return f"身份证{ID}\n".encode() * MANY


@kind("txt")
def txt_words():
    """a million marks of secrecy"""
    return "机密★10年 内部资料\n".encode() * MANY


@kind("txt")
def txt_digits():
    """fifty million digits in a row"""
    return b"1234567890" * (5 * MANY)


@kind("txt")
def txt_escapes():
    """ten million escapes of an escape"""
    return b"%25" * (10 * MANY)


@kind("txt")
def txt_base64():
    """forty megabytes of base64 in one word"""
    return base64.b64encode(b"\xe9\x80\x9a" * (10 * MANY))


@kind("txt")
def txt_layers():
    """base64 of base64, thirty times over"""
    word = "机密".encode()
    for _ in range(30):
        word = base64.b64encode(word)
    return word


@kind("txt")
def txt_letters():
    """ten megabytes of single letters with a space between"""
    return b"a " * (5 * MANY)


@kind("txt")
def txt_pinyin():
    """ten megabytes of syllables"""
    return b"jimi juemi neibu ziliao " * (MANY // 2)


@kind("csv")
def csv_columns():
    """a million columns in each of ten rows"""
    return (b"a," * MANY + b"\n") * 10


@kind("csv")
def csv_line():
    """fifty megabytes in one cell"""
    return b'a,"' + "通知".encode() * (50 * MANY // 6) + b'"\n'


@kind("csv")
def csv_quotes():
    """twenty million quotation marks"""
    return b"a,b\n" + b'"' * (20 * MANY)


@kind("csv")
def csv_rows():
    """ten million rows"""
    return b"a,b\n" * (10 * MANY)


MAIL = b"From: a@example.com\nTo: b@example.com\nSubject: a\nMIME-Version: 1.0\n"


@kind("eml")
def eml_parts():
    """ten thousand parts, each in the next"""
    heads = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (i, i) for i in range(10000))
    return MAIL + heads + b"\na\n" + b"".join(b"--%d--\n" % i for i in reversed(range(10000)))


@kind("eml")
def eml_messages():
    """ten thousand mails, each in the next"""
    return MAIL + b"Content-Type: message/rfc822\n\nSubject: a\nMIME-Version: 1.0\n" * 10000 + b"\na\n"


@kind("eml")
def eml_heads():
    """a hundred thousand lines of head"""
    return MAIL + b"".join(b"X-%d: a\n" % i for i in range(100000)) + b"\na\n"


@kind("eml")
def eml_folded():
    """a head of a million folded lines"""
    return MAIL + b"X-A: a\n" + b" a\n" * MANY + b"\na\n"


@kind("eml")
def eml_words():
    """a subject of half a million encoded words"""
    return MAIL[:-18] + b"X-A:" + b" =?utf-8?B?6YCa?=" * (MANY // 2) + b"\n\na\n"


@kind("eml")
def eml_boundary():
    """a million lines that are nearly the boundary"""
    edge = b"a" * 70
    return (MAIL + b'Content-Type: multipart/mixed; boundary="' + edge + b'"\n\n--' + edge + b"\n\n" +
            (b"--" + edge[:-1] + b"b\n") * 500000 + b"--" + edge + b"--\n")


@kind("eml")
def eml_many():
    """a hundred thousand empty parts"""
    return MAIL + b'Content-Type: multipart/mixed; boundary="a"\n\n' + b"--a\n\n\n" * 100000 + b"--a--\n"


@kind("eml")
def eml_parameters():
    """a hundred thousand parameters of one type"""
    return MAIL + b"Content-Type: text/plain" + b"".join(b";\n a%d=b" % i for i in range(100000)) + b"\n\na\n"


@kind("eml")
def eml_base64():
    """a compressed gibibyte as an attachment"""
    inner = deflated(1 << 10, 31)[0]
    return (MAIL + b'Content-Type: application/gzip; name="a.txt.gz"\nContent-Transfer-Encoding: base64\n'
            b'Content-Disposition: attachment; filename="a.txt.gz"\n\n' + base64.encodebytes(inner))


@kind("eml")
def eml_quoted():
    """thirty megabytes of soft line ends"""
    return MAIL + b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * (15 * MANY)


@kind("vcf")
def card_folded():
    """a card of a million folded lines"""
    return b"BEGIN:VCARD\nVERSION:4.0\nFN:a\nNOTE:a\n" + b" a\n" * MANY + b"END:VCARD\n"


@kind("ics")
def calendar_deep():
    """a hundred thousand calendars, each in the next"""
    return b"BEGIN:VCALENDAR\n" * 100000 + b"END:VCALENDAR\n" * 100000


main(__doc__)
