/* fetch.h - files of an outlet over http, https or file://, bounded in size and time. */
#ifndef SL_OUTLET_FETCH_H
#define SL_OUTLET_FETCH_H

#include <stdint.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "trust/tuf_client.h"

struct fetch; /* one connection, used again and again */

/* Once per process, before the sandbox closes and before threads. */
int fetch_start(void) SL_MUST_USE;
/* `base`: http://…, https://… or file:///…; SL_E_USAGE for anything else. */
int fetch_open(const char *base, struct fetch **ret_f, struct sl_why *why) SL_MUST_USE;
void fetch_close(struct fetch *f);
/* BASE/path appended to out, never more than max bytes.  SL_E_NOTFOUND,
 * SL_E_UNREACHABLE, SL_E_TIMEOUT, SL_E_LIMIT, SL_E_IO. Redirects are not followed. */
int fetch_get(struct fetch *f, const char *path, size_t max, struct buf *out) SL_MUST_USE;
/* The same into a file: exactly `length` bytes with this digest, else SL_E_SIGNATURE. */
int fetch_blob(struct fetch *f, const char *path, uint64_t length, const char *sha256,
	       int out_fd) SL_MUST_USE;
/* metadata/NAME and targets/PATH of this outlet; valid while f lives. */
struct tuf_fetcher fetch_tuf(struct fetch *f);

#endif
