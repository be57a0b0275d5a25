/* extract_decode.h - bytes of a text to UTF-8, strictly.
 *
 * Nothing is replaced or skipped: every byte becomes part of a character and
 * would come back from it, or the text is refused. */
#ifndef SL_INSPECT_EXTRACT_DECODE_H
#define SL_INSPECT_EXTRACT_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum extract_charset {
	EXTRACT_DETECT, /* by byte order mark, else UTF-8 when valid, else GB18030 */
	EXTRACT_UTF8,
	EXTRACT_GB18030,
	EXTRACT_UTF16LE,
	EXTRACT_UTF16BE,
};

/* Open the converters once, before the sandbox. */
int extract_decode_init(void) SL_MUST_USE;

/* *ret_s, *ret_len: the text without byte order mark, borrowed from `bytes` or
 * from `own`, which the caller has initialised and releases.
 * SL_E_FORMAT: bytes that are no text in this encoding, or control characters;
 * SL_E_UNSUPPORTED: another encoding (HZ, UTF-7, Big5, …); SL_E_LIMIT. */
int extract_decode(const uint8_t *bytes, size_t len, enum extract_charset cs, struct buf *own,
		   const char **ret_s, size_t *ret_len) SL_MUST_USE;

#endif
