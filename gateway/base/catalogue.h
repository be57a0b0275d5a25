/* catalogue.h - a compiled catalogue of messages (GNU .mo), read without any locale.
 *
 * gettext speaks the one language of its process, and only when the host has that locale.
 * The desk answers people of both languages, on hosts that may have neither.  The file is
 * ours, installed beside the program; a damaged one is refused as a whole. */
#ifndef SL_BASE_CATALOGUE_H
#define SL_BASE_CATALOGUE_H

#include <stddef.h>

#include "base/err.h"

struct catalogue; /* immutable once opened: any thread may look things up */

/* SL_E_NOTFOUND without such a file, SL_E_FORMAT when it is none of this machine's byte
 * order, or not sound.  Caller owns. */
int catalogue_open(const char *path, struct catalogue **ret_c) SL_MUST_USE;
/* The same of bytes, which are copied. */
int catalogue_read(const void *bytes, size_t len, struct catalogue **ret_c) SL_MUST_USE;
void catalogue_free(struct catalogue *c); /* NULL is fine */
/* The translation, or NULL; borrowed from c. */
const char *catalogue_find(const struct catalogue *c, const char *text);

#endif
