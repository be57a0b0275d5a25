#!/usr/bin/env bash
# Make the pictures, mails, rich texts and films of this folder: DIRECTORY.
# Wants ImageMagick (convert), exiftool, ffmpeg, soffice and python3.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
tag() { exiftool -q -q -overwrite_original "$@"; }

# A photograph with everything a camera and an agency leave in it, and a thumbnail of
# something else.
convert -size 64x48 gradient:blue-white -strip -quality 60 "$work/photo.jpg"
convert -size 32x24 xc:red -strip "$work/thumb.jpg"
tag -Artist='王摄影' -OwnerName='李相机' -SerialNumber=3499011987 -Make=Test -Model=T1 \
  -GPSLatitude=31.2304 -GPSLatitudeRef=N -GPSLongitude=121.4737 -GPSLongitudeRef=E \
  -UserComment='内部照片' -ImageDescription='手机15412345678' -XPComment='只给领导看' \
  -IPTC:CodedCharacterSet=UTF8 -IPTC:By-line='赵记者' -IPTC:Caption-Abstract='现场示意' \
  -XMP-dc:Creator='钱编辑' -XMP-dc:Title='路口' -Comment='还没批准' \
  "-ThumbnailImage<=$work/thumb.jpg" "$work/photo.jpg"
cp "$work/photo.jpg" "$out/photo.jpg"

convert -size 16x16 xc:white -strip "$work/text.png"
tag -PNG:Author='孙作者' -PNG:Comment='工资表15412345678' -XMP-dc:Creator='周美编' \
  -EXIF:Artist='吴绘图' "$work/text.png"
cp "$work/text.png" "$out/text.png"
convert -size 16x16 xc:white -strip -set comment '标注：内部使用' "$out/comment.gif"
convert -size 8x8 xc:red xc:blue -strip -loop 0 "$out/moving.gif"
convert -size 16x16 xc:white -strip "$work/tagged.tif"
tag -EXIF:Artist='郑扫描' -EXIF:DocumentName='底稿.docx' -XMP-dc:Creator='王扫描' "$work/tagged.tif"
cp "$work/tagged.tif" "$out/tagged.tif"
convert -size 16x16 xc:white -strip "$work/tagged.webp"
tag -EXIF:Artist='冯设计' -GPSLatitude=30 -GPSLatitudeRef=S -GPSLongitude=120.5 \
  -GPSLongitudeRef=W -XMP-dc:Creator='陈设计' "$work/tagged.webp"
cp "$work/tagged.webp" "$out/tagged.webp"
{ cat "$work/thumb.jpg"; printf 'PASSWORD=hunter2'; } >"$out/tail.jpg"

# Sound and film with their texts.
film() { ffmpeg -v error -y -bitexact -f lavfi -i testsrc=d=0.2:s=32x32:r=5 -metadata title='现场' -metadata comment='别公开' "$@"; }
sound() { ffmpeg -v error -y -bitexact -f lavfi -i sine=d=0.1 -metadata title='内部会议' -metadata artist='王录音' -metadata comment='手机15412345678' "$@"; }
film -metadata location=+31.2304+121.4737/ "$out/film.mp4"
film "$out/film.mkv"
film "$out/film.avi"
film -metadata artist='张导演' "$out/film.mov"
sound -write_id3v1 1 "$out/sound.mp3"
sound "$out/sound.ogg"
sound -ar 8000 "$out/sound.wav"
sound -ar 8000 "$work/sound.flac"
python3 - "$work/sound.flac" "$work/thumb.jpg" "$out/sound.flac" <<'PY'
import struct, sys
flac, picture = open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").read()
mime = b"image/jpeg"
block = struct.pack(">II", 3, len(mime)) + mime + struct.pack(">I", 0) + bytes(16) + struct.pack(">I", len(picture)) + picture
head = 4 + 4 + 34  # the first block is always the same
open(sys.argv[3], "wb").write(flac[:head] + bytes([6]) + len(block).to_bytes(3, "big") + block + flac[head:])
PY
