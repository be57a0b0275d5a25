"""terminal.py - as much of a terminal as is needed to know what stands on it."""
import re
import unicodedata

SEQUENCE = re.compile(
    rb"\x1b\[([<=>?]?)([0-9;:]*)[ -/]*([@-~])"  # CSI
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"      # OSC
    rb"|\x1b[()*+][0-9A-Za-z]|\x1b[=>78DMEHc]")


def width(char):
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class Terminal:
    def __init__(self, rows, cols):
        self.rows, self.cols = rows, cols
        self.row = self.col = 0
        self.top, self.bottom = 0, rows - 1
        self.cells = [self.blank() for _ in range(rows)]
        self.rest, self.last = b"", " "

    def blank(self):
        return [" "] * self.cols

    def lines(self):
        return ["".join(line).rstrip() for line in self.cells]

    def scroll(self, count, at):
        """Lines from `at` to the bottom of the region go up, or with count < 0 down."""
        for _ in range(min(abs(count), self.rows)):
            if count > 0:
                del self.cells[at]
                self.cells.insert(self.bottom, self.blank())
            else:
                del self.cells[self.bottom]
                self.cells.insert(at, self.blank())

    def put(self, char):
        cells = width(char)
        if cells == 0:
            return
        if self.col + cells > self.cols:
            self.col = 0
            self.down()
        line = self.cells[self.row]
        line[self.col] = self.last = char
        if cells == 2:
            line[self.col + 1] = ""
        self.col += cells

    def down(self):
        if self.row == self.bottom:
            self.scroll(1, self.top)
        else:
            self.row = min(self.row + 1, self.rows - 1)

    def feed(self, data):
        data, at = self.rest + data, 0
        self.rest = b""
        while at < len(data):
            byte = data[at]
            if byte == 0x1b:
                match = SEQUENCE.match(data, at)
                if match is None:
                    if len(data) - at < 64:
                        self.rest = data[at:]
                        return
                    at += 1
                    continue
                at = match.end()
                if match.group(3) is not None:
                    self.control(match.group(1), match.group(2), chr(match.group(3)[0]))
                elif match.group(0) == b"\x1bM":
                    if self.row == self.top:
                        self.scroll(-1, self.top)
                    else:
                        self.row = max(self.row - 1, 0)
                continue
            if byte < 0x20:
                self.plain(byte)
                at += 1
                continue
            length = 1 if byte < 0x80 else 2 if byte < 0xe0 else 3 if byte < 0xf0 else 4
            if at + length > len(data):
                self.rest = data[at:]
                return
            self.put(data[at:at + length].decode("utf-8", "replace")[0])
            at += length

    def plain(self, byte):
        if byte == 0x0a:
            self.down()
        elif byte == 0x0d:
            self.col = 0
        elif byte == 0x08:
            self.col = max(min(self.col, self.cols - 1) - 1, 0)
        elif byte == 0x09:
            self.col = min((self.col // 8 + 1) * 8, self.cols - 1)

    def control(self, kind, text, final):
        if kind:
            return
        given = [int(n) if n.isdigit() else 0 for n in text.decode().split(";")]
        n, line = max(given[0], 1), self.cells[self.row]
        if final in "Hf":
            self.row = min(n, self.rows) - 1
            self.col = min(max(given[1] if len(given) > 1 else 1, 1), self.cols) - 1
        elif final == "d":
            self.row = min(n, self.rows) - 1
        elif final in "G`":
            self.col = min(n, self.cols) - 1
        elif final == "A":
            self.row = max(self.row - n, 0)
        elif final == "B":
            self.row = min(self.row + n, self.rows - 1)
        elif final == "C":
            self.col = min(self.col + n, self.cols - 1)
        elif final == "D":
            self.col = max(min(self.col, self.cols - 1) - n, 0)
        elif final == "b":
            for _ in range(n):
                self.put(self.last)
        elif final == "X":
            self.fill(line, self.col, self.col + n)
        elif final == "P":
            del line[self.col:self.col + n]
            line.extend([" "] * (self.cols - len(line)))
        elif final == "@":
            line[self.col:self.col] = [" "] * n
            del line[self.cols:]
        elif final in "KJ":
            self.erase(given[0], final == "J")
        elif final in "LM":
            self.scroll(n if final == "M" else -n, self.row)
        elif final in "ST":
            self.scroll(n if final == "S" else -n, self.top)
        elif final == "r":
            self.top = n - 1
            self.bottom = min(given[1] if len(given) > 1 and given[1] else self.rows, self.rows) - 1
            self.row = self.col = 0

    def erase(self, how, screen):
        line = self.cells[self.row]
        self.fill(line, 0 if how > 0 else self.col, self.col + 1 if how == 1 else self.cols)
        if screen:
            first = 0 if how > 0 else self.row + 1
            last = self.row if how == 1 else self.rows
            for i in range(first, last):
                self.cells[i] = self.blank()

    def fill(self, line, start, end):
        for i in range(start, min(end, self.cols)):
            line[i] = " "
