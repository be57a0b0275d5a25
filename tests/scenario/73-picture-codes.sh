#!/usr/bin/env bash
# Goal: pictures are drawn in cells; sixel and kitty codes are sent only when asked for, once a
# picture and not again with every turn of the clock, and a decoder reads them.
. "$(dirname "$0")/common.sh"
[ -x "$BIN/../libexec/sluice/sluice-draw" ] || skip "pictures are not drawn in this build"
start_all
python3 - "$T/picture.png" <<'PY'
import struct, sys, zlib
W, H = 64, 48
rows = b"".join(b"\0" + bytes(v for x in range(W) for v in (x * 4, y * 5, 128)) for y in range(H))
chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
open(sys.argv[1], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, 8, 2, 0, 0, 0)) +
                              chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PY
submit --type CT05 --title "图稿" "$T/picture.png" >"$T/r.json" || :
id=$(draft_of <"$T/r.json")
same "$(state_of "$id")" IN_REVIEW "state of a picture"
python3 "$SOURCE/tests/support/picture_codes.py" "$T/out.six" "$BIN/sluice-review" --config "$SLUICE_DEMO_LIAISON" >"$T/codes"
same "$(jq -c . "$T/codes")" '{"unasked":0,"sixel":1,"kitty":1,"kitty_whole":true,"after":0}' "what was sent"
if command -v sixel2png >/dev/null; then
  sixel2png -i "$T/out.six" -o "$T/out.png"
  python3 - "$T/out.png" <<'PY'
import struct, sys
w, h = struct.unpack(">II", open(sys.argv[1], "rb").read()[16:24])
assert (w, h) == (512, 384) or abs(w * 48 - h * 64) <= 64 * 20, (w, h)
PY
fi
