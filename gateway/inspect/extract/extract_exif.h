/* extract_exif.h - what the readers of pictures share. */
#ifndef SL_INSPECT_EXTRACT_EXIF_H
#define SL_INSPECT_EXTRACT_EXIF_H

#include <stdint.h>

#include "inspect/extract/extract.h"

/* TIFF directories of the part that is read now: a whole file (TIFF 6.0), or the block that
 * pictures carry (Exif 2.32).  Tags become properties, a thumbnail is a picture of its own,
 * bytes that nothing refers to are unread. */
int extract_exif(struct extract *x, const uint8_t *s, size_t len, bool whole_file) SL_MUST_USE;
/* IPTC IIM 4.2 datasets; Photoshop image resources ("8BIM"), which hold them as a rule. */
void extract_iptc(struct extract *x, const uint8_t *s, size_t len);
int extract_resources(struct extract *x, const uint8_t *s, size_t len) SL_MUST_USE;
/* An XMP packet (ISO 16684-1); the pictures in it are said. */
int extract_xmp(struct extract *x, const char *xml, size_t len) SL_MUST_USE;
/* A colour profile: tables, and a few names. */
void extract_icc(struct extract *x, const uint8_t *s, size_t len);
/* A picture in the picture: it has to be seen as well.  Its bytes, or NULL when they are
 * no file. */
int extract_inner_picture(struct extract *x, const char *name, const uint8_t *s,
			  size_t len) SL_MUST_USE;

/* By format; each leaves the pixels "picture-not-read". */
int extract_jpeg(struct extract *x) SL_MUST_USE;
int extract_png(struct extract *x) SL_MUST_USE;
int extract_gif(struct extract *x) SL_MUST_USE;
int extract_webp(struct extract *x) SL_MUST_USE;
int extract_bmp(struct extract *x) SL_MUST_USE;
/* More than one picture in a file is said: whoever reads the pixels reads all or none. */
void extract_frames(struct extract *x, uint32_t frames);

#endif
