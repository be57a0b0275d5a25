#!/usr/bin/env bash
# Makes media/tiff: one small TIFF for each way that ImageMagick and libtiff lay out pixels, each
# with a comment in it.
set -euo pipefail
cd "$(dirname "$0")/../media/tiff"

make() {
  convert -size 40x24 gradient:red-blue -fill white -annotate +4+16 Sluice \
    -set comment "words of the author" "$@"
}
make -compress none -endian LSB rgb-none-le.tif
make -compress none -endian MSB -depth 16 rgb16-be.tif
make -compress LZW -define tiff:predictor=2 lzw-predictor.tif
make -compress Zip -define tiff:rows-per-strip=5 zip-strips.tif
make -compress JPEG -quality 85 jpeg.tif
make -compress RLE -colors 16 -type palette packbits-palette.tif
make -monochrome -compress Group4 group4.tif
make -monochrome -compress Fax fax.tif
make -compress none -define tiff:tile-geometry=16x16 tiles.tif
make -interlace plane -compress Zip planes.tif
make -alpha set -channel A -evaluate set 50% -compress Zip alpha.tif
make -colorspace CMYK -compress LZW cmyk.tif
make -colorspace gray -compress Zip gray.tif
convert -size 20x10 xc:red \( -size 30x10 xc:green \) \( -size 20x20 xc:blue \) \
  -compress Zip pages.tif
convert ../photo.jpg -resize 32x32 exif.tif
