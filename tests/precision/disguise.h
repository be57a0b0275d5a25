/* disguise.h - ways to write a text so that it still reads the same. */
#ifndef SL_TESTS_DISGUISE_H
#define SL_TESTS_DISGUISE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { DISGUISE_BYTES = 16384, DISGUISE_PARTS = 600 };

struct disguised {
	char text[DISGUISE_BYTES];
	size_t len;
	size_t start[DISGUISE_PARTS]; /* where each run begins */
	unsigned parts;		      /* 0: this variant changes nothing */
};

struct disguise {
	const char *name;
	/* Variant 0, 1, … of the text; false: there are no more. */
	bool (*make)(const char *text, size_t len, unsigned variant, struct disguised *ret_d);
};

extern const struct disguise disguise_table[]; /* ends with a NULL name */

int disguise_start(void) SL_MUST_USE;
void disguise_stop(void);

#endif
