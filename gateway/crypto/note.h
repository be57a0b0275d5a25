/* note.h - C2SP signed notes and cosignatures: text that a log signs and witnesses cosign.
 *
 * Hostile: whole notes.  A note is text ending in a newline, an empty line, and
 * signature lines "— NAME BASE64"; it is split at the LAST empty line.  Limits:
 * 64 KiB, 32 signature lines; a line of a key we do not look for is skipped, a
 * malformed line or a bad signature by a key we look for refuses the note. */
#ifndef SL_CRYPTO_NOTE_H
#define SL_CRYPTO_NOTE_H

#include "base/buf.h"
#include "crypto/key.h"

enum { NOTE_MAX = 64 << 10, NOTE_LINES_MAX = 32, NOTE_NAME_MAX = 128, NOTE_VKEY_MAX = 256 };
enum note_kind { NOTE_LOG = 1, NOTE_COSIGNATURE = 4 }; /* the type byte of the key */

struct note_key { /* what a vkey string says: NAME+HASH+BASE64(type || public key) */
	char name[NOTE_NAME_MAX];
	uint8_t id[4];
	enum note_kind kind;
	uint8_t public_key[KEY_PUBLIC];
};
/* Strict: split at the first two '+' only; recomputed hash must match. SL_E_FORMAT. */
int note_key_parse(const char *vkey, size_t len, struct note_key *ret_k) SL_MUST_USE;
/* Name without spaces, '+' or control characters, else SL_E_FORMAT. */
int note_key_make(const char *name, enum note_kind kind, const uint8_t public_key[KEY_PUBLIC],
		  struct note_key *ret_k) SL_MUST_USE;
void note_key_write(const struct note_key *k, struct buf *out);

/* Text of a note: everything up to and including the newline before the last empty
 * line. Borrowed. SL_E_FORMAT. */
int note_text(const void *note, size_t len, size_t *ret_text_len) SL_MUST_USE;
/* Is it signed by this key? SL_E_NOTFOUND: no line of it; SL_E_SIGNATURE. For a
 * cosignature *ret_time (may be NULL) is its unix time. */
int note_verify(const void *note, size_t len, const struct note_key *k,
		int64_t *ret_time) SL_MUST_USE;
/* text (ends with a newline, no empty line inside) becomes a note with one signature. */
int note_sign(const struct key *log, const char *name, const void *text, size_t len,
	      struct buf *out) SL_MUST_USE;
/* Append a cosignature line over the note's text made at this unix time. */
int note_cosign(const struct key *witness, const char *name, int64_t time,
		struct buf *note) SL_MUST_USE;
/* The line alone ("— NAME BASE64\n"), for a witness that answers to the log. */
int note_cosignature_line(const struct key *witness, const char *name, int64_t time,
			  const void *text, size_t len, struct buf *out) SL_MUST_USE;

#endif
