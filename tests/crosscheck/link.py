#!/usr/bin/env python3
"""link.py - udp mode of the one-way link, written from docs/link-format.md alone.

  link.py read KEY CAPTURE OUT [LOSS SEED]   units of a capture into OUT/SERIAL.PRIORITY.unit,
                                             LOSS of 1,000 datagrams not seen
  link.py write KEY CAPTURE SEED FILE...     a capture of units 1, 2, ... with these contents
  link.py example PAGE                       the example of the page, in every way to lose two

A capture is datagrams, each after its length in 2 bytes."""
import base64
import hashlib
import itertools
import random
import struct
import sys

HEAD = struct.Struct(">BBIIIIHBB")
MAC = 16
DIGEST = 32
PIECE = 8192
SYMBOL, HEARTBEAT, PROBE = 1, 2, 3
WINDOW = 65536


def product(a, b):
    out = 0
    while b:
        if b & 1:
            out ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return out


TIMES = [bytes(product(a, b) for b in range(256)) for a in range(256)]
INVERSE = [0] + [TIMES[a].index(1) for a in range(1, 256)]


def scaled(factor, symbol):
    """An element of the field times each byte, as a number for XOR."""
    return int.from_bytes(symbol.translate(TIMES[factor]), "big")


def mac_key(path):
    with open(path, encoding="ascii") as f:
        comment, line = f.read().splitlines()
    assert "use=link-mac " in comment
    raw = base64.b64decode(line)
    assert len(raw) == 158 and raw[:2] == b"X2" and raw[2:4] == b"\0\0" and raw[4:6] == b"B2"
    return derived(raw[62:94])


def derived(secret):
    return hashlib.blake2b(secret, digest_size=32, key=b"sluice-link-mac/1").digest()


def mac(key, data):
    return hashlib.blake2b(data, digest_size=MAC, key=key).digest()


def digest(data):
    pieces = [data[at:at + PIECE] for at in range(0, len(data), PIECE)]
    leaves = [hashlib.blake2b(piece, digest_size=DIGEST).digest() for piece in pieces]
    return hashlib.blake2b(b"".join(leaves), digest_size=DIGEST).digest()


class Shape:
    def __init__(self, total, s, m):
        if not 33 <= total <= 2**30 + 2**26 + 32 or s < 1 or m > 200:
            raise ValueError("no such object")
        self.total, self.s, self.m = total, s, m
        self.symbols = -(-total // s)
        self.blocks = -(-self.symbols // (255 - m))
        if self.blocks > 65536:
            raise ValueError("too many blocks")

    def k(self, block):
        return self.symbols // self.blocks + (block < self.symbols % self.blocks)


def repaired(i, data):
    """Repair symbol i over symbols {column: bytes}: what these columns contribute."""
    out = 0
    for c, symbol in data.items():
        out ^= scaled(INVERSE[i ^ c], symbol)
    return out


def restore(k, s, have):
    """The k data symbols from any k symbols {index: bytes}."""
    data = {c: have[c] for c in range(k) if c in have}
    lost = [c for c in range(k) if c not in have]
    rows = [i for i in have if i >= k][: len(lost)]
    assert len(rows) == len(lost)
    left = [[INVERSE[i ^ c] for c in lost] for i in rows]
    right = [int.from_bytes(have[i], "big") ^ repaired(i, data) for i in rows]
    for at in range(len(lost)):  # Gauss; no pivot is 0, since each square part can be inverted
        factor = INVERSE[left[at][at]]
        left[at] = [TIMES[factor][v] for v in left[at]]
        right[at] = scaled(factor, right[at].to_bytes(s, "big"))
        for r in range(len(lost)):
            factor = left[r][at]
            if r != at and factor:
                left[r] = [v ^ TIMES[factor][w] for v, w in zip(left[r], left[at])]
                right[r] ^= scaled(factor, right[at].to_bytes(s, "big"))
    for c, value in zip(lost, right):
        data[c] = value.to_bytes(s, "big")
    return b"".join(data[c] for c in range(k))


class Datagram:
    def __init__(self, key, data):
        if not 39 <= len(data) <= 65507 or mac(key, data[:-MAC]) != data[-MAC:]:
            raise ValueError("not from the sender")
        version, kind, self.session, self.number, self.serial, self.total, self.block, \
            self.symbol, self.m = HEAD.unpack_from(data)
        self.kind, self.priority, self.body = kind & 15, kind >> 4, data[HEAD.size:-MAC]
        if version != 1 or not SYMBOL <= self.kind <= PROBE or self.session < 1 or self.number < 1:
            raise ValueError("head")
        if self.kind != SYMBOL:
            if self.priority or self.total or self.block or self.symbol or self.m:
                raise ValueError("fields that must be zero")
            if self.kind == PROBE and self.serial:
                raise ValueError("a probe has no serial")
            return
        self.shape = Shape(self.total, len(self.body), self.m)
        if self.serial < 1 or self.priority > 9 or self.block >= self.shape.blocks \
                or self.symbol >= self.shape.k(self.block) + self.m:
            raise ValueError("beyond the object")


class Heartbeat:
    LAYOUT = struct.Struct(">QIIIIIHH")

    def __init__(self, body):
        self.time, self.highest, self.lowest, self.waiting, self.repeating, self.rate, self.loss, \
            self.size = self.LAYOUT.unpack_from(body)
        if any(body[self.LAYOUT.size:]) or self.time >= 2**63:
            raise ValueError("heartbeat")


def probe(body):
    run, step, steps, index, of, rate = struct.unpack_from(">6I", body)
    if any(body[24:]) or step >= steps or index >= of:
        raise ValueError("probe")
    return run, rate


class Receiver:
    def __init__(self, key):
        self.key = key
        self.session, self.highest, self.seen = 0, 0, set()
        self.parts, self.units = {}, {}
        self.heartbeats, self.probes, self.replayed, self.refused = [], 0, 0, 0

    def is_new(self, d):
        if d.session > self.session:
            self.session, self.highest, self.seen = d.session, 0, set()
        if d.session < self.session or d.number in self.seen or \
                d.number <= self.highest - WINDOW:
            return False
        self.seen.add(d.number)
        self.highest = max(self.highest, d.number)
        return True

    def take(self, data):
        try:
            d = Datagram(self.key, data)
        except ValueError:
            self.refused += 1
            return
        if d.kind == PROBE:
            probe(d.body)
            self.probes += 1
        elif not self.is_new(d):
            self.replayed += 1
        elif d.kind == HEARTBEAT:
            beat = Heartbeat(d.body)
            assert beat.highest == d.serial
            self.heartbeats.append(beat)
        elif d.serial not in self.units:
            self.symbol(d)

    def symbol(self, d):
        shape = d.shape
        blocks = self.parts.setdefault((d.serial, shape.total, shape.s, shape.m), {})
        have = blocks.setdefault(d.block, {})
        if isinstance(have, bytes):
            return
        have[d.symbol] = d.body
        if len(have) == shape.k(d.block):
            blocks[d.block] = restore(shape.k(d.block), shape.s, have)
        if len(blocks) < shape.blocks or not all(isinstance(b, bytes) for b in blocks.values()):
            return
        whole = b"".join(blocks[b] for b in range(shape.blocks))
        if any(whole[shape.total:]) or digest(whole[:shape.total - DIGEST]) != \
                whole[shape.total - DIGEST:shape.total]:
            raise SystemExit("unit %d: its digest is wrong" % d.serial)
        self.units[d.serial] = (d.priority, whole[:shape.total - DIGEST])


class Sender:
    def __init__(self, key, session):
        self.key, self.session, self.number = key, session, 0

    def datagram(self, kind, serial, body, priority=0, shape=None, block=0, symbol=0):
        self.number += 1
        data = HEAD.pack(1, priority << 4 | kind, self.session, self.number, serial,
                         shape.total if shape else 0, block, symbol, shape.m if shape else 0) + body
        return data + mac(self.key, data)

    def unit(self, serial, priority, content, s, m):
        """Block after block, which our sender never does when it can help it."""
        shape = Shape(len(content) + DIGEST, s, m)
        padded = (content + digest(content)).ljust(shape.symbols * s, b"\0")
        at, out = 0, []
        for block in range(shape.blocks):
            k = shape.k(block)
            data = {c: padded[(at + c) * s:(at + c + 1) * s] for c in range(k)}
            symbols = [data[c] for c in range(k)]
            symbols += [repaired(i, data).to_bytes(s, "big") for i in range(k, k + m)]
            out += [self.datagram(SYMBOL, serial, symbol, priority, shape, block, i)
                    for i, symbol in enumerate(symbols)]
            at += k
        return out


def captured(path):
    with open(path, "rb") as f:
        data = f.read()
    at = 0
    while at < len(data):
        n = int.from_bytes(data[at:at + 2], "big")
        yield data[at + 2:at + 2 + n]
        at += 2 + n


def read(key_file, capture, out, loss="0", seed="0"):
    receiver, chance, lost = Receiver(mac_key(key_file)), random.Random(int(seed)), 0
    for data in captured(capture):
        if chance.randrange(1000) < int(loss):
            lost += 1
        else:
            receiver.take(data)
    for serial, (priority, content) in receiver.units.items():
        with open("%s/%020d.%d.unit" % (out, serial, priority), "wb") as f:
            f.write(content)
    print("%d units, %d lost, %d heartbeats, %d probes, %d replayed, %d refused" % (
        len(receiver.units), lost, len(receiver.heartbeats), receiver.probes, receiver.replayed,
        receiver.refused))


def write(key_file, capture, seed, *files):
    chance, sender, out = random.Random(int(seed)), Sender(mac_key(key_file), 7), []
    for serial, path in enumerate(files, 1):
        with open(path, "rb") as f:
            content = f.read()
        s, m = chance.choice([(1, 1), (61, 3), (64, 200), (512, 9), (1400, 20)]) \
            if len(content) < 1000 else chance.choice([(777, 30), (1434, 12), (8000, 5)])
        datagrams = sender.unit(serial, chance.randrange(10), content, s, m)
        chance.shuffle(datagrams)
        # As many lost of each block as can be repaired.
        left, gone = [], {}
        for data in datagrams:
            block = HEAD.unpack_from(data)[6]
            gone[block] = gone.get(block, 0) + 1
            if gone[block] > m:
                left.append(data)
        left.append(sender.datagram(HEARTBEAT, serial, Heartbeat.LAYOUT.pack(
            1764279310000, serial, 1, 0, 1, 1000, 30, 1472) + bytes(100)))
        out += left
    with open(capture, "wb") as f:
        for data in out:
            f.write(len(data).to_bytes(2, "big") + data)
    print("%d datagrams of %d units" % (len(out), len(files)))


def example(page):
    with open(page, encoding="utf-8") as f:
        block = f.read().split("## Example", 1)[1].split("```text\n", 1)[1].split("```", 1)[0]
    fields, name = {}, None
    for line in block.splitlines():  # "name  hex", further hex below it
        words = line.split("  ", 1)
        if words[0]:
            name = words[0]
        fields[name] = fields.get(name, "") + words[-1].strip()
    value = {name: bytes.fromhex(text) for name, text in fields.items()}
    key, unit = derived(bytes(range(32))), value["unit"]
    assert value["mac key"] == key and value["digest"] == digest(unit)
    assert [d.hex() for d in Sender(key, 216442510).unit(42, 5, unit, 16, 2)] == \
        [fields["symbol %d" % i] for i in range(6)]
    ways = 0
    for pick in itertools.permutations(range(6), 4):
        receiver = Receiver(key)
        for i in pick:
            receiver.take(value["symbol %d" % i])
        receiver.take(value["heartbeat"])
        assert receiver.units == {42: (5, unit)} and receiver.refused == 0
        assert receiver.heartbeats[0].highest == 42 and receiver.heartbeats[0].size == 1472
        ways += 1
    print("%d ways to receive the example" % ways)


if __name__ == "__main__":
    {"read": read, "write": write, "example": example}[sys.argv[1]](*sys.argv[2:])
