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
