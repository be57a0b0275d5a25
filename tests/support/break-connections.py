#!/usr/bin/env python3
"""break-connections.py TARGET SECONDS - connect to a desk's socket (a path, or HOST:PORT for
TLS) and break off, in every way and at full speed; prints how often."""
import random
import socket
import ssl
import struct
import sys
import threading
import time

HELLO = b"\0SP\0\0\x30\0\0"
GARBAGE = b"GET / HTTP/1.1\r\n\r\n"
THREADS = 4
target, seconds = sys.argv[1], float(sys.argv[2])
over_tls = not target.startswith("/")
broken = [0] * THREADS


def anyone():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def connect():
    if over_tls:
        host, port = target.rsplit(":", 1)
        return socket.create_connection((host, int(port)), 5)
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(5)
    s.connect(target)
    return s


def client_hello():
    sent = ssl.MemoryBIO()
    try:
        anyone().wrap_bio(ssl.MemoryBIO(), sent).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return sent.read()


def say(s, said):
    if said:
        s.sendall(said)


def after_greeting(s, said):
    s.sendall(HELLO)
    s.recv(8)
    say(s, said)


def handshake(s, said):
    """Ends without a word of TLS about it."""
    t = anyone().wrap_socket(s)
    say(t, said)
    t.close()


def waiting(s, said):
    say(s, said)
    s.recv(1)


def ways():
    parts = [HELLO[:n] for n in range(9)]
    plain = [(say, part) for part in parts + [GARBAGE]]
    if not over_tls:
        return plain + [(say, b"\0SP\0\0\x10\0\0"), (after_greeting, b"\1\0\0\0"),
                        (after_greeting, b"\1" + (5).to_bytes(8, "big") + b"wrong")]
    hello = client_hello()
    return (plain + [(handshake, part) for part in parts + [GARBAGE]] +
            [(say, hello), (say, hello[:20]), (waiting, hello), (say, b"\x15\3\3\0\2\2\x28")])


def work(n):
    chance = random.Random(n)
    kinds = ways()
    while time.monotonic() < end:
        try:
            s = connect()
        except OSError:
            continue
        if over_tls and chance.random() < 0.3:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        how, said = chance.choice(kinds)
        try:
            how(s, said)
        except OSError:
            pass  # the desk was first
        s.close()
        broken[n] += 1


end = time.monotonic() + seconds
threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(broken))
