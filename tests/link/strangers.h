/* strangers.h - datagrams that the gateway did not send, or not now. */
#ifndef SL_TEST_STRANGERS_H
#define SL_TEST_STRANGERS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "chance.h"
#include "crypto/mac.h"

enum stranger {
	STRANGER_RANDOM,   /* any bytes, 0 .. 65,507 of them */
	STRANGER_HEAD,	   /* a head that could be real before random bytes */
	STRANGER_CUT,	   /* the beginning of a real one */
	STRANGER_FOREIGN,  /* a real one under another key's MAC */
	STRANGER_FUTURE,   /* the same with a session that is still to come */
	STRANGER_REPLAYED, /* one of those that were handed out a while ago, unchanged */
	STRANGER_EARLIER,  /* out of the record of an earlier run */
	STRANGERS
};

struct strangers;

/* earlier: a file that strangers_record made; key: the link's own; NULL for none.  NULL on
 * failure. */
struct strangers *strangers_new(uint64_t seed, const char *earlier, const char *key);
void strangers_free(struct strangers *s);
/* A real one was handed out: it may be replayed later. */
void strangers_seen(struct strangers *s, const uint8_t *bytes, size_t len);
/* One of them, made from a real one; valid until the next call. */
enum stranger strangers_next(struct strangers *s, const uint8_t *real, size_t real_len,
			     const uint8_t **ret_bytes, size_t *ret_len);
/* What a gateway that was taken over could say: change one bit of what the head says about the
 * unit or of the symbol, and prove it with the link's key.  Session and number stay: with
 * these such a gateway only silences itself. */
void strangers_lie(struct strangers *s, uint8_t *bytes, size_t len);
/* Append one datagram to a record: u32 length, bytes. */
void strangers_record(FILE *record, const uint8_t *bytes, size_t len);

#endif
