/* extract_mail.h - heads of mail parts (RFC 5322, 2045, 2047, 2231). */
#ifndef SL_INSPECT_EXTRACT_MAIL_H
#define SL_INSPECT_EXTRACT_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum { MAIL_WORD_MAX = 128, MAIL_BOUNDARY_MAX = 256, MAIL_NAME_MAX = 512 };

/* What the head of a part says of its body. */
struct mail_head {
	char type[MAIL_WORD_MAX]; /* lower case, "" none */
	char charset[MAIL_WORD_MAX];
	char encoding[MAIL_WORD_MAX];
	char boundary[MAIL_BOUNDARY_MAX];
	char name[MAIL_NAME_MAX]; /* of an attachment, decoded */
	bool twice;		  /* a field that decides is there two times */
};

/* One line of a head, unfolded: its name and value. */
struct mail_field {
	const char *name;
	size_t name_len;
	struct buf value; /* without line breaks, words not decoded */
};

/* The field at s[0..len): bytes it takes, 0 when the head ends there or it is none. */
size_t extract_mail_field(const char *s, size_t len, struct mail_field *ret_f);
bool extract_mail_is(const struct mail_field *f, const char *name);
/* What a field says of the body, into the head. */
void extract_mail_note(const struct mail_field *f, struct mail_head *h);
/* "=?gb2312?B?…?=" and raw bytes to UTF-8.  SL_E_UNSUPPORTED: another character set;
 * SL_E_FORMAT. */
int extract_mail_words(const char *s, size_t len, struct buf *out) SL_MUST_USE;
/* Bytes in this character set ("" and us-ascii: ASCII, UTF-8 or GB18030) to UTF-8. */
int extract_mail_charset(const char *charset, const void *bytes, size_t len,
			 struct buf *out) SL_MUST_USE;

#endif
