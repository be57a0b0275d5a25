/* see_known.h - pictures of characters that have been read as those characters.
 *
 * A picture is known by its digest (struct see_unit): the same pixels for the same
 * characters.  What is not known is looked up in vain, and so is everything once the set
 * is full: the line is then read. */
#ifndef SL_INSPECT_SEE_KNOWN_H
#define SL_INSPECT_SEE_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/hash.h"

enum {
	SEE_KNOWN_MOST = 1 << 16,
	SEE_TRIES = 3, /* of one picture, each on another page */
	SEE_SAME = 2,  /* lines that must have shown it for each way that it was read */
	SEE_WAYS = 2,
	SEE_AS_MOST = 2,
};

/* What a picture was read as within a line. */
struct see_as {
	uint32_t cp[SEE_AS_MOST];
	unsigned n; /* 0: nothing else than what it stands for */
};

struct see_known;

int see_known_new(struct see_known **ret_k) SL_MUST_USE;
void see_known_free(struct see_known *k);
bool see_known_has(const struct see_known *k, const uint8_t digest[HASH_LEN]);
/* Shall this picture be tried on this page?  Not when it is known, has been tried on this
 * page, or SEE_TRIES times in vain. */
bool see_known_try(struct see_known *k, const uint8_t digest[HASH_LEN], uint32_t page);
/* It was read as what it stands for. */
void see_known_add(struct see_known *k, const uint8_t digest[HASH_LEN]);
/* A line that was read shows it as this.  Once enough lines have, it is known when all of
 * them found nothing else than what it stands for, and otherwise settled as what they
 * found; one that is read in more than SEE_WAYS ways never is. */
void see_known_line(struct see_known *k, const uint8_t digest[HASH_LEN],
		    const struct see_as *as);
/* In how many ways is it settled? 0: it is not, or it is known. */
unsigned see_known_ways(const struct see_known *k, const uint8_t digest[HASH_LEN],
			struct see_as ret_as[SEE_WAYS]);

#endif
