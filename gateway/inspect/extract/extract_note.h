/* extract_note.h - fields of binary files: those that are text, and those nobody can read. */
#ifndef SL_INSPECT_EXTRACT_NOTE_H
#define SL_INSPECT_EXTRACT_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "inspect/extract/extract.h"

/* Bytes that may be text (UTF-8, GB18030, UTF-16 with its mark; NUL divides like a blank) as
 * a property, see extract_property.  `name` may be any bytes.  false, and nothing said: no
 * text. */
bool extract_note(struct extract_part *p, const char *name, const uint8_t *bytes, size_t len);
/* The same for UTF-16 without mark, and for Latin-1, which any bytes are. */
bool extract_note_utf16(struct extract_part *p, const char *name, const uint8_t *bytes,
			size_t len, bool big);
void extract_note_latin1(struct extract_part *p, const char *name, const uint8_t *bytes,
			 size_t len);
/* A note if it is one; else its printable runs become METADATA lines, and when it is long
 * enough to carry a message it is a field that nobody reads. */
void extract_unread(struct extract_part *p, const char *name, const uint8_t *bytes, size_t len);
/* A field that nobody reads, of so many bytes or damaged: UF-001 names it, for a person to
 * decide on.  Where no cleaning would take it away the part is failed as well, for
 * "unknown-field" or `damage` (NULL: it is whole). */
void extract_field_unread(struct extract_part *p, const char *name, size_t len,
			  const char *damage);
/* Only the runs: for tables that are known to be numbers with a few names among them. */
void extract_runs(struct extract_part *p, const char *name, const uint8_t *bytes, size_t len);

/* "SGVsbG8=" to bytes; white space is passed over.  false: anything else in it, or too
 * long for `out`. */
bool extract_base64(const char *s, size_t len, struct buf *out);
/* RFC 2045 6.7; in a header (RFC 2047) "_" is a blank. */
void extract_quoted(const char *s, size_t len, bool header, struct buf *out);

#endif
