#!/usr/bin/env python3
"""Make ten thousand words and 20 MB of Chinese text for tests/bench/match.sh.

  make-words.py FOLDER CORPUS
      FOLDER/words.txt       one word a line, two to six characters; few of them occur
      FOLDER/text.txt        paragraphs of the project's lawful texts, shuffled and repeated
      FOLDER/bench-*.yaml    the words as a list and a rule that looks for them; a hundred
                             rules of one expression each
"""
import pathlib
import random
import sys

COUNT, BYTES, RULES = 10000, 20_000_000, 100
HEAD = "pack: %s\ntitle: benchmark\nrules:\n"
RULE = """  - id: %s-%03d
    severity: S4
    title: {en: Word, zh: 词}
    message: {en: A word., zh: 词。}
    basis: none
    fix: {action: return, en: None., zh: 无。}
    detect:
      - %s
"""


def main():
    folder, corpus = map(pathlib.Path, sys.argv[1:3])
    choice = random.Random(20231108)
    lines = []
    for path in sorted(corpus.glob("lawful/*.txt")):
        lines += [p for p in path.read_text(encoding="utf-8").split("\n\n") if p.strip()]
    characters = sorted({c for line in lines for c in line if "\u4e00" <= c <= "\u9fff"})
    rare = [chr(c) for c in range(0x5000, 0x6000)]
    words = set()
    while len(words) < COUNT:
        words.add("".join(choice.choice(rare if choice.random() < 0.5 else characters)
                          for _ in range(choice.randint(3, 6))))
    words = sorted(words)
    (folder / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    text, size = [], 0
    while size < BYTES:
        line = choice.choice(lines)
        text.append(line)
        size += len(line.encode()) + 2
    (folder / "text.txt").write_text("\n\n".join(text) + "\n", encoding="utf-8")
    (folder / "bench-words.yaml").write_text(
        "list: bench-words\nabout: words of the benchmark\nwords: [%s]\n" % ", ".join(words), encoding="utf-8")
    (folder / "bench-pack.yaml").write_text(
        HEAD % "BE" + RULE % ("BE", 1, 'words: ["@bench-words"]'), encoding="utf-8")
    (folder / "bench-rules.yaml").write_text(HEAD % "BR" + "".join(
        RULE % ("BR", i + 1, "regex: ['%s%s[^,\\n]{0,8}[0-9]{2,4}(号|室)']" % (choice.choice(characters), choice.choice(rare)))
        for i in range(RULES)), encoding="utf-8")


main()
