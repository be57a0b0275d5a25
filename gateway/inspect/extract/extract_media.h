/* extract_media.h - what the readers of sound and film share. */
#ifndef SL_INSPECT_EXTRACT_MEDIA_H
#define SL_INSPECT_EXTRACT_MEDIA_H

#include <stdint.h>

#include "inspect/extract/extract.h"

/* A named text; places become positions. */
void extract_media_say(struct extract *x, const char *name, const uint8_t *s, size_t len);
/* A cover or an attached file, as a document of its own. */
int extract_media_file(struct extract *x, const char *name, const uint8_t *s,
		       size_t len) SL_MUST_USE;
/* ID3v2.2 to 2.4 at the start; Vorbis comments (Ogg, FLAC); a FLAC picture. */
int extract_id3(struct extract *x, const uint8_t *s, size_t len) SL_MUST_USE;
int extract_vorbis(struct extract *x, const uint8_t *s, size_t len) SL_MUST_USE;

/* By container; each leaves what is heard and seen "media-not-read". */
int extract_mpeg(struct extract *x) SL_MUST_USE;
int extract_flac(struct extract *x) SL_MUST_USE;
int extract_ogg(struct extract *x) SL_MUST_USE;
int extract_mp4(struct extract *x) SL_MUST_USE; /* mp4, mov */
int extract_riff(struct extract *x) SL_MUST_USE;
int extract_matroska(struct extract *x) SL_MUST_USE;

#endif
