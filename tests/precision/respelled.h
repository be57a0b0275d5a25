/* respelled.h - a phrase in pinyin, initials, split and like-sounding characters. */
#ifndef SL_TESTS_RESPELLED_H
#define SL_TESTS_RESPELLED_H

#include "policy/pack.h"
#include "tests/precision/disguise.h"

struct respelling {
	const char *name;
	/* Variant 0, 1, … of the word in a sentence; false: there are no more. */
	bool (*make)(const char *word, unsigned variant, struct disguised *ret_d);
};

extern const struct respelling respelling_table[]; /* ends with a NULL name */

/* `split`: the list of characters and their parts, borrowed. */
int respelled_start(const struct pack_list *split) SL_MUST_USE;
void respelled_stop(void);

#endif
